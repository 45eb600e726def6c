"""Agents in the table."""

from dataclasses import replace

import pytest

from chalicelib.agents.model import LEASE, Agent, Presence
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
        commit(TEAM.leave(the()))
    commit(TEAM.give_back("mina", REF, 2))
    with pytest.raises(Conflict, match="agent_holds_contacts"):
        commit(TEAM.leave(the(), lapsed_at=NOON))
    assert len(present(desk)) == 1
    commit(TEAM.leave(the(), lapsed_at=NOON + LEASE))
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
