"""What a shop agrees to when it lets the desk handle its customers' data (제26조): terms and sub-processors.

A version that was shown is never changed: what is new is another version, with the day from which it counts.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar


class _Version(Protocol):
    @property
    def since(self) -> str: ...


V = TypeVar("V", bound=_Version)


@dataclass(frozen=True, slots=True)
class Terms:
    """A version of the terms, in force since a day of Asia/Seoul; where they differ the Korean text counts."""

    version: str
    since: str
    text: str
    text_en: str

    @property
    def digest(self) -> str:
        """Return what tells these texts from any others."""
        return hashlib.sha256(f"{self.text}\n{self.text_en}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SubProcessor:
    """A company to which the desk hands data on: where it keeps them, and what it does with them."""

    name: str
    country: str
    what: str
    what_en: str


@dataclass(frozen=True, slots=True)
class SubProcessors:
    """A version of the list of sub-processors, in force since a day of Asia/Seoul."""

    version: str
    since: str
    listed: tuple[SubProcessor, ...]

    @property
    def digest(self) -> str:
        """Return what tells this list from any other."""
        return hashlib.sha256(repr(self.listed).encode()).hexdigest()


_TEXT = """\
두레데스크 개인정보 처리 위탁 약관

1. 위탁하는 일과 목적
가게(위탁자)는 고객 문의를 받아 답하는 일을 두레데스크(수탁자)에 맡깁니다. 두레데스크는 그 일에 필요한 만큼만,
곧 이름·연락처·주소·주문번호·계좌번호·문의 내용과 첨부만 다루고, 다른 목적에는 쓰지 않습니다. 다른 가게의
상담이나 광고, 분석 판매에 쓰지 않습니다.

2. 안전하게 지키는 일
가게마다 나뉜 열쇠로 암호화하고, 가게 사이를 접근 권한으로 나눕니다. 상담원에게는 연락처를 가려서 보이고, 가린
것을 열면 까닭과 함께 기록합니다. 누가 언제 무엇을 보았는지의 기록을 2년, 권한을 바꾼 기록을 3년 보관합니다.

3. 다시 맡기는 일
아래 목록에 적은 회사에만 다시 맡깁니다. 목록에 회사를 더하거나 바꿀 때에는 적용하는 날보다 먼저 알리고, 그날
전에는 맡기지 않습니다. 가게는 그 전에 이의를 말하거나 계약을 끝낼 수 있습니다.

4. 살피고 가르치는 일
두레데스크는 상담원에게 해마다 개인정보 보호 교육을 하고 그 결과를 남깁니다. 가게는 열람 기록과 처리 현황을
언제든 볼 수 있고, 해마다 한 번 점검을 요구할 수 있습니다.

5. 돌려주고 지우는 일
계약이 끝나면 가게가 내려받을 수 있게 한 다음, 법이 보관하라고 정한 것만 남기고 지웁니다. 고객이 지워 달라고
하면 가게의 요청에 따라 바로 지우고 증명서를 남깁니다.

6. 책임
두레데스크나 다시 맡은 회사가 이 약관이나 법을 어겨 손해가 생기면 두레데스크가 배상합니다. 유출을 알게 되면 지체
없이, 늦어도 24시간 안에 가게에 알립니다.
"""

_TEXT_EN = """\
Duredesk terms of entrustment

1. What is entrusted, and why
The shop entrusts Duredesk with receiving and answering its customers' inquiries. Duredesk handles only what that
needs: names, phone numbers, mail and postal addresses, order numbers, bank accounts, inquiries and their files. It
uses them for nothing else: not for other shops, not for advertising, not for sale.

2. How they are kept safe
They are encrypted with keys of each shop's own, and access is divided between shops. Agents see contact details
masked; each unmasking is recorded with its reason. Records of who looked at what are kept for two years, those of
changed permissions for three.

3. Who else handles them
Only the companies in the list below. A change to it is told before the day from which it counts, and nothing is
handed on before that day. Until then the shop may object, or end the contract.

4. Inspection and training
Duredesk trains its agents in data protection every year and keeps the results. The shop sees the access records at
any time, and may ask for an inspection once a year.

5. Return and destruction
When the contract ends the shop can download what is its own; then all is destroyed but what the law says must be
kept. A customer's data are erased at the shop's request, and a certificate is kept.

6. Liability
Duredesk is liable for damage that arises when it, or a company to which it handed data on, breaks these terms or
the law. It tells the shop of a breach without delay, within 24 hours of learning of it at the latest.
"""

TERMS = (Terms("2026-11", "2026-11-01", _TEXT, _TEXT_EN),)
SUBPROCESSORS = (
    SubProcessors(
        "2026-11",
        "2026-11-01",
        (
            SubProcessor(
                "Amazon Web Services", "KR", "서버와 저장소(서울 리전)", "Servers and storage, Seoul region"
            ),
            SubProcessor("Amazon Simple Email Service", "KR", "알림 메일 보내기", "Sending notification mails"),
            SubProcessor(
                "Stripe",
                "US",
                "가게의 결제(고객의 정보는 보내지 않음)",
                "The shop's own payments; nothing of customers is sent",
            ),
        ),
    ),
)


def in_force(versions: Sequence[V], day: str) -> V:
    """Return the version that counts on a day of Asia/Seoul, `2026-11-21`; before the first one that one."""
    begun = [one for one in versions if one.since <= day]
    return begun[-1] if begun else versions[0]
