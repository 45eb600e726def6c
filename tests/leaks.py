"""Listens to all that the product logs in any test, and fails the test in which personal data was logged."""

import logging
from collections.abc import Iterator

import pytest

from tests.canaries import PERSONAL, found_in, shapes_in

LOGGER = "duredesk-platform"
_PLAIN = frozenset(logging.makeLogRecord({}).__dict__) - {"msg"}
_FORMATTER = logging.Formatter()


class Listener(logging.Filter):
    """Lets every line pass, and keeps what personal data stood in it; `lines` counts."""

    def __init__(self) -> None:
        super().__init__()
        self.leaks: list[str] = []
        self.lines = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Look at the message, what stands beside it, and the whole chain of exceptions."""
        self.lines += 1
        said = repr({name: value for name, value in record.__dict__.items() if name not in _PLAIN})
        if record.exc_info:
            # Kept where handlers look for it, so that it is formatted once.
            record.exc_text = record.exc_text or _FORMATTER.formatException(record.exc_info)
            said += record.exc_text
        self.leaks += [*found_in(said, PERSONAL), *shapes_in(said)]
        return True


@pytest.fixture(scope="session")
def listener() -> Iterator[Listener]:
    """One listener for all tests of a process."""
    found = Listener()
    logging.getLogger(LOGGER).addFilter(found)
    yield found
    logging.getLogger(LOGGER).removeFilter(found)
    assert found.leaks == [], "personal data was logged after the last test"


@pytest.fixture(autouse=True)
def nothing_personal_is_logged(listener: Listener) -> Iterator[None]:
    """Fail a test, or the one after the fixture, that logged a phone, mail, registration or card number."""
    yield
    leaks, listener.leaks = listener.leaks, []
    assert leaks == [], "personal data was logged"
