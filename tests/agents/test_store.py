"""Agents in the table."""

from dataclasses import replace
from datetime import datetime

import pytest

from chalicelib.agents import roster, timeline
from chalicelib.agents.model import LEASE, Agent, Break, BreakKind, Colleague, Day, Presence, Work
from chalicelib.agents.store import Agents, all_pools, forget_presence
from chalicelib.aws.tables import commit
from chalicelib.kernel.errors import Conflict, Mismatch
from tests.moto_desk import Desk
from tests.samples import NOON

TEAM = Agents()
REF = "danbi/c1"


def the(name: str = "mina") -> Agent:
    found = TEAM.find(name)
    assert found is not None
    return found


def present(desk: Desk, pool: str = "main") -> list[str]:
    return desk.index("work", f"~present#{pool}")


def take(weight: int = 2, *, ref: str = REF, at: int = NOON) -> None:
    commit(TEAM.take(the(), ref, weight, now=at, claiming=True))


def test_new_member_holds_nothing_and_is_absent(desk: Desk) -> None:
    commit(TEAM.add(Agent("sora", "소라", "main", 4)))
    assert the("sora") == Agent("sora", "소라", "main", 4)
    assert TEAM.find("nobody") is None
    assert present(desk) == []
    with pytest.raises(Conflict, match="agent_exists"):
        commit(TEAM.add(Agent("sora", "딴사람", "main", 4)))
    assert the("sora").name == "소라"


def test_pools_are_known_once_each(desk: Desk) -> None:
    commit(TEAM.add_pool("main"))
    assert all_pools() == ["main", "other"]


def test_claim_adds_to_the_load_and_renews_the_lease(desk: Desk) -> None:
    take()
    agent = the()
    assert (agent.load, agent.holding, agent.version) == (2, frozenset({REF}), 1)
    assert agent.alive_until == NOON + LEASE
    assert present(desk) == [f"{NOON + LEASE:015d}#mina"]


def test_load_fills_the_capacity_and_no_more(desk: Desk) -> None:
    take(4)
    before = the()
    for weight, ref in ((3, "danbi/c2"), (6, "danbi/c2")):
        with pytest.raises(Conflict, match="capacity_exceeded"):
            take(weight, ref=ref)
    assert the() == before
    take(2, ref="danbi/c2")
    assert the().free == 0


def test_capacity_that_changed_since_the_agent_was_read_refuses_the_claim(desk: Desk) -> None:
    stale = replace(the(), capacity=60)
    with pytest.raises(Conflict, match="capacity_exceeded"):
        commit(TEAM.take(stale, REF, 50, now=NOON, claiming=True))
    assert the().load == 0


def test_contact_is_held_once(desk: Desk) -> None:
    take()
    with pytest.raises(Conflict, match="capacity_exceeded"):
        take()
    assert the().load == 2


def test_stale_version_of_the_holding_is_a_mismatch(desk: Desk) -> None:
    take()
    for version in (0, 2):
        with pytest.raises(Mismatch, match="version_mismatch"):
            commit(TEAM.take(the(), "danbi/c2", 1, now=NOON, claiming=True, version=version))
    commit(TEAM.take(the(), "danbi/c2", 1, now=NOON, claiming=True, version=1))
    with pytest.raises(Conflict, match="capacity_exceeded"):
        commit(TEAM.take(the(), "danbi/c3", 6, now=NOON, claiming=True, version=2))


def test_colleague_takes_over_only_while_present_and_the_lease_is_not_renewed_for_it(desk: Desk) -> None:
    handed = {"ref": REF, "weight": 2, "claiming": False}
    with pytest.raises(Conflict, match="capacity_exceeded"):
        commit(TEAM.take(the(), now=NOON, **handed))  # type: ignore[arg-type]
    commit(TEAM.beat(the(), NOON))
    with pytest.raises(Conflict, match="capacity_exceeded"):
        commit(TEAM.take(the(), now=NOON + LEASE, **handed))  # type: ignore[arg-type]
    commit(TEAM.take(the(), now=NOON + LEASE - 1, **handed))  # type: ignore[arg-type]
    assert the().alive_until == NOON + LEASE


def test_given_back_contact_frees_its_weight_once(desk: Desk) -> None:
    take()
    take(1, ref="danbi/c2")
    commit(TEAM.give_back("mina", REF, 2))
    agent = the()
    assert (agent.load, agent.holding, agent.version) == (1, frozenset({"danbi/c2"}), 3)
    with pytest.raises(Conflict, match="lease_changed"):
        commit(TEAM.give_back("mina", REF, 2))
    assert the() == agent


def test_last_contact_given_back_leaves_nothing_held(desk: Desk) -> None:
    take()
    commit(TEAM.give_back("mina", REF, 2))
    assert (the().load, the().holding) == (0, frozenset())


def test_lapse_takes_back_only_once_the_lease_has_run_out(desk: Desk) -> None:
    take()
    with pytest.raises(Conflict, match="lease_changed"):
        commit(TEAM.give_back("mina", REF, 2, lapsed_at=NOON + LEASE - 1))
    commit(TEAM.give_back("mina", REF, 2, lapsed_at=NOON + LEASE))
    assert the().load == 0


def test_heartbeat_moves_the_lease_and_needs_a_member(desk: Desk) -> None:
    commit(TEAM.beat(the(), NOON))
    commit(TEAM.beat(the(), NOON + 1000))
    assert present(desk) == [f"{NOON + 1000 + LEASE:015d}#mina"]
    with pytest.raises(Conflict, match="agent_gone"):
        commit(TEAM.beat(Agent("gone", "", "main", 1), NOON))
    assert TEAM.find("gone") is None


def test_leaving_needs_empty_hands_and_takes_the_agent_off_the_index(desk: Desk) -> None:
    take()
    with pytest.raises(Conflict, match="agent_holds_contacts"):
        commit(TEAM.leave(the(), NOON))
    commit(TEAM.give_back("mina", REF, 2))
    with pytest.raises(Conflict, match="agent_holds_contacts"):
        commit(TEAM.leave(the(), NOON, lapsed=True))
    assert len(present(desk)) == 1
    commit(TEAM.leave(the(), NOON + LEASE, lapsed=True))
    assert (present(desk), the().alive_until) == ([], 0)


def test_presence_sums_the_present_of_one_pool_and_is_kept_for_a_moment(desk: Desk) -> None:
    commit(TEAM.beat(the("juno"), NOON - LEASE))
    commit(TEAM.beat(the("solbi"), NOON))
    take()
    assert TEAM.presence("main", NOON) == Presence(capacity=6, load=2)
    commit(TEAM.beat(the("juno"), NOON))
    assert TEAM.presence("main", NOON) == Presence(capacity=6, load=2)
    forget_presence()
    assert TEAM.presence("main", NOON) == Presence(capacity=12, load=2)
    assert TEAM.presence("empty", NOON) == Presence(0, 0)


def test_the_roster_has_who_is_present_in_one_pool_until_the_lease_is_over(desk: Desk) -> None:
    commit(TEAM.beat(the("juno"), NOON + 1), TEAM.beat(the("solbi"), NOON + 1))
    take()
    mina, juno = Colleague("mina", "", 2, 6), Colleague("juno", "", 0, 6)
    assert roster.present("main", NOON) == [mina, juno]
    assert roster.present("main", NOON + LEASE - 1) == [mina, juno]
    assert roster.present("main", NOON + LEASE) == [juno]
    assert roster.present("main", NOON + LEASE + 1) == []
    assert roster.present("other", NOON) == [Colleague("solbi", "", 0, 6)]
    commit(TEAM.pause(the("juno"), Break(BreakKind.REST, NOON, 6)))
    assert roster.present("main", NOON) == [replace(juno, capacity=0), mina]


def test_lapsed_are_those_whose_lease_has_run_out(desk: Desk) -> None:
    commit(TEAM.beat(the("mina"), NOON))
    commit(TEAM.beat(the("juno"), NOON + 1))
    assert TEAM.lapsed("main", NOON + LEASE - 1) == []
    assert TEAM.lapsed("main", NOON + LEASE) == ["mina"]
    assert TEAM.lapsed("main", NOON + LEASE + 1) == ["mina", "juno"]
    assert TEAM.lapsed("other", NOON + LEASE + 1) == []


def test_agent_is_read_as_he_or_she_is_now(desk: Desk) -> None:
    reads = desk.watch("GetItem")
    the()
    assert [read["ConsistentRead"] for read in reads] == [True]


def test_the_day_counts_what_was_given_back_finished_and_nothing_that_was_refused(desk: Desk) -> None:
    take()
    work = Work.of(2, NOON, NOON + 60_000)
    commit(TEAM.give_back("mina", REF, 2, work=work))
    with pytest.raises(Conflict, match="lease_changed"):
        commit(TEAM.give_back("mina", REF, 2, work=work))
    take(ref="danbi/c2")
    commit(TEAM.give_back("mina", "danbi/c2", 2))
    assert timeline.day("mina", "2026-11-21") == Day("2026-11-21", finished=1, handled=60_000)
    assert timeline.day("mina", "2026-11-20") == Day("2026-11-20")
    assert timeline.day("juno", "2026-11-21") == Day("2026-11-21")


@pytest.mark.parametrize(
    ("at", "date"),
    [("2026-11-20T15:00:00.000Z", "2026-11-21"), ("2026-11-21T14:59:59.999Z", "2026-11-21")],
)
def test_a_day_is_one_of_seoul(desk: Desk, at: str, date: str) -> None:
    millis = int(datetime.fromisoformat(at).timestamp() * 1000)
    commit(timeline.rated("mina", 5, millis))
    assert timeline.day("mina", date) == Day(date, ratings=1, satisfied=1)


def test_a_break_keeps_the_capacity_aside_and_needs_a_member_who_works(desk: Desk) -> None:
    wanted = Break(BreakKind.REST, NOON, 6)
    commit(TEAM.pause(the(), wanted))
    assert (the().capacity, the().paused) == (0, wanted)
    assert present(desk) == [f"{NOON + LEASE:015d}#mina"]
    with pytest.raises(Conflict, match="on_break"):
        commit(TEAM.pause(the(), wanted))
    with pytest.raises(Conflict, match="on_break"):
        take()
    with pytest.raises(Conflict, match="agent_gone"):
        commit(TEAM.pause(Agent("gone", "", "main", 6), wanted))
    commit(TEAM.resume(the(), wanted, NOON + 1_000))
    assert (the().capacity, the().paused) == (6, None)
    assert timeline.day("mina", "2026-11-21").breaks == {BreakKind.REST: 1_000}
    assert TEAM.find("gone") is None


def test_who_may_not_answer_for_a_shop_takes_nothing_of_it(desk: Desk) -> None:
    before = the()
    commit(TEAM.certify(before, frozenset({"mungmeal"})))
    # Who looked before that is refused by the row itself.
    with pytest.raises(Conflict, match="not_certified"):
        commit(TEAM.take(before, REF, 2, now=NOON, claiming=True))
    commit(TEAM.take(before, "mungmeal/c1", 2, now=NOON, claiming=True))
    assert (the().certified, the().holding) == (frozenset({"mungmeal"}), frozenset({"mungmeal/c1"}))
    commit(TEAM.certify(the(), None))
    take()
    assert the().certified is None
