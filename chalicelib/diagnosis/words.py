"""What a shop is told of a file that is not taken, and the words by which files name columns and channels."""

from collections.abc import Mapping

from chalicelib.diagnosis.model import Texts
from chalicelib.intents.model import Intent
from chalicelib.tenants.model import Channel

REASONS: Texts = {
    "not_text": (
        "글자 파일이 아니에요. 엑셀이라면 '다른 이름으로 저장'에서 CSV(쉼표로 분리)를 골라 다시 올려 주세요.",
        "This is no text file. If it is a workbook, save it as CSV and send that.",
    ),
    "encoding": (
        "글자가 깨져 있어요. 'CSV UTF-8'로 저장해 다시 올려 주세요.",
        "This is neither UTF-8 nor the Korean Windows encoding. Save it as CSV UTF-8.",
    ),
    "too_large": ("20 MB보다 커요. 기간을 나누어 올려 주세요.", "The file is over 20 MB. Send a shorter time."),
    "too_many_rows": (
        "5만 줄보다 많아요. 기간을 나누어 올려 주세요.",
        "There are more than 50,000 rows. Send a shorter time.",
    ),
    "empty": ("제목 줄 아래에 내용이 없어요.", "There is nothing below the header."),
    "columns": (
        "날짜와 내용이 어느 열인지 알 수 없어요. 열을 골라 주세요.",
        "It is not clear which columns hold the date and the text. Choose them.",
    ),
    "no_header": (
        "첫 줄에 제목이 없어요. 첫 줄에 '날짜', '내용' 같은 제목을 넣어 주세요.",
        "The first row is no header. Begin the file with one, such as 'date' and 'text'.",
    ),
    "column_count": ("칸 수가 제목 줄과 달라요.", "The row has another number of cells than the header."),
    "date": (
        "날짜로 읽을 수 없어요. 2026-10-01 15:05처럼 적어 주세요.",
        "This is no date. Write it as 2026-10-01 15:05.",
    ),
    "date_future": ("앞으로 올 날짜예요.", "This date is still to come."),
    "date_old": ("3년보다 오래된 날짜예요.", "This date is more than three years ago."),
    "text_empty": ("내용이 비어 있어요.", "The text is empty."),
    "text_long": ("내용이 2만 자보다 길어요.", "The text is longer than 20,000 characters."),
    "formula": (
        "수식으로 시작해요. 값으로 붙여 넣어 다시 저장해 주세요.",
        "This begins like a formula. Paste values only, and save it again.",
    ),
    "unclosed_quote": (
        "이 줄에서 열린 따옴표가 닫히지 않았어요.",
        "A quotation mark that opens in this row is not closed where it should be.",
    ),
    "not_uploaded": ("파일이 아직 올라오지 않았어요.", "The file was not sent in."),
    "unreadable": (
        "파일을 끝까지 읽지 못했어요. 기간을 나누어 다시 올려 주세요.",
        "Reading did not come to an end. Send a shorter time.",
    ),
}

# The titles that files give their columns, the most telling first.
TITLES: Mapping[str, tuple[str, ...]] = {
    "at": (
        *(
            "문의일시",
            "접수일시",
            "작성일시",
            "등록일시",
            "상담일시",
            "문의일",
            "접수일",
            "작성일",
            "등록일",
            "상담일",
        ),
        *("일시", "날짜", "일자", "시간", "createdat", "datetime", "date", "time"),
    ),
    "text": (
        *("문의내용", "상담내용", "질문내용", "본문", "내용", "질문", "메시지", "문의"),
        *("message", "text", "content", "body"),
    ),
    "channel": ("문의채널", "상담채널", "접수채널", "접수경로", "채널", "channel"),
    "intent": ("문의유형", "상담유형", "문의분류", "유형", "분류", "카테고리", "intent", "category", "type"),
    "sales_channel": ("판매처", "판매채널", "쇼핑몰", "마켓", "구매처", "saleschannel", "mall", "market"),
}

CHANNELS: Mapping[str, Channel] = {
    **{channel.value: channel for channel in Channel},
    **dict.fromkeys(("채팅", "챗", "웹채팅", "실시간상담", "톡상담"), Channel.CHAT),
    **dict.fromkeys(("메일", "이메일", "mail"), Channel.EMAIL),
    **dict.fromkeys(("카카오", "카카오톡", "카톡", "알림톡", "kakaotalk"), Channel.KAKAO),
    **dict.fromkeys(("톡톡", "네이버톡톡"), Channel.TALKTALK),
    **dict.fromkeys(("전화", "유선", "콜", "call"), Channel.PHONE),
    **dict.fromkeys(("게시판", "문의게시판", "qna", "상품문의", "11문의"), Channel.BOARD),
    **dict.fromkeys(("문자", "문자메시지"), Channel.SMS),
    **dict.fromkeys(("방문", "매장", "매장방문"), Channel.VISIT),
}

SALES_CHANNELS: Mapping[str, str] = {
    **dict.fromkeys(("자사몰", "공식몰", "홈페이지", "카페24", "cafe24", "아임웹", "imweb", "고도몰"), "own"),
    **dict.fromkeys(("스마트스토어", "네이버", "네이버스마트스토어", "smartstore", "naver"), "smartstore"),
    **dict.fromkeys(("쿠팡", "로켓그로스", "coupang"), "coupang"),
    **dict.fromkeys(("11번가", "11st"), "11st"),
    **dict.fromkeys(("지마켓", "g마켓", "gmarket"), "gmarket"),
    **dict.fromkeys(("옥션", "auction"), "auction"),
    **dict.fromkeys(("카카오선물하기", "톡스토어", "카카오톡스토어", "카카오"), "kakao"),
    **dict.fromkeys(("무신사", "musinsa"), "musinsa"),
    **dict.fromkeys(("에이블리", "ably"), "ably"),
    **dict.fromkeys(("지그재그", "zigzag"), "zigzag"),
    **dict.fromkeys(("오늘의집", "ohou"), "ohou"),
    **dict.fromkeys(("마켓컬리", "컬리", "kurly"), "kurly"),
}
"""Sales channels by what files call them; a name that is not here is counted and not kept."""

INTENTS: Mapping[str, Intent] = {
    **{intent.value.replace("_", ""): intent for intent in Intent},
    **dict.fromkeys(("배송", "배송문의", "출고", "배송지연"), Intent.DELIVERY),
    **dict.fromkeys(("상품", "상품문의", "구매전", "재입고", "사이즈"), Intent.PRESALE),
    **dict.fromkeys(("반품", "환불", "반품/환불", "취소/환불"), Intent.RETURN),
    **dict.fromkeys(("결제", "입금", "주문/결제", "영수증"), Intent.PAYMENT),
    **dict.fromkeys(("불량", "하자", "파손"), Intent.DEFECT),
    **dict.fromkeys(("교환", "교환문의"), Intent.EXCHANGE),
    **dict.fromkeys(("불만", "컴플레인", "클레임"), Intent.COMPLAINT),
    **dict.fromkeys(("as", "a/s", "수리", "보증"), Intent.WARRANTY),
    **dict.fromkeys(("배송비", "배송료"), Intent.SHIPPING_FEE),
    **dict.fromkeys(("시스템", "오류", "로그인", "회원"), Intent.SYSTEM),
    **dict.fromkeys(("기타", "기타문의"), Intent.OTHER),
}
