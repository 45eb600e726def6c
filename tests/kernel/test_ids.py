import re

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.ids import ID, derived_id, fingerprint, random_id

PARTS = st.lists(
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=8), min_size=1, max_size=4
)


@given(PARTS)
def test_the_same_parts_give_the_same_id(parts: list[str]) -> None:
    assert derived_id("secret", *parts) == derived_id("secret", *parts)
    assert ID.fullmatch(derived_id("secret", *parts))


@given(PARTS, PARTS)
def test_other_parts_give_another_id(one: list[str], other: list[str]) -> None:
    assert (derived_id("secret", *one) == derived_id("secret", *other)) == (one == other)


def test_parts_are_not_glued_together() -> None:
    assert derived_id("secret", "ab", "c") != derived_id("secret", "a", "bc")


def test_the_secret_decides() -> None:
    assert derived_id("secret", "a") != derived_id("other", "a")


def test_random_ids_differ_and_look_like_ids() -> None:
    found = {random_id() for _ in range(100)}
    assert len(found) == 100
    assert all(re.fullmatch(ID, one) for one in found)


def test_fingerprint_tells_bodies_apart() -> None:
    assert fingerprint("s", b"a") == fingerprint("s", b"a") != fingerprint("s", b"b")
    assert fingerprint("s", b"a") != fingerprint("t", b"a")
