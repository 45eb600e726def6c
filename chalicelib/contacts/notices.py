"""What customers are told of their wait, in Korean and English: no more than the counts can tell."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.clock import KST, MINUTE, SECOND, Millis
from chalicelib.routing.waits import Seconds, Wait
from chalicelib.tenants.model import Step

_HOUR: Seconds = 3600
# From here on, hours say it better than minutes.
_LONG: Seconds = 90 * 60
_DAYS = "월화수목금토일"


@dataclass(frozen=True, slots=True)
class Words:
    """The same in Korean and English."""

    ko: str
    en: str


KEPT = Words(
    "이 문의는 가게에서 직접 확인하고 영업시간에 답변해 드려요.",
    "The shop looks after this itself, and answers in its opening hours.",
)
"""What is said of a contact that the shop's own people answer."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What can be told of a contact that waits: it is the `position`th (0: it does not wait).

    `wait` is None while nobody is present. A shop that is closed opens next at `opens_at` (0: it is open). While
    it is `shut`, over its monthly cap, nothing of it is let in. `steps` of its ladder are in force.
    """

    position: int = 0
    wait: Wait | None = None
    opens_at: Millis = 0
    shut: bool = False
    steps: frozenset[Step] = frozenset()

    @property
    def told(self) -> Wait | None:
        """Return the wait as far as it may be promised: none while the shop is closed, or shut."""
        return None if self.opens_at or self.shut else self.wait

    @property
    def offers(self) -> list[str]:
        """Return the other ways of an answer that are offered, as `prefer` takes them."""
        return ["callback", "mail"] if Step.OFFER in self.steps else []


def promised(opened_at: Millis, outlook: Outlook | None) -> Millis:
    """Return when a contact is to be taken, as far as its customer is told; 0 if nothing was said."""
    return opened_at + outlook.told.expected * SECOND if outlook and outlook.told else 0


def words(outlook: Outlook) -> Words:
    """Return what is said of the wait: who answers, when the shop opens, that nobody is there, or how long."""
    if outlook.shut:
        return Words(
            "문의가 안전하게 접수되었어요. 가게에서 확인하고 있어요. 답변까지 시간이 걸릴 수 있어요.",
            "Your message is safely with the shop, which looks after it. An answer may take a while.",
        )
    if outlook.opens_at:
        return _closed(outlook.opens_at)
    if outlook.wait is None:
        return Words(
            "지금은 상담원이 자리에 없어요. 돌아오는 대로 접수한 순서로 답변해 드릴게요.",
            "Nobody is at the desk right now. You will be answered in order as soon as someone is back.",
        )
    return _open(outlook.wait)


def notice(outlook: Outlook) -> Words | None:
    """Return what is said besides while a step of the ladder is in force; None while none is."""
    if outlook.shut:
        return None
    if Step.AFTER_HOURS in outlook.steps and outlook.told is None:
        return Words(
            "남겨 주신 문의는 사라지지 않아요. 다시 보내지 않으셔도 차례가 그대로 지켜져요.",
            "What you wrote is not lost. You keep your place without sending it again.",
        )
    if Step.MESSAGE in outlook.steps:
        return Words(
            "지금 문의가 많아 평소보다 오래 걸리고 있어요. 다시 보내지 않으셔도 차례가 그대로 지켜져요.",
            "Many people are writing, and answers take longer than usual. You keep your place; write only once.",
        )
    return None


def stop_words(language: str) -> str:
    """Return what a customer is told when an agent ends an abusive conversation; no shop can change it."""
    if language == "ko":
        return (
            "상담원을 향한 폭언이나 위협, 성적인 말씀, 괴롭힘이 이어져 이 대화를 여기서 마칩니다. "
            "일하는 사람을 보호하기 위한 조치이며, 나눈 대화는 기록으로 남습니다. "
            "도움이 필요하신 일은 다시 남겨 주시면 다른 상담원이 살펴보겠습니다."
        )
    return (
        "We are ending this conversation because of abuse, threats, sexual language or harassment of our agent. "
        "This protects the people who work here, and the conversation stays on record. "
        "If you still need help, write to us again, and another agent will look into it."
    )


def _open(wait: Wait) -> Words:
    if wait.high < MINUTE // SECOND:
        return Words("곧 답변해 드릴게요.", "You will be answered in a moment.")
    unit, ko, en = (_HOUR, "시간", "hour") if wait.expected >= _LONG else (MINUTE // SECOND, "분", "minute")
    about, low, high = max(1, round(wait.expected / unit)), wait.low // unit, -(-wait.high // unit)
    plural = "" if about == 1 else "s"
    soonest = (f"빠르면 {low}{ko}, ", f"between {low} and {high}") if low else ("", f"{high} at most")
    return Words(
        f"약 {about}{ko} 뒤에 답변해 드릴 수 있어요 ({soonest[0]}늦으면 {high}{ko}).",
        f"We expect to answer in about {about} {en}{plural} ({soonest[1]}).",
    )


def _closed(opens_at: Millis) -> Words:
    at = datetime.fromtimestamp(opens_at / SECOND, KST)
    day, time = f"{at.month}월 {at.day}일({_DAYS[at.weekday()]})", at.strftime("%H:%M")
    return Words(
        f"지금은 상담 시간이 아니에요. {day} {time}에 문을 열면 접수한 순서로 답변해 드릴게요.",
        f"The shop is closed now. It opens on {at.strftime('%-d %B')} at {time} (Seoul), and answers in order.",
    )
