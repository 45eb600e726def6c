"""Certificates that cannot be changed, and parts of exports that can be counted and checked."""

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.contacts.model import Action, Author, Story
from chalicelib.customers.model import Customer, Details
from chalicelib.kernel.clock import DAY, iso
from chalicelib.kernel.errors import BadInput
from chalicelib.rights.model import BACKUP_DAYS, WHOLE_TENANT, Counts, Kept
from chalicelib.rights.rules import canonical, certify, details_of, part, story_of, verify
from tests.rights.world import SECRET, wanted
from tests.samples import NOON, a_contact, an_event, said

ERASURE = replace(wanted(), handle="f" * 32, counts=Counts(2, 5, 1, 3))
HELD = Kept("contact c1", "legal hold", NOON + DAY)
CERTIFICATE = certify(ERASURE, [HELD], NOON, secret=SECRET)


def test_certificate_says_what_was_erased_and_what_is_kept_until_when_and_why() -> None:
    content = verify(CERTIFICATE, SECRET)
    assert content["erased"] == {"contacts": 2, "messages": 5, "customers": 1, "search_entries": 3}
    assert (content["id"], content["tenant"], content["whose"]) == ("e1", "danbi", "customer")
    assert (content["demanded_by"], content["demanded_at"], content["erased_at"]) == (
        "owner:dana",
        iso(NOON),
        iso(NOON),
    )
    assert content["customer"] == ERASURE.handle
    held, backups, ledger = content["kept"]
    assert held == {"what": "contact c1", "until": iso(NOON + DAY), "why": "legal hold"}
    assert backups["until"] == iso(NOON + BACKUP_DAYS)
    assert ledger["what"] == "usage_entries"


def test_certificate_of_a_tenant_names_no_customer() -> None:
    content = verify(certify(replace(ERASURE, handle=WHOLE_TENANT), [], NOON, secret=SECRET), SECRET)
    assert (content["whose"], content["customer"]) == ("tenant", "")
    assert "key is destroyed" in content["kept"][0]["why"]
    assert "evidence of the contract" in content["kept"][-1]["why"]


@given(st.integers(0, len(CERTIFICATE) - 1), st.sampled_from("0aZ{}\"'"))
def test_no_character_of_a_certificate_can_be_changed(place: int, put: str) -> None:
    changed = CERTIFICATE[:place] + put + CERTIFICATE[place + 1 :]
    if changed == CERTIFICATE:
        assert verify(changed, SECRET)
        return
    with pytest.raises(BadInput) as refused:
        verify(changed, SECRET)
    assert refused.value.code == "invalid_certificate"


@pytest.mark.parametrize("text", ["", "null", "[]", "7", "{}", '{"signature": 7}', '{"signature": "가"}', "{"])
def test_what_is_no_certificate_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="invalid_certificate"):
        verify(text, SECRET)


def test_certificate_of_another_secret_is_refused() -> None:
    with pytest.raises(BadInput, match="invalid_certificate"):
        verify(CERTIFICATE, "another secret")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=9,
)


@given(st.dictionaries(st.text(), json_values))
def test_canonical_json_does_not_depend_on_the_order_of_names(value: dict[str, object]) -> None:
    backwards = dict(reversed(value.items()))
    assert canonical(backwards) == canonical(value)
    assert json.loads(canonical(value)) == value


def test_part_carries_headings_and_a_digest_of_its_items() -> None:
    items = [{"id": "c1", "name": "단비"}]
    found = part("details", items)
    assert (found.title_ko, found.title_en) == ("고객 정보", "Customer details")
    assert found.sha256 == hashlib.sha256('[{"id":"c1","name":"단비"}]'.encode()).hexdigest()
    assert part("details", []).sha256 != found.sha256


def test_customer_is_exported_with_what_is_known_alone() -> None:
    customer = Customer("danbi", "c1", Details(name="단비", mail="a@b.kr"))
    assert details_of(customer) == {"id": "c1", "name": "단비", "mail": "a@b.kr"}


def test_story_is_exported_in_words_and_without_internal_notes() -> None:
    asked, answered = said("m1", by="단비"), said("m2", Author.AGENT, "mina", NOON + 1)
    noted = replace(said("m3", Author.NOTE, "mina"), text="진상 같음")
    story = Story(a_contact(), (asked, answered, noted), (an_event(Action.SPAM), an_event(Action.CLAIM)))
    found = story_of(story)
    assert [message["author"] for message in found["messages"]] == ["고객", "상담원"]
    assert [message.get("name") for message in found["messages"]] == ["단비", None]
    assert found["events"] == [{"at": iso(NOON), "what": "스팸으로 표시했습니다"}]
    assert "진상" not in canonical(found)
    assert "mina" not in canonical(found)


@pytest.mark.parametrize("action", [Action.PASS, Action.GIVE, Action.REASSIGN])
def test_export_says_where_a_contact_went(action: Action) -> None:
    [done] = story_of(Story(a_contact(), events=(an_event(action),)))["events"]
    assert done["what"]
