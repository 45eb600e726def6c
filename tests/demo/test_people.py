"""What was kept of the demo's people is known again, and what is not of this demo is said plainly."""

import json
from pathlib import Path

import pyotp
import pytest

from tests.demo import people

CODED = ("admin", "agent", "lead", "finance", "second")


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = tmp_path / "state" / "people.json"
    found.parent.mkdir()
    monkeypatch.setattr(people, "KEPT", found)
    return found


def test_a_code_is_the_authenticators(kept: Path) -> None:
    secrets = {who: pyotp.random_base32() for who in CODED}
    kept.write_text(json.dumps({"secrets": secrets, "keys": {}}), encoding="utf-8")
    assert pyotp.TOTP(secrets["lead"]).verify(people.code("lead"), valid_window=1)
    with pytest.raises(SystemExit, match="owner needs no code; these do: admin, agent"):
        people.code("owner")


@pytest.mark.parametrize(
    "old", ['{"secret": "X", "keys": {}}', "{}", "", '{"secrets": {"agent": "X"}, "keys": {}}']
)
def test_an_older_demos_people_are_said_to_be_unknown(kept: Path, old: str) -> None:
    kept.write_text(old, encoding="utf-8")
    for who in ("lead", "owner"):
        with pytest.raises(SystemExit, match="make down, delete"):
            people.code(who)


def test_without_a_demo_nobody_has_a_code(kept: Path) -> None:
    assert not kept.exists()
    with pytest.raises(SystemExit, match="nobody before make demo"):
        people.code("lead")


def test_everybody_is_listed_and_whoever_needs_a_code_is_told_how() -> None:
    lines = list(people.sign_ins())
    assert [line.split("make code WHO=")[1] for line in lines if "make code" in line] == [
        one.who for one in people.EVERYBODY if one.needs_code
    ]
    assert {one.mail for one in people.EVERYBODY} == {next(w for w in line.split() if "@" in w) for line in lines}
