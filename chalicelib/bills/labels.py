"""What a shop reads beside the figures of its bill, in Korean and English."""

from calendar import month_name

from chalicelib.contacts.notices import Words
from chalicelib.metering.model import Meter, PeriodState, Reason
from chalicelib.pricing.model import Item, Line

FORECAST = "weekday-weekend-pace/1"
"""The name of how a month's end is estimated: weekdays and weekends each go on at their own pace."""

FORECAST_WORDS = Words(
    "지금까지의 평일·주말 속도가 이어질 때의 월말 예상입니다. 다섯 달 중 네 달은 이 범위에 듭니다.",
    "The month's end if weekdays and weekends go on as they did; four of five months end within the range.",
)

_USAGE = {
    Meter.HUMAN: Words("상담원이 답변한 문의", "Contacts answered by people"),
    Meter.BOT: Words("봇이 해결한 문의", "Contacts resolved by the bot"),
}
_ITEMS = {
    Item.BASE: Words("기본료", "Base fee"),
    Item.MINIMUM: Words("월 최소 요금까지의 차액", "Rest up to the monthly minimum"),
    Item.ADJUSTMENT: Words("{} 이용분 정산", "Adjustment of {}"),
    Item.DISPUTE: Words("{} 이의 신청 인정", "Upheld dispute of {}"),
    Item.SLA: Words("{} 응답 약속 미달 보상", "Service credit for {}"),
    Item.CARRIED: Words("{}에서 이월", "Carried over from {}"),
}
_CONTACTS, _MONTH, _ONCE = Words("건", "contacts"), Words("월", "month"), Words("회", "item")
_UNITS = {Item.USAGE: _CONTACTS, Item.ADJUSTMENT: _CONTACTS, Item.BASE: _MONTH, Item.MINIMUM: _MONTH}

REASONS = {
    Reason.HANDLED: Words("상담원이 답변했습니다", "Answered by a person"),
    Reason.HANDLED_BEFORE_MERGE: Words(
        "합쳐진 문의에서 이미 답변했습니다", "Answered before it was merged into this one"
    ),
    Reason.SPAM: Words("스팸이라 청구를 취소했습니다", "Taken off the bill: spam"),
    Reason.SPAM_UNDONE: Words("스팸이 아니어서 다시 청구합니다", "Back on the bill: it was no spam"),
    Reason.TEST: Words("시험 문의라 청구하지 않습니다", "Taken off the bill: a rehearsal"),
    Reason.MERGED: Words("다른 문의와 합쳐 청구를 취소했습니다", "Taken off the bill: merged into another one"),
}
_RULES = {
    "first-human-reply/1": Words(
        "문의 한 건은 상담원이 처음 답변할 때 한 번 청구합니다. 해결 뒤 72시간 안의 재문의는 무료입니다.",
        "A contact is billed once, on the first reply of a person; coming back within 72 hours is free.",
    ),
}
STATES = {
    PeriodState.OPEN: Words("이용 중인 달입니다", "The month is open"),
    PeriodState.CLOSING: Words("마감하며 대조하고 있습니다", "The month is being closed and reconciled"),
    PeriodState.RECONCILED: Words("대조를 마쳤습니다", "The month is reconciled"),
    PeriodState.INVOICED: Words("청구서를 발행했습니다", "The invoice is issued"),
    PeriodState.LOCKED: Words("확정되었습니다", "The month is final"),
}


def label(line: Line) -> Words:
    """Return what a line of a bill is called."""
    if line.item is Item.USAGE and line.meter is not None:
        return _USAGE[line.meter]
    words = _ITEMS[line.item]
    said = _month(line.origin) if line.origin else Words("", "")
    return Words(words.ko.format(said.ko), words.en.format(said.en))


def _month(month: str) -> Words:
    year, number = month.split("-")
    return Words(f"{year}년 {int(number)}월", f"{month_name[int(number)]} {year}")


def unit(line: Line) -> Words:
    """Return what a line's quantity counts."""
    return _UNITS.get(line.item, _ONCE)


def rule(version: str) -> Words:
    """Return what a billing rule says; its name alone for one that nobody has put into words."""
    return _RULES.get(version, Words(version, version))
