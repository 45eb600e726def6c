"""What must be true in the end, from the scenario alone: nothing here knows the product's code."""

from dataclasses import dataclass

from tests.demo.scenario import Inquiry, Shop


@dataclass(frozen=True)
class Expected:
    """The end of one contact: its state, its story and its lines in the ledger."""

    status: str
    episode: int
    billable: int
    entries: int
    by_customer: tuple[str, ...]
    by_agents: tuple[str, ...]


@dataclass(frozen=True)
class Bill:
    """What a shop owes for this run."""

    billable: int
    entries: int
    won: int


def expect(inquiry: Inquiry) -> Expected:
    """Return how an inquiry must end.

    A contact is billable once an episode, on the first reply. Spam and merging take it back. Of two merged
    contacts the surviving one is billable, whichever was answered first, so an answered contact that is
    merged adds two lines that cancel each other out.
    """
    customer = [inquiry.text, *(turn.text for turn in inquiry.turns if not turn.by_agent)]
    agents = [turn.text for turn in inquiry.turns if turn.by_agent]
    paid_again = 0
    if inquiry.reopening:
        customer.append(inquiry.reopening.text)
        agents.append(inquiry.reopening.reply)
        paid_again = 0 if inquiry.reopening.is_free else 1
    answered = inquiry.outcome == "resolved"
    taken_back = 2 if inquiry.replies and not answered else 0
    if inquiry.spam_undone and inquiry.spam_after:
        taken_back = 2
    return Expected(
        status=inquiry.outcome,
        episode=1 + paid_again,
        billable=answered + paid_again,
        entries=answered + paid_again + taken_back,
        by_customer=tuple(customer),
        by_agents=tuple(agents),
    )


def bill(shop: Shop, inquiries: list[Inquiry]) -> Bill:
    """Return what a shop must be billed for its inquiries."""
    expected = [expect(inquiry) for inquiry in inquiries if inquiry.tenant == shop.id]
    billable = sum(end.billable for end in expected)
    return Bill(billable, sum(end.entries for end in expected), billable * shop.price_won)
