"""Money is whole won: an `int`, never a float."""

Won = int


def format_won(amount: Won) -> str:
    """Return `amount` as people write it: `1,234원`."""
    return f"{amount:,}원"
