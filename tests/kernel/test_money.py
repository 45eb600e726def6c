import pytest

from chalicelib.kernel.money import format_won


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "0원"), (900, "900원"), (1_234, "1,234원"), (1_234_567, "1,234,567원"), (-900, "-900원")],
)
def test_won_as_people_write_it(amount: int, text: str) -> None:
    assert format_won(amount) == text
