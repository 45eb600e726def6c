"""The agent's side of the queue over HTTP."""

from tests.moto_desk import JUNO, MINA, STRANGER, Desk

NEXT = "POST /v1/queue/next"


def test_pull_gives_the_story_and_makes_the_agent_present(desk: Desk) -> None:
    contact = desk.open(channel="email")
    answer = desk.call(MINA, NEXT)
    assert answer.status == 200
    assert (answer.body["contact"]["id"], answer.body["contact"]["agent"]) == (contact, "mina")
    assert answer.body["messages"][0]["text"] == "언제 와요?"
    assert answer.body["shop"]["id"] == "danbi"
    me = desk.call(MINA, "GET /v1/agents/me").body
    assert (me["load"], me["holding"], me["capacity"]) == (1, [f"danbi/{contact}"], 6)
    assert me["present_until"] > answer.body["contact"]["changed_at"]


def test_empty_queue_is_204_without_a_body(desk: Desk) -> None:
    answer = desk.call(MINA, NEXT)
    assert (answer.status, answer.body) == (204, None)
    assert answer.headers["X-Request-Id"] == "req-1"


def test_full_hands_get_nothing_until_one_is_free(desk: Desk) -> None:
    held = [desk.claimed() for _ in range(3)]
    waiting = desk.open()
    assert desk.call(MINA, NEXT).status == 204
    desk.act(MINA, held[0], "resolve")
    assert desk.call(MINA, NEXT).body["contact"]["id"] == waiting


def test_what_fits_is_taken_before_what_does_not(desk: Desk) -> None:
    for _ in range(2):
        desk.claimed()
    desk.claimed(channel="email")
    desk.open(text="두 자리가 필요해요")
    light = desk.open(channel="email")
    assert desk.call(MINA, NEXT).body["contact"]["id"] == light


def test_two_agents_never_get_the_same_contact(desk: Desk) -> None:
    opened = {desk.open() for _ in range(2)}
    got = {desk.call(who, NEXT).body["contact"]["id"] for who in (MINA, JUNO)}
    assert got == opened
    assert desk.call(JUNO, NEXT).status == 204


def test_if_match_keeps_a_repeated_pull_from_taking_a_second_contact(desk: Desk) -> None:
    for _ in range(2):
        desk.open()
    seen = {"If-Match": str(desk.call(MINA, "GET /v1/agents/me").body["version"])}
    assert desk.call(MINA, NEXT, headers=seen).status == 200
    again = desk.call(MINA, NEXT, headers=seen)
    assert again.refusal == (412, "version_mismatch")
    now = {"If-Match": str(again.body["error"]["version"])}
    assert desk.call(MINA, NEXT, headers=now).status == 200


def test_pull_passes_over_what_the_index_still_shows(desk: Desk) -> None:
    gone = desk.open()
    desk.act(JUNO, gone, "claim")
    desk.dynamodb.update_item(
        TableName=desk.table,
        Key={"pk": {"S": f"danbi#contact#{gone}"}, "sk": {"S": "contact"}},
        UpdateExpression="SET work_pk = :pk, work_sk = :sk",
        ExpressionAttributeValues={":pk": {"S": "~queue#main"}, ":sk": {"S": f"0#{0:015d}#danbi#{gone}"}},
    )
    behind = desk.open()
    assert desk.call(MINA, NEXT).body["contact"]["id"] == behind


def test_heartbeat_keeps_and_leave_ends_presence(desk: Desk) -> None:
    beat = desk.call(MINA, "POST /v1/agents/me/heartbeat")
    assert (beat.status, beat.body["id"]) == (200, "mina")
    assert len(desk.index("work", "~present#main")) == 1
    left = desk.call(MINA, "POST /v1/agents/me/leave")
    assert (left.status, left.body["present_until"]) == (200, "1970-01-01T00:00:00.000Z")
    assert desk.index("work", "~present#main") == []


def test_nobody_leaves_with_contacts_in_hand(desk: Desk) -> None:
    contact = desk.claimed()
    assert desk.call(MINA, "POST /v1/agents/me/leave").refusal == (409, "agent_holds_contacts")
    desk.act(MINA, contact, "release")
    assert desk.call(MINA, "POST /v1/agents/me/leave").status == 200


def test_me_is_who_the_key_says(desk: Desk) -> None:
    assert desk.call(STRANGER, "GET /v1/agents/me").body["pool"] == "other"
    assert desk.call(MINA, "GET /v1/agents/me").body["name"] == "Mina"
