"""A month closes at zero whatever happens in it, and every harm that is done to it is found and no other."""

from tests.close.report import judge
from tests.close.scenario import scenario


def test_three_months_of_ten_shops_close_at_zero_and_each_harm_is_found() -> None:
    outcome = judge(scenario(7, shops=10, contacts=4))
    assert outcome["faults"] == []
    assert (outcome["difference_contacts"], outcome["difference_won"]) == (0, 0)
    assert outcome["breaks_planted"] == outcome["breaks_found"] > 15
    assert outcome["breaks_false"] == 0
    assert (
        min(outcome[name] for name in ("crashes", "repeats", "adjustments", "upheld", "cards", "provider_away"))
        > 0
    )
