"""A desk, and how people come in to it."""

import pytest

from tests.moto_desk import Desk
from tests.people.entrance import Entrance


@pytest.fixture
def entrance(desk: Desk) -> Entrance:
    return Entrance(desk, desk.people)
