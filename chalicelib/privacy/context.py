"""What the words around a number say it is."""

import re
from enum import StrEnum

_NEAR = 24
_AFTER = 14
_WORDS = re.compile(
    r"(?P<account>계좌|통장|예금|은행|뱅크|농협|수협|신협|새마을|카뱅|account|bank)"
    r"|(?P<money>입금|환불|송금|이체)"
    r"|(?P<person>주민|외국인|신분증|민증|등록번호)"
    r"|(?P<card>카드|card|비자|마스터)"
    r"|(?P<other>송장|택배|대한통운|한진|로젠|등기|주문(?!자)|접수|승인|예약|바코드|사업자|전화|연락처|휴대폰|핸드폰"
    r"|모델|시리얼|일련|팩스|상품|제품|품번|쿠폰|회원|거래|order|tracking|invoice|serial)",
    re.IGNORECASE,
)
# Banks whose names are everyday words too: only right beside the number.
_NAMES = (
    "국민|신한|우리|하나|기업|토스|제일|씨티|산업|우체국|대구|부산|경남|광주|전북|제주|케이|카카오"
    "|KB|NH|IBK|SC|MG|iM"
)
_NAME_BEFORE = re.compile(rf"(?:^|[^가-힣A-Za-z])(?:{_NAMES})\s?[:：,(\[)\]]?\s?$", re.IGNORECASE)
_NAME_AFTER = re.compile(rf"\s?[(\[,]?\s?(?:{_NAMES})(?![가-힣A-Za-z])", re.IGNORECASE)
_AFTERWARDS = re.compile(
    r"[^\d\n]{0,8}?(?:은행|뱅크|농협|수협|신협|새마을|예금주|계좌)"
    r"|\s?(?:으로|로|에)\s?(?:\S{1,4}\s)?(?:입금|환불|송금|이체)"
)
# How far from the number a word that only speaks of money may stand: `환불은 `, `입금해 주세요 `.
_MONEY_REACH = 7
_CODED = re.compile(r"[A-Za-z][-_/.]?$")
_CODE_GOES_ON = re.compile(r"[-_]?[A-Za-z]|[-_]\d")
_BANK_LETTERS = re.compile(r"(?:^|[^A-Za-z])(?:KB|NH|IBK|SC|MG|iM)$", re.IGNORECASE)
_UNIT = re.compile(r"\s?(?:원(?![가-힣])|만\s?원|개(?![가-힣])|won\b)")


class Hint(StrEnum):
    """What the nearest word before a number is about; `NOTHING` if none is near."""

    ACCOUNT = "account"
    MONEY = "money"
    PERSON = "person"
    CARD = "card"
    OTHER = "other"
    NOTHING = "nothing"


def hint(text: str, start: int) -> Hint:
    """Return what the nearest word before `start` says."""
    return _nearest(text[max(0, start - _NEAR) : start])[0]


def is_account(text: str, start: int, end: int) -> bool:
    """Return whether the words around a number of fitting shape make it a bank account."""
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _AFTER]
    if _NAME_BEFORE.search(before[-12:]) or _BANK_LETTERS.search(before):
        return True
    if is_glued(text, start, end):
        return False
    told, distance = _nearest(before)
    if told is Hint.ACCOUNT or (told is Hint.MONEY and distance <= _MONEY_REACH):
        return True
    return told is not Hint.OTHER and bool(_NAME_AFTER.match(after) or _AFTERWARDS.match(after))


def is_glued(text: str, start: int, end: int) -> bool:
    """Return whether a number is only part of a longer code: `DB-1116-0417`, `CO2026031400127`."""
    before = text[max(0, start - 2) : start]
    return bool(_CODED.search(before) or re.search(r"\d[-_]$", before) or _CODE_GOES_ON.match(text, end))


def is_owed(text: str, end: int) -> bool:
    """Return whether what ends at `end` is an amount of something."""
    return _UNIT.match(text, end) is not None


def _nearest(window: str) -> tuple[Hint, int]:
    words = list(_WORDS.finditer(window))
    if not words:
        return Hint.NOTHING, _NEAR
    return Hint(words[-1].lastgroup or ""), len(window) - words[-1].end()
