"""Wrong requests of what stands beside a conversation: its customer, its files and how it was rated."""

from dataclasses import replace

from chalicelib.aws.tables import commit
from chalicelib.files.model import MAX_BYTES, PER_CONTACT, File, Kind, Side
from chalicelib.files.store import Files
from tests.moto_desk import MINA, SHOP, Desk
from tests.samples import NOON
from tests.visitors.bad_input import ORIGIN
from tests.web.bad import USED, Bad, Good

_ONE = "/v1/tenants/{tenant}/contacts/{contact}"
_FILES = _ONE + "/files"
READY, WAITS = "1" * 32, "2" * 32
FILE_IN = {"name": "영수증.png", "size": 1_000, "type": "image/png"}
SEND_IN = {"files": [READY], "text": "이거예요"}

GOOD = {
    f"GET {_ONE}/customer": Good("claimed"),
    f"GET {_ONE}/past/{{other}}": Good("claimed", key="f" * 32),
    f"POST {_ONE}/rating": Good("resolved", {"score": 5}, {"Origin": ORIGIN}),
    f"GET {_ONE}/ratings": Good("claimed"),
    f"POST {_FILES}": Good("claimed", FILE_IN),
    f"GET {_FILES}": Good("claimed"),
    f"GET {_FILES}/{{file}}": Good("claimed", key=READY),
    f"POST {_FILES}/{{file}}/ready": Good("claimed", key=WAITS),
    f"POST {_FILES}/send": Good("waiting", SEND_IN),
}


def prepare(desk: Desk, ids: dict[str, str]) -> None:
    """Give two contacts a file that is ready and one that is not, and a third one all that it can have."""
    files, path = Files("danbi"), f"POST /v1/tenants/danbi/contacts/{ids['claimed']}/files"
    ids["full"] = desk.open()
    for contact in (ids["claimed"], ids["waiting"]):
        ready = File(contact, READY, "a.png", 1, Side.AGENT, NOON, "d", Kind.PNG, "files/danbi/x")
        side = Side.AGENT if contact == ids["claimed"] else Side.CUSTOMER
        commit(files.announce(replace(ready, side=side)))
        commit(files.announce(File(contact, WAITS, "b.png", 1, side, NOON, "d")))
    for number in range(PER_CONTACT):
        commit(files.announce(File(ids["full"], f"{number:032x}", "a.png", 1, Side.AGENT, NOON, "d")))
    assert desk.call(MINA, path, {**FILE_IN, "name": "처음.png"}, headers=USED).status == 201


_HELD = [
    Bad("a contact that nobody holds", 409, "not_yours", contact="waiting"),
    Bad("while a colleague holds the contact", 409, "not_yours", contact="theirs"),
]
_IDS = {"f" * 32: "", "A" * 32: "A × 32", "1" * 31: "", "1" * 32 + "%0a": "", "..": "", "%00": ""}


def _absent(what: str) -> list[Bad]:
    return [Bad(f"the {what} `{shown or key}`", 404, "not_found", key=key) for key, shown in _IDS.items()]


OWN: dict[str, list[Bad]] = {
    f"GET {_ONE}/customer": _HELD,
    f"GET {_ONE}/past/{{other}}": [*_absent("contact"), *(replace(bad, key="f" * 32) for bad in _HELD)],
    f"POST {_ONE}/rating": [
        Bad("no `score`", 400, "missing_field", body={"comment": "네"}),
        *(
            Bad(f"`score` {what}", 400, "invalid_field", body={"score": value})
            for what, value in {"of 0": 0, "of 6": 6, "a half": 4.5, "a text": "5", "null": None}.items()
        ),
        Bad("`comment` of 1,001 characters", 400, "text_too_long", body={"score": 5, "comment": "가" * 1_001}),
        Bad("`comment` with a control character", 400, "control_character", body={"score": 5, "comment": "a\x00"}),
        Bad("`comment` a number", 400, "invalid_field", body={"score": 5, "comment": 5}),
        Bad("a conversation that was not answered", 409, "not_resolved", contact="waiting"),
        Bad("a conversation that goes on", 409, "not_resolved", contact="claimed"),
        Bad("a conversation that is spam", 409, "not_resolved", contact="spam"),
    ],
    f"GET {_ONE}/ratings": _HELD,
    f"GET {_FILES}": _HELD,
    f"POST {_FILES}": [
        *(
            Bad(f"no `{name}`", 400, "missing_field", body={key: FILE_IN[key] for key in FILE_IN if key != name})
            for name in FILE_IN
        ),
        Bad("`name` blanks only", 400, "text_empty", body={**FILE_IN, "name": " "}),
        Bad("`name` of 101 characters", 400, "text_too_long", body={**FILE_IN, "name": "가" * 101}),
        Bad("`name` with a control character", 400, "control_character", body={**FILE_IN, "name": "a\x00"}),
        Bad("`size` of nothing", 400, "invalid_field", body={**FILE_IN, "size": 0}),
        Bad("`size` a text", 400, "invalid_field", body={**FILE_IN, "size": "1"}),
        Bad("`size` over 10 MB", 413, "file_too_large", body={**FILE_IN, "size": MAX_BYTES + 1}),
        *(
            Bad(f"`type` {kind}", 400, "file_refused", body={**FILE_IN, "type": kind})
            for kind in ("image/svg+xml", "text/html", "application/zip", "application/octet-stream")
        ),
        Bad("a 21st file", 409, "too_many_files", contact="full", who=SHOP, usual=False),
        Bad("an Idempotency-Key that came with another body", 409, "idempotency_mismatch", headers=USED),
        *_HELD,
    ],
    f"GET {_FILES}/{{file}}": [
        *_absent("file"),
        Bad("a file that is not ready", 404, "not_found", key=WAITS),
        *_HELD,
    ],
    f"POST {_FILES}/{{file}}/ready": [
        *_absent("file"),
        Bad("a file that was not sent in", 409, "not_uploaded"),
        *_HELD,
    ],
    f"POST {_FILES}/send": [
        Bad("no `files`", 400, "missing_field", body={"text": "네"}),
        Bad("`files` of none", 400, "invalid_field", body={"files": []}),
        Bad("`files` of six", 400, "invalid_field", body={"files": [f"{n:032x}" for n in range(6)]}),
        Bad("`files` a text", 400, "invalid_field", body={"files": READY}),
        Bad("`text` with a control character", 400, "control_character", body={**SEND_IN, "text": "a\x00"}),
        *(
            Bad(f"the file `{file}`", 409, "wrong_shop", body={"files": [file]})
            for file in ("f" * 32, "A" * 32, "..", "danbi#contact", "")
        ),
        Bad("the agent's file", 409, "wrong_shop", contact="claimed"),
        Bad("a file that is not ready", 409, "file_not_ready", body={"files": [WAITS]}),
        Bad("while the contact is spam", 409, "wrong_shop", contact="spam"),
        Bad("when the contact was merged", 409, "contact_merged", contact="merged"),
    ],
}
