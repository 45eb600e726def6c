"""Which drafts are still to be sent, and who is seen looking."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.contacts.model import Author
from chalicelib.drafts.model import Draft, Mode, Onlooker
from chalicelib.drafts.rules import names, unsent
from tests.samples import said

TIMES = st.integers(0, 5)
DRAFTS = st.lists(st.builds(Draft, st.just("mina"), st.sampled_from(Mode), st.just("네"), TIMES))
MESSAGES = st.lists(st.builds(lambda author, at: said(author=author, at=at), st.sampled_from(Author), TIMES))


@given(drafts=DRAFTS, messages=MESSAGES)
def test_a_reply_is_unsent_while_nobody_answered_since(drafts: list[Draft], messages: list) -> None:  # type: ignore[type-arg]
    kept = unsent(drafts, messages)
    for draft in drafts:
        answered_since = any(one.author is Author.AGENT and one.at >= draft.at for one in messages)
        lost = draft.mode is Mode.REPLY and answered_since
        assert (draft in kept) is not lost


@given(
    looks=st.lists(st.builds(Onlooker, st.sampled_from(["mina", "juno", "sora"]), st.just("이름"), TIMES)),
    now=TIMES,
)
def test_holders_see_others_while_their_look_lasts(looks: list[Onlooker], now: int) -> None:
    seen = names(looks, "mina", now)
    assert len(seen) == sum(look.agent != "mina" and now < look.until for look in looks)


def test_onlookers_are_in_order_of_their_names() -> None:
    assert names([Onlooker("b", "나", 9), Onlooker("a", "가", 9)], "mina", 0) == ["가", "나"]
