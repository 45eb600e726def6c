import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.aws.keys import desk_key, prefix, sort_key, split, tenant_key, up_to

TENANTS = st.from_regex(r"[a-z0-9]{4,32}", fullmatch=True)
PARTS = st.lists(st.text("ab01:.-", min_size=1, max_size=5), min_size=1, max_size=4)


@given(TENANTS, TENANTS, PARTS, PARTS)
def test_keys_of_two_tenants_never_meet(one: str, other: str, mine: list[str], theirs: list[str]) -> None:
    key = tenant_key(one, *mine)
    assert split(key) == [one, *mine]
    assert (key == tenant_key(other, *theirs)) == ([one, *mine] == [other, *theirs])
    assert key.startswith(tenant_key(other) + "#") == (one == other)
    assert key != desk_key(*theirs)


@given(PARTS, PARTS)
def test_a_prefix_is_shared_by_what_begins_with_its_parts_alone(parts: list[str], more: list[str]) -> None:
    key = sort_key(*more)
    assert key.startswith(prefix(*parts)) == (more[: len(parts)] == parts and len(more) > len(parts))


def test_a_range_ends_after_all_of_its_last_part() -> None:
    assert sort_key("007", "mina") < up_to("007") < sort_key("008")


@pytest.mark.parametrize("tenant", ["", "abc", "Danbi", "danbi#", "~danbi", "danbi mall", "단비옷장", "a" * 33])
def test_no_tenant_no_key(tenant: str) -> None:
    with pytest.raises(ValueError, match="is no tenant id"):
        tenant_key(tenant, "contact")


@pytest.mark.parametrize("part", ["", "a#b", "#", "~", "a~", "a\nb", "a\x00"])
def test_no_part_runs_into_the_next(part: str) -> None:
    for build in (desk_key, sort_key, prefix, up_to, lambda one: tenant_key("danbi", one)):
        with pytest.raises(ValueError, match="cannot be a part"):
            build(part)
