"""What a shop is reminded of before it happens: the end of its trial, and terms that it has not accepted yet."""

from collections.abc import Collection, Sequence

from chalicelib.kernel.clock import DAY, Millis, kst_month, month_span
from chalicelib.letters.model import Letter, Name, To
from chalicelib.letters.templates import Values
from chalicelib.pricing.plans import plan
from chalicelib.tenants.entrustment import Terms
from chalicelib.tenants.model import Tenant

_DAYS_BEFORE = (1, 3, 7)


def trial_letter(shop: Tenant, now: Millis) -> Letter | None:
    """Return the letter about the end of the shop's trial when it is 7, 3 or 1 days away; None without an end."""
    month = kst_month(now)
    ends = next((term for term in shop.plans if term.since > month and not plan(term.plan).trial), None)
    if ends is None or not plan(shop.plan_in(month)).trial:
        return None
    days = -((now - month_span(ends.since)[0]) // DAY)
    told = next((number for number in _DAYS_BEFORE if days <= number), None)
    if told is None:
        return None
    paid = plan(ends.plan)
    said: Values = {"days": days, "until": f"{ends.since}-01", "plan": paid.name_ko, "plan_en": paid.name_en}
    return Letter(shop.id, f"{Name.TRIAL_ENDS}-{ends.since}-{told}", Name.TRIAL_ENDS, To.OWNERS, now, said)


def terms_letter(tenant: str, accepted: Collection[str], terms: Sequence[Terms], now: Millis) -> Letter | None:
    """Return the letter about the newest of `terms` for a shop that accepted an older version of them."""
    newest = terms[-1]
    if not accepted or newest.version in accepted:
        return None
    said = {"since": newest.since, "version": newest.version}
    return Letter(tenant, f"{Name.TERMS_CHANGED}-{newest.version}", Name.TERMS_CHANGED, To.OWNERS, now, said)
