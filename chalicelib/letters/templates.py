"""What every mail from us says, in Korean and in English."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.letters.model import Name

Values = Mapping[str, str | int]

FOOT = {
    "ko": "두레데스크가 보낸 알림입니다. 이 주소로는 답장을 받지 않습니다.",
    "en": "A notice from Duredesk. Replies to this address are not read.",
}


@dataclass(frozen=True, slots=True)
class Text:
    """A mail's subject, its paragraphs and what its link is called."""

    subject: str
    paragraphs: tuple[str, ...]
    link: str


@dataclass(frozen=True, slots=True)
class Template:
    """A mail in both languages, the page of ours that it leads to, and what it may be filled with."""

    ko: Text
    en: Text
    path: str
    sample: Values


TEMPLATES: dict[Name, Template] = {
    Name.WELCOME: Template(
        Text(
            "두레데스크 상담을 시작했어요",
            (
                "지금부터 들어오는 문의를 두레데스크가 받습니다.",
                "첫 문의와 그 요금은 사용 내역에서 바로 보실 수 있어요.",
            ),
            "사용 내역 보기",
        ),
        Text(
            "Your shop is live on Duredesk",
            (
                "From now on Duredesk answers what comes in.",
                "You see the first contact, and what it costs, at once.",
            ),
            "Open your usage",
        ),
        "/shop",
        {},
    ),
    Name.ALERT: Template(
        Text(
            "이번 달 한도의 {percent}%를 썼어요",
            ("{month} 요금이 {spent_won:,}원이 되어 한도 {cap_won:,}원의 {percent}%를 지났습니다.",),
            "요금과 한도 보기",
        ),
        Text(
            "{percent}% of this month's cap is used",
            ("{month} has come to {spent_won:,} won: {percent}% of your cap of {cap_won:,} won.",),
            "Open bill and cap",
        ),
        "/shop",
        {"month": "2026-11", "percent": 80, "spent_won": 240_000, "cap_won": 300_000},
    ),
    Name.INVOICE: Template(
        Text(
            "{month} 청구서가 나왔어요",
            ("{month} 이용 요금은 부가세를 포함해 {total_won:,}원입니다.",),
            "청구서 보기",
        ),
        Text(
            "Your invoice for {month}", ("{month} comes to {total_won:,} won, VAT included.",), "Open the invoice"
        ),
        "/shop/invoices",
        {"month": "2026-11", "total_won": 264_000},
    ),
    Name.INCIDENT: Template(
        Text(
            "상담 지연을 안내드려요",
            ("{text}", "{until}까지 이어질 것으로 봅니다."),
            "지금 상황 보기",
        ),
        Text("Answers are delayed", ("{text_en}", "We expect this to last until {until}."), "See how it stands"),
        "/shop",
        {
            "text": "결제 장애로 상담이 늦어지고 있습니다.",
            "text_en": "A payment outage delays our answers.",
            "until": "2026-11-22 15:00 KST",
        },
    ),
    Name.SHOP_WAITS: Template(
        Text(
            "상점에서 답할 문의가 있어요",
            ("직접 답하기로 한 문의 {contacts:,}건이 상점을 기다립니다.",),
            "문의 보기",
        ),
        Text(
            "Contacts wait for your shop",
            ("Contacts that you answer yourself and that wait now: {contacts:,}.",),
            "Open the contacts",
        ),
        "/shop/contacts?status=shop",
        {"contacts": 3},
    ),
    Name.TRIAL_ENDS: Template(
        Text(
            "무료 체험이 {days}일 뒤에 끝나요",
            ("{until}부터는 {plan} 요금제로 요금이 매겨집니다.",),
            "요금제 보기",
        ),
        Text(
            "Your trial ends in {days} days",
            ("From {until} on you are on the {plan_en} plan.",),
            "Open the plans",
        ),
        "/shop/settings",
        {"days": 3, "until": "2027-01-01", "plan": "스타터", "plan_en": "Starter"},
    ),
    Name.HOOK_FAILING: Template(
        Text(
            "웹훅이 전달되지 않아요",
            ("여러 번 보냈지만 상점 서버가 받지 못한 알림이 있습니다. 마지막 응답: {status}",),
            "전달 기록 보기",
        ),
        Text(
            "A webhook is not getting through",
            ("We sent it again and again, and your server took none. Its last answer: {status}",),
            "Open the delivery log",
        ),
        "/shop/hooks",
        {"status": 503},
    ),
    Name.TERMS_CHANGED: Template(
        Text(
            "위탁 약관이 {since}부터 바뀝니다",
            ("새 약관은 {version}판입니다. 그 전에 읽고 동의해 주세요.",),
            "약관 읽기",
        ),
        Text(
            "The terms of entrustment change on {since}",
            ("The new terms are version {version}. Please read and accept them before that day.",),
            "Read the terms",
        ),
        "/shop/settings",
        {"since": "2027-01-01", "version": "2"},
    ),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """A mail of the directory's own, which knows no language: it is in both. Lines are parted by line feeds.

    `path` is the page of ours to which its button `link` leads, if it has one.
    """

    subject: str
    ko: str
    en: str
    link: str = ""
    path: str = ""


# What stands for the code or the temporary password, and for the user name, until the directory fills it in.
CODE, USER = "{####}", "{username}"

NOTICES: dict[str, Notice] = {
    "verification": Notice(
        "두레데스크 확인 코드 / Your Duredesk code",
        "두레데스크 확인 코드: {code}\n본인이 요청하지 않았다면 이 메일을 무시하세요.",
        "Your Duredesk code: {code}\nIf you did not ask for it, ignore this mail.",
    ),
    "invitation": Notice(
        "두레데스크에 초대합니다 / You are invited to Duredesk",
        "안녕하세요. 두레데스크에 초대되었습니다.\n아이디: {user}\n임시 비밀번호(7일 동안 유효): {code}\n"
        "처음 로그인하면 새 비밀번호를 정합니다.",
        "Hello. You are invited to Duredesk.\nUser name: {user}\nTemporary password, good for 7 days: {code}\n"
        "You choose a new password when you first sign in.",
        "로그인 / Sign in",
        "/sign-in",
    ),
}
