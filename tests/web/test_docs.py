"""The generated pages are those that the code promises today."""

import pytest

from tests.web.bad_input_docs import DOCS, PAGES


@pytest.mark.parametrize("page", PAGES)
def test_committed_page_equals_the_generated_one(page: str) -> None:
    written = (DOCS / page).read_text(encoding="utf-8")
    assert written == PAGES[page](), "run .venv/bin/python -m tests.web.bad_input_docs"
