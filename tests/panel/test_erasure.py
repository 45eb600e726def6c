"""No object outlives its people: whatever comes in between, and wherever the process ends."""

from dataclasses import replace

import pytest

from chalicelib.aws import objects
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import Write, commit
from chalicelib.aws.vault import Vault
from chalicelib.contacts.wiring import desk as desk_at
from chalicelib.drafts.store import Drafts
from chalicelib.files.store import Files
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.errors import Conflict
from chalicelib.panel.service import finish
from chalicelib.rights.jobs import sweep_erasures
from chalicelib.rights.steps import erase_contact
from chalicelib.rights.wiring import registry
from tests.files.pictures import picture
from tests.moto_desk import MINA, Desk
from tests.panel.entrance import AT, PNG, ask, ready, uploaded, visitor

OWNER = Caller(Kind.OWNER, "", tenant="danbi", person="p")


def lying() -> dict[str, list[str]]:
    """Return the tags of whatever lies in the bucket, by its key."""
    made, bucket = objects._objects(), settings().files_bucket
    keys = [one["Key"] for one in made.list_objects_v2(Bucket=bucket).get("Contents", [])]
    tags = {key: made.get_object_tagging(Bucket=bucket, Key=key)["TagSet"] for key in keys}
    return {key: [one["Value"] for one in found] for key, found in tags.items()}


def test_a_file_that_becomes_ready_during_an_erasure_goes_too(desk: Desk) -> None:
    contact = desk.open()
    ready(desk, contact)
    real, coming = registry("danbi"), ["one more"]

    def let_go(gone: str) -> None:
        real.let_go(gone)
        if coming:
            coming.clear()
            ready(desk, contact)

    erase_contact(replace(real, let_go=let_go), contact, desk.now)
    assert lying() == {}
    assert Files("danbi").all(contact) == []


def test_files_are_gone_before_their_contact_is(desk: Desk) -> None:
    contact = desk.open()
    ready(desk, contact)
    seen = []

    def look(*writes: Write) -> None:
        seen.append(lying())
        commit(*writes)

    erase_contact(replace(registry("danbi"), commit=look), contact, desk.now)
    assert seen
    assert all(left == {} for left in seen)


def test_drafts_go_with_their_contact(desk: Desk) -> None:
    contact, drafts = desk.claimed(), Drafts("danbi", Vault("danbi"))
    assert desk.call(MINA, f"PUT {AT}/{contact}/drafts/reply", {"text": "곧 답변드릴게요"}).status < 300
    assert drafts.beside(contact)[0]
    erase_contact(registry("danbi"), contact, desk.now)
    assert drafts.beside(contact)[0] == []


def test_what_is_sent_in_for_an_erased_contact_is_not_made_ready(desk: Desk) -> None:
    contact = desk.open()
    file = Files("danbi").find(contact, uploaded(desk, contact))
    assert file is not None

    erase_contact(registry("danbi"), contact, desk.now)
    assert lying() == {}
    # The form is good for minutes, and whoever makes it ready read the row before.
    upload = objects.upload_key("danbi", contact, file.id)
    objects.put(upload, picture(), "image/png")
    with pytest.raises(Conflict, match="customer_erased"):
        finish(desk_at("danbi"), Files("danbi"), file)
    # What was made of it is gone at once; what was sent in ends with its day.
    assert list(lying()) == [upload]


def test_an_erasure_that_broke_off_is_taken_up_again(desk: Desk) -> None:
    contact = desk.open(customer={"id": "gone"})
    ready(desk, contact)
    erase = "POST /v1/tenants/danbi/customers/gone/erase"
    desk.fail("UpdateItem", "InternalServerError", status=500, times=99)
    assert desk.call(OWNER, erase, {"reason": "request"}).status == 503
    assert Files("danbi").all(contact)
    desk.close()
    assert sweep_erasures(desk.now) == 1
    assert lying() == {}
    assert Files("danbi").all(contact) == []


def test_an_erased_contact_takes_nothing_more(desk: Desk) -> None:
    contact = desk.open(customer={"id": "gone"})
    page, path = visitor(contact), f"POST {AT}/{contact}/files"
    assert ask(desk, page, path, PNG).status == 201
    assert desk.call(OWNER, "POST /v1/tenants/danbi/customers/gone/erase", {"reason": "request"}).status < 300
    assert ask(desk, page, path, PNG).refusal == (404, "not_found")
