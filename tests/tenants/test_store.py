"""Tenants in the table."""

from dataclasses import replace

import pytest

from chalicelib.aws.tables import commit
from chalicelib.kernel.errors import Conflict, NotFound
from chalicelib.tenants.aims import Stage
from chalicelib.tenants.model import Retention
from chalicelib.tenants.service import apply
from chalicelib.tenants.store import Tenants, all_tenants, forget_profiles
from tests.moto_desk import DANBI, Desk


def test_profile_comes_back_whole(desk: Desk) -> None:
    assert Tenants("danbi").current() == Tenants("danbi").profile() == DANBI
    assert all_tenants() == ["danbi", "faraway", "mungmeal"]


def test_unknown_shop_has_no_profile(desk: Desk) -> None:
    assert Tenants("nosuchshop").current() is None
    with pytest.raises(NotFound):
        Tenants("nosuchshop").profile()


def test_profile_is_read_once_in_half_a_minute_and_again_once_forgotten(desk: Desk) -> None:
    reads = desk.watch("GetItem")
    for _ in range(3):
        Tenants("danbi").profile()
    assert len(reads) == 1
    forget_profiles()
    Tenants("danbi").profile()
    assert len(reads) == 2


def test_profile_of_a_shop_in_setup_is_read_anew_until_it_is_live(desk: Desk) -> None:
    begun = replace(DANBI, stage=Stage.SETUP)
    commit(Tenants("danbi").save(begun, DANBI))
    assert Tenants("danbi").profile() == begun
    elsewhere = Tenants("danbi").save(DANBI, begun)
    assert Tenants("danbi").profile() == begun
    commit(elsewhere)
    assert Tenants("danbi").profile() == DANBI


def test_saved_profile_is_seen_at_once_by_the_process_that_saved_it(desk: Desk) -> None:
    Tenants("danbi").profile()
    renamed = replace(DANBI, name_en="Danbi")
    assert apply(renamed, Tenants("danbi"), commit) == ["name_en"]
    assert Tenants("danbi").profile() == renamed


def test_save_over_another_state_than_the_one_seen_is_refused(desk: Desk) -> None:
    store, dearer = Tenants("danbi"), replace(DANBI, price_won=1000)
    commit(store.save(dearer, DANBI))
    for before in (DANBI, None):
        with pytest.raises(Conflict, match="tenant_changed"):
            commit(store.save(replace(DANBI, price_won=1), before))
    assert store.current() == dearer


def test_first_save_needs_an_empty_place(desk: Desk) -> None:
    new = replace(DANBI, id="newshop")
    with pytest.raises(Conflict, match="tenant_changed"):
        commit(Tenants("newshop").save(new, DANBI))
    commit(Tenants("newshop").save(new, None))
    assert Tenants("newshop").current() == new


def test_profile_stored_before_there_was_a_choice_of_retention_can_still_be_changed(desk: Desk) -> None:
    found = Tenants("danbi").current()
    assert found is not None
    row = desk.raw("danbi#tenant", "profile")
    assert row is not None
    assert "retention" not in row["profile"]["S"]
    chosen = replace(found, retention=Retention(spam=30))
    for before, after in ((found, chosen), (chosen, found)):
        commit(Tenants("danbi").save(after, before))
        assert Tenants("danbi").current() == after
