"""Texts in two languages, as the API shows them."""

from chalicelib.contacts.notices import Words
from chalicelib.contacts.receipts import WordsView
from chalicelib.pricing.model import Plan


def both(words: Words) -> WordsView:
    """Return what the API shows of `words`."""
    return WordsView(words.ko, words.en)


def plan_name(plan: Plan) -> WordsView:
    """Return what a plan is called."""
    return WordsView(plan.name_ko, plan.name_en)
