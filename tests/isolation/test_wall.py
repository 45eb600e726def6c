"""The second wall: what the deployed roles let through, with our own checks and without them."""

import json
import re

import pytest

from chalicelib.aws.credentials import Scope
from tests.wall import FUNCTIONS, Asked, allowed, template

TABLE = "arn:aws:any:ap-northeast-2:123456789012:Desk/Arn"
MINE = Scope(tenant="danbi", agent="mina")
ACTING = ["api_handler", "diagnose", "errands", "reconcile", "relay_changes", "send_usage", "sweep"]


def on(action: str, *keys: str, index: str = "") -> Asked:
    condition = {"dynamodb:LeadingKeys": list(keys)} if keys else {}
    return Asked(f"dynamodb:{action}", TABLE + (f"/index/{index}" if index else ""), condition)


READS, WRITES = ["GetItem", "BatchGetItem", "Query"], ["PutItem", "UpdateItem", "ConditionCheckItem"]


@pytest.mark.parametrize("action", READS + WRITES)
@pytest.mark.parametrize("function", ACTING)
def test_a_session_opens_its_own_rows_and_no_others(function: str, action: str) -> None:
    for key in ("danbi#contact#1", "danbi#tenant", "~agent#mina"):
        assert allowed(function, MINE, on(action, key)), key
    for key in ("danbia#tenant", "danb#tenant", "danbi", "mungmeal#contact#1", "~agent#juno", "~agent#mina2"):
        assert not allowed(function, MINE, on(action, key)), key
        assert not allowed(function, MINE, on(action, "danbi#tenant", key)), f"one of two: {key}"


@pytest.mark.parametrize("action", READS + WRITES)
def test_a_request_that_names_no_key_opens_nothing(action: str) -> None:
    assert not allowed("api_handler", MINE, on(action))


@pytest.mark.parametrize(
    "key", ["#tenant", "-#tenant", "danbi#tenant", "~agent#mina", "~agent#", "~agent#-", "~person#", "~queue#main"]
)
def test_a_session_without_tags_opens_no_row_that_can_exist(key: str) -> None:
    # '-' is no tenant's, agent's or person's id, so that what it opens is empty for ever.
    assert allowed("api_handler", Scope(), on("GetItem", key)) == (key in {"-#tenant", "~agent#-"})


@pytest.mark.parametrize(
    ("scope", "key"),
    [
        (Scope(tenant="danbi", agent="mina", colleague="juno"), "~agent#juno"),
        (Scope(tenant="danbi", person="p1"), "~person#p1"),
    ],
)
def test_a_colleague_and_a_person_are_opened_by_name(scope: Scope, key: str) -> None:
    assert allowed("api_handler", scope, on("UpdateItem", key))
    assert not allowed("api_handler", MINE, on("UpdateItem", key))


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("scope", [None, MINE])
def test_nobody_scans(function: str, scope: Scope | None) -> None:
    for keys in ([], ["danbi#tenant"]):
        for index in ("", "lists", "work"):
            assert not allowed(function, scope, on("Scan", *keys, index=index))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_functions_own_role_opens_no_tenants_rows(function: str) -> None:
    for action in WRITES:
        for key in ("danbi#contact#1", "danbi#tenant", "~agent#mina"):
            assert not allowed(function, None, on(action, key))
    assert not allowed(function, None, on("GetItem", "danbi#contact#1"))
    assert not allowed(function, None, on("Query", "danbi#contact#1"))
    assert not allowed(function, None, on("Query", "danbi#waiting", index="lists"))
    assert allowed(function, None, on("GetItem", "danbi#tenant")) == (function == "authorize")


def test_a_session_deletes_what_names_people_and_nothing_that_was_counted() -> None:
    for key in ("danbi#customer#1", "danbi#find#phone#1", "danbi#hold"):
        assert allowed("api_handler", MINE, on("DeleteItem", key)), key
        assert not allowed("api_handler", Scope(tenant="mungmeal"), on("DeleteItem", key)), key
    for key in ("danbi#contact#1", "danbi#access#agent:mina", "danbi#tenant", "danbi#window#human", "~agent#mina"):
        assert not allowed("api_handler", MINE, on("DeleteItem", key)), key


def test_the_queues_index_is_for_the_functions_own_roles() -> None:
    for key in ("~queue#main", "~present#main", "~outbox"):
        assert allowed("api_handler", None, on("Query", key, index="work"))
        assert allowed("sweep", None, on("Query", key, index="work"))
        assert not allowed("api_handler", MINE, on("Query", key, index="work"))
        assert not allowed("send_usage", None, on("Query", key, index="work"))


def test_the_authorizer_takes_no_session() -> None:
    for function in set(FUNCTIONS) - set(ACTING):
        assert not allowed(function, MINE, on("GetItem", "danbi#tenant"))


def test_a_third_agent_is_refused() -> None:
    with pytest.raises(ValueError, match="two agents"):
        MINE.beside("juno").beside("dana")


def test_no_role_is_wider_than_the_wall() -> None:
    """No statement of any role reaches the table without naming the keys, and none says `*`."""
    for name, found in template()["Resources"].items():
        if found.get("Type") != "AWS::IAM::Role":
            continue
        for policy in found["Properties"]["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                actions = statement["Action"]
                on_rows = [one for one in actions if re.fullmatch(r"dynamodb:.*(Item|Query|Scan).*", one)]
                assert not [one for one in actions if one.endswith("*")], name
                # A session's own objects have their tenant's name before the wildcard.
                own = json.dumps(statement["Resource"]).replace("/${aws:PrincipalTag/tenant, '-'}/*", "")
                assert "*" not in own, name
                if on_rows:
                    condition = statement["Condition"]
                    assert "dynamodb:LeadingKeys" in condition["ForAllValues:StringLike"], name
                    assert condition["Null"] == {"dynamodb:LeadingKeys": "false"}, name
