"""What must not be kept is masked; what a help desk lives on stays as it was written."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.privacy.rules import censor
from tests.hostile import TEXTS

INQUIRIES = Path(__file__).resolve().parents[1] / "data/inquiries.jsonl"
RESIDENT = "******-*******"

MASKED = [
    ("주민번호 900101-1234567 입니다", f"주민번호 {RESIDENT} 입니다"),
    ("주민번호는9001011234567이에요", f"주민번호는{RESIDENT}이에요"),
    ("본인확인 850315 - 2345678", f"본인확인 {RESIDENT}"),
    ("850315 2345678 이렇게 보내면 되나요", f"{RESIDENT} 이렇게 보내면 되나요"),
    ("아기 240229-3456789 등록해 주세요", f"아기 {RESIDENT} 등록해 주세요"),
    ("아기 240229.4456789", f"아기 {RESIDENT}"),
    ("외국인등록번호 920711-5123456", f"외국인등록번호 {RESIDENT}"),
    ("my alien card is 010203-7654321 ok?", f"my alien card is {RESIDENT} ok?"),
    ("할머니 991231-9012345", f"할머니 {RESIDENT}"),
    ("９００１０１－１２３４５６７", RESIDENT),
    ("900101–1234567", RESIDENT),
    ("90.01.01-1234567", RESIDENT),
    ("90 01 01 1234567", RESIDENT),
    ("900101\u200d-1234567", RESIDENT),
    ("9 0 0 1 0 1 - 1 2 3 4 5 6 7", RESIDENT),
    ("010-0000-1234 900101-1234567", f"010-0000-1234 {RESIDENT}"),
    ("주문자 주민번호 900101-1234567", f"주문자 주민번호 {RESIDENT}"),
    ("880101-1234567/신한 110-123-456789", f"{RESIDENT}/신한 ***-***-***789"),
    ("카드 4111-1111-1111-1111 로 결제", "카드 ****-****-****-1111 로 결제"),
    ("카드번호는4111111111111111입니다", "카드번호는************1111입니다"),
    ("5555 5555 5555 4444 12/29", "**** **** **** 4444 12/29"),
    ("５５５５５５５５５５５５４４４４", "************４４４４"),
    ("VISA4111-1111-1111-1111cvc", "VISA****-****-****-1111cvc"),
    ("No.4111 1111 1111 1111-12/27", "No.**** **** **** 1111-12/27"),
    ("amex 3782-822463-10005", "amex ****-******-*0005"),
    ("378282246310005", "***********0005"),
    ("diners 3056-930902-5904", "diners ****-******-5904"),
    ("JCB 3530.1113.3330.0000", "JCB ****.****.****.0000"),
    ("국내전용 9490-2200-0661-1406", "국내전용 ****-****-****-1406"),
    ("은련 6222 0212 3456 7894", "은련 **** **** **** 7894"),
    ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "* * * * * * * * * * * * 1 1 1 1"),
    ("주문 카드 4111 1111 1111 1111 취소", "주문 카드 **** **** **** 1111 취소"),
    ("환불 계좌는 국민 123456-04-123456 홍길동", "환불 계좌는 국민 ******-**-***456 홍길동"),
    ("신한 110-123-456789 홍길동", "신한 ***-***-***789 홍길동"),
    ("110-123-456789 신한 홍길동입니다", "***-***-***789 신한 홍길동입니다"),
    ("카카오뱅크 3333-01-1234567", "카카오뱅크 ****-**-****567"),
    ("농협 302-1234-5678-91 로 부탁", "농협 ***-****-***8-91 로 부탁"),
    ("토스뱅크 1000-1234-5678", "토스뱅크 ****-****-*678"),
    ("계좌번호는 110123456789 입니다", "계좌번호는 *********789 입니다"),
    ("통장 110 123 456789 예금주 홍길동", "통장 *** *** ***789 예금주 홍길동"),
    ("환불은 110-123-456789로 해 주세요", "환불은 ***-***-***789로 해 주세요"),
    ("1002-123-456789로 입금 부탁드려요", "****-***-***789로 입금 부탁드려요"),
    ("기업은행 010-123456-01-011", "기업은행 ***-******-**-011"),
    ("KB123456-04-123456", "KB******-**-***456"),
    ("우체국 계좌 012345-02-123456", "우체국 계좌 ******-**-***456"),
    ("2026-11-21에 보낸 계좌 1002.123.456789", "2026-11-21에 보낸 계좌 ****.***.***789"),
    ("연락처 010-0000-1234, 하나 123-910123-45607", "연락처 010-0000-1234, 하나 ***-******-**607"),
    ("refund to my bank account 110-123-456789", "refund to my bank account ***-***-***789"),
]

KEPT = [
    "010-0000-1234로 연락 주세요",
    "환불 관련해서 010-0000-1234로 전화 주세요",
    "계좌 문의는 02-000-1234로 하면 되나요",
    "입금했어요 01000001234",
    "환불 연락처 031-000-1234, 070-0000-1234",
    "안심번호 0504-0000-1234로 환불 문자 주세요",
    "고객센터 1588-0000 입금 확인",
    "환불 문의 +82 10-0000-1234",
    "010 0000 1234 55사이즈로 교환이요",
    "010-0000-1234 / 010-0000-5678 둘 중 하나",
    "주문번호 2026112112345678 환불해 주세요",
    "2026112112345678 이거 환불해 주세요",
    "환불이요 20261116-0001234",
    "주문번호 20261116-1234567 입금했어요",
    "주문번호 240115-2001234 입금 확인 부탁드려요",
    "주문번호가 DB-1116-0417 이라예 환불이요",
    "CO2026031400127 AS 기간 문의",
    "OY1116B2041 언제 와요",
    "DB-240115-2001234 교환",
    "송장번호 6123-4567-8901 환불은 언제 되나요",
    "운송장 6892401234567 조회가 안 돼요",
    "CJ대한통운 612345678901 반품 보냈어요. 환불 부탁드려요",
    "우체국택배 6012-3456-78901 로 보냈습니다",
    "등기번호 1101234567890",
    "2026-11-21 14:10에 입금했어요",
    "입금 2026.11.21 오후 3시",
    "50000원 입금 2026-11-21",
    "1,234,567원 환불이요",
    "계좌로 58,900원 입금 부탁",
    "계좌이체 1000000000원 견적서",
    "바코드 8801007123456 제품이요",
    "8801007123452 이 제품 유통기한",
    "사업자등록번호 123-45-67890 세금계산서, 통장사본 요청",
    "모델 4111111111111111 부품 있나요",
    "상품번호 5555555555554444",
    "4111-1111-1111-1112 는 카드번호가 아니에요",
    "901301-1234567",
    "900132-1234567",
    "230229-3456789",
    "승인번호 12345678 카드 취소",
    "생년월일 900101 입니다",
    "사이즈 230 235 240 245 250 다 있나요? 환불 말고 교환이요",
    "키 168 몸무게 55 허리 27 어깨 38",
    "카드 끝자리 1111 결제 취소",
    "영업시간 10:00-18:00 입금 마감 23:59",
    "배송 11-21~11-23 사이",
    "AA-1234-5678-90 환불 부탁드려요",
    "DB4111-1111-1111-1112 교환",
]


@pytest.mark.parametrize(("text", "expected"), MASKED, ids=lambda value: value[:20])
def test_masked(text: str, expected: str) -> None:
    assert censor(text, accounts=True) == expected


@pytest.mark.parametrize("text", KEPT)
def test_kept(text: str) -> None:
    assert censor(text, accounts=True) == text


def test_accounts_stay_where_the_shop_needs_them() -> None:
    text = "계좌 110-123-456789, 주민번호 900101-1234567, 카드 4111 1111 1111 1111"
    expected = f"계좌 110-123-456789, 주민번호 {RESIDENT}, 카드 **** **** **** 1111"
    assert censor(text, accounts=False) == expected


def test_inquiries_hold_nothing_to_mask() -> None:
    for line in INQUIRIES.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        reopen = row["reopen"] or {"text": "", "reply": ""}
        texts = [
            row["text"],
            *row["follow_ups"],
            *row["replies"],
            row["note"] or "",
            reopen["text"],
            reopen["reply"],
        ]
        assert [censor(text, accounts=True) for text in texts] == texts, row["id"]


@pytest.mark.parametrize("piece", TEXTS)
def test_time_grows_with_length_and_no_faster(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        begun = time.process_time()
        censor(text, accounts=True)
        return time.process_time() - begun

    short = min(seconds(2_500) for _ in range(3))
    long = min(seconds(20_000) for _ in range(2))
    # Eight times the text; the square would be 64 times, on a slow machine as on a fast one.
    assert long < 24 * short + 0.05


@given(st.text(alphabet="0159 -.계좌신한월a１\n", max_size=80))
def test_only_digits_are_ever_lost(text: str) -> None:
    found = censor(text, accounts=True)
    # All of a resident number goes, with what parts it; nothing else may.
    assert [char for char in found if char in "계좌신한월a\n"] == [
        char for char in text if char in "계좌신한월a\n"
    ]


@given(
    st.from_regex(
        r"[가-힣]{0,5} ?[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[ -][1-4][0-9]{6}[가-힣 ]{0,5}",
        fullmatch=True,
    )
)
def test_no_resident_number_comes_through(text: str) -> None:
    number = "".join(char for char in text if char.isdigit())
    assert number[6:] not in censor(text, accounts=True)
