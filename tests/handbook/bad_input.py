"""Wrong requests of handbooks, canned answers, and texts before they are sent."""

from typing import Any

from chalicelib.handbook import service
from chalicelib.handbook.model import Answer, Wording
from chalicelib.handbook.wiring import library
from tests.moto_desk import DANBI, MUNGMEAL, SHOP, Desk
from tests.samples import NOON
from tests.web.bad import USED, Bad, Good

_HANDBOOK = "/v1/tenants/{tenant}/handbook"
_ANSWERS = "/v1/tenants/{tenant}/answers"
_ONE = _ANSWERS + "/{answer}"
_CONTACT = "POST /v1/tenants/{tenant}/contacts/{contact}"
BOOK = {
    "colour": "#c2255c",
    "links": [{"label": "안내", "url": "https://danbi.example/guide"}],
    "steps": [{"id": "size", "text": "치수를 확인했나요?", "needed": False}],
    "forbidden": [{"word": "짝퉁", "instead": "정품이 아닌 상품", "severity": "refuse"}],
}
CANNED = {"title": "배송 안내", "intent": "delivery", "shortcut": "배송", "text": "{{customer.name}}, 내일 가요"}
OURS, RETIRED, THEIRS = "a" * 32, "c" * 32, "b" * 32

GOOD = {
    f"PUT {_HANDBOOK}": Good(body=BOOK),
    f"POST {_ANSWERS}": Good(body=CANNED),
    f"PUT {_ONE}": Good(body=CANNED, key=OURS),
    f"POST {_ONE}/retire": Good(key=OURS),
    f"{_CONTACT}/check": Good("claimed", {"text": "내일 가요"}),
    f"{_CONTACT}/fill": Good("claimed", {"answer": OURS}),
}


def prepare(desk: Desk) -> None:
    """Add canned answers of two shops, and use up an Idempotency-Key."""
    ours = Wording("환불", "refund", "환불", "돌려 드려요")
    service.add(library(DANBI), Answer(OURS, ours, NOON, "owner:x"))
    gone = Wording("품절", "stock", "품절", "다 나갔어요")
    service.add(library(DANBI), Answer(RETIRED, gone, NOON, "owner:x", retired=True))
    service.add(library(MUNGMEAL), Answer(THEIRS, ours, NOON, "owner:x"))
    assert desk.call(SHOP, "PUT /v1/tenants/danbi/handbook", BOOK).status == 200
    first = {**CANNED, "shortcut": "처음"}
    assert desk.call(SHOP, "POST /v1/tenants/danbi/answers", first, headers=USED).status == 201


def _book(what: str, code: str = "invalid_field", **body: Any) -> Bad:
    return Bad(what, 400, code, body={**BOOK, **body})


def _canned(what: str, code: str = "invalid_field", **body: Any) -> Bad:
    return Bad(what, 400, code, body={**CANNED, **body})


def _link(url: str) -> list[dict[str, str]]:
    return [{"label": "안내", "url": url}]


def _step(name: str) -> dict[str, str]:
    return {"id": name, "text": "네"}


_MISSING = [
    Bad(f"no `{name}`", 400, "missing_field", body={other: CANNED[other] for other in CANNED if other != name})
    for name in CANNED
]
_WORDINGS = [
    *_MISSING,
    _canned("`title` blanks only", "text_empty", title="  "),
    _canned("`title` of 201 characters", title="가" * 201),
    _canned("`intent` beyond plain letters", intent="배송"),
    _canned("`shortcut` with a blank", shortcut="배송 안내"),
    _canned("`shortcut` with a slash", shortcut="/배송"),
    _canned("`shortcut` with a line feed", shortcut="배송\n"),
    _canned("`text` blanks only", "text_empty", text="  "),
    _canned("`text` of 2,001 characters", text="가" * 2_001),
    _canned("`text` with a control character", "control_character", text="a\x00"),
    _canned("an unknown slot", "invalid_slot", text="{{customer.phone}}"),
    _canned("a slot without a label", "invalid_slot", text="{{?}}"),
    _canned("a slot of an unknown kind", "invalid_slot", text="{{?번호:mail}}"),
    _canned("a choice of nothing", "invalid_slot", text="{{환불|}}"),
    _canned("a slot that is not closed", "invalid_slot", text="{{customer.name"),
    _canned("`language` in capitals", language="KO"),
]

_ABSENT = [
    Bad(f"the answer id `{shown}`", 404, "not_found", key=key)
    for key, shown in {
        "f" * 32: "f × 32",
        THEIRS: "of another shop",
        "A" * 32: "A × 32",
        "a" * 31: "a × 31",
        "a" * 32 + "%0a": "a × 32 and a line feed",
        "..": "..",
        "handbook": "handbook",
        "marks": "marks",
    }.items()
]
_NOT_HELD = [
    Bad("while a colleague holds the contact", 409, "not_yours", contact="theirs"),
    Bad("while nobody holds the contact", 409, "not_yours", contact="waiting"),
]

SAID = [
    Bad("an `answer` that is no id", 400, "invalid_field", body={"text": "네", "answer": "a#b"}),
    Bad("a slot that is open", 400, "open_slot", body={"text": "{{customer.name}}, 내일 가요"}),
    Bad("another shop's name", 409, "wrong_shop", body={"text": "멍밀이에요", "sure": True}),
    Bad("another shop's canned answer", 409, "wrong_shop", body={"text": "네", "answer": THEIRS}),
    Bad("a canned answer that there is not", 409, "wrong_shop", body={"text": "네", "answer": "f" * 32}),
    Bad("a word that the shop forbids", 409, "forbidden_word", body={"text": "짝퉁이에요", "sure": True}),
]
"""What is wrong with an answer to a customer, wherever it is sent from."""

OWN: dict[str, list[Bad]] = {
    f"GET {_HANDBOOK}": [Bad("a body with a field", 400, "unknown_field", body={"a": 1})],
    f"PUT {_HANDBOOK}": [
        _book("`colour` by name", colour="red"),
        _book("`colour` in capitals", colour="#C2255C"),
        _book("`colour` with a line feed", colour="#c2255c\n"),
        _book("`address_as` of neither kind", address_as="nick"),
        _book("six `dos`", dos=["네"] * 6),
        _book("six `donts`", donts=["네"] * 6),
        _book("a `dos` of blanks only", "text_empty", dos=[" "]),
        _book("a link over http", links=_link("http://danbi.example")),
        _book("a link that runs a script", links=_link("javascript:alert(1)")),
        _book("a link with a blank", links=_link("https://danbi.example/a b")),
        _book("a link without a label", "missing_field", links=[{"url": "https://danbi.example"}]),
        _book("a link with a sign that turns the text", "control_character", links=_link("https://a\u202eb")),
        _book(
            "an `instead` with a control character",
            "control_character",
            forbidden=[{"word": "a", "instead": "\x07"}],
        ),
        _book("21 links", links=_link("https://danbi.example") * 21),
        _book("a step twice", "repeated_step", steps=[_step("a"), _step("a")]),
        _book("a step's id beyond plain letters", steps=[_step("치수")]),
        _book("11 steps", steps=[_step(str(number)) for number in range(11)]),
        _book("a forbidden word twice", "repeated_word", forbidden=[{"word": "a"}, {"word": "A"}]),
        _book("a forbidden word of 51 characters", forbidden=[{"word": "가" * 51}]),
        _book("`severity` of neither kind", forbidden=[{"word": "a", "severity": "fatal"}]),
        _book("`refund_limit_won` below 0", refund_limit_won=-1),
        _book("`refund_limit_won` a fraction", refund_limit_won=0.5),
        Bad("another version than the stored one", 412, "version_mismatch", headers={"If-Match": '"7"'}),
    ],
    f"GET {_ANSWERS}": [Bad("a body with a field", 400, "unknown_field", body={"a": 1})],
    f"POST {_ANSWERS}": [
        *_WORDINGS,
        Bad("a shortcut that another answer has", 409, "shortcut_taken", body={**CANNED, "shortcut": "처음"}),
        Bad("an Idempotency-Key that came with another body", 409, "idempotency_mismatch", headers=USED),
    ],
    f"PUT {_ONE}": [
        *_WORDINGS,
        *_ABSENT,
        Bad("a shortcut that another answer has", 409, "shortcut_taken", body={**CANNED, "shortcut": "처음"}),
        Bad("another version than the stored one", 412, "version_mismatch", headers={"If-Match": '"7"'}),
    ],
    f"POST {_ONE}/retire": [
        *_ABSENT,
        Bad("another version than the stored one", 412, "version_mismatch", headers={"If-Match": '"7"'}),
    ],
    f"{_CONTACT}/fill": [
        Bad("no `answer`", 400, "missing_field", body={}),
        Bad("an `answer` that is no id", 400, "invalid_field", body={"answer": "배송"}),
        Bad("a canned answer that there is not", 404, "not_found", body={"answer": "f" * 32}),
        Bad("another shop's canned answer", 404, "not_found", body={"answer": THEIRS}),
        Bad("a retired canned answer", 404, "not_found", body={"answer": RETIRED}),
        *_NOT_HELD,
    ],
    f"{_CONTACT}/check": [
        Bad("no `text`", 400, "missing_field", body={"answer": THEIRS}),
        Bad("`text` blanks only", 400, "text_empty", body={"text": " "}),
        Bad("`answer` a number", 400, "invalid_field", body={"text": "네", "answer": 1}),
        Bad("an `answer` that is no id", 400, "invalid_field", body={"text": "네", "answer": "a#b"}),
        Bad("21 `steps`", 400, "invalid_field", body={"text": "네", "steps": ["a"] * 21}),
        *_NOT_HELD,
    ],
}
