"""What a shop chooses of its own account: its plan, and its cap, of which it is told as it fills."""

from dataclasses import replace

from chalicelib.bills.ports import Account
from chalicelib.bills.rules import check_cap, check_choice, due_alerts, rearmed
from chalicelib.kernel.clock import Millis, kst_month
from chalicelib.kernel.errors import Conflict, Mismatch, not_found
from chalicelib.kernel.money import Won
from chalicelib.tenants.aims import By
from chalicelib.tenants.model import Cap, Tenant, Term
from chalicelib.tenants.rules import version_of, with_term
from chalicelib.tenants.sections import Section, following, told


def choose_plan(account: Account, term: Term, by: By, *, expected: int | None) -> Tenant:
    """Let the shop have a plan from a coming month on and return its profile; a repeat changes nothing.

    Raises NotFound, BadInput `unknown_plan` or `too_far_ahead`, Conflict `not_offered`, `term_begun` or
    `tenant_changed`, and Mismatch unless the profile is still that of the version `expected`.
    """
    before = _current(account)
    after = with_term(before, term, by.at)
    check_choice(before, term)
    return _saved(account, before, after, by, section=Section.PLAN, expected=expected)


def set_cap(account: Account, won: Won, kind: Cap, by: By, *, expected: int | None) -> Tenant:
    """Give the shop's months a cap, or none for 0 won, and return its profile; a repeat changes nothing.

    Of what a raised cap puts out of reach again the shop is told anew. Raises like `choose_plan`, and BadInput
    `cap_too_low`.
    """
    before = _current(account)
    check_cap(before, won, by.at)
    after = replace(before, surge=replace(before.surge, cap_won=won, cap=kind))
    return _saved(account, before, after, by, section=Section.CAP, expected=expected)


def tell(account: Account, now: Millis) -> int:
    """Tell the shop by mail, and its hooks, how far its cap is filled, and count it; again, it changes nothing."""
    profile, month = _current(account), kst_month(now)
    if not profile.surge.cap_won:
        return 0
    known, spent = account.alerts.of_month(month), account.spent(profile, now)
    due = due_alerts(known, profile.surge.cap_won, spent, month=month, now=now)
    for number, alert in enumerate(due):
        try:
            account.commit(account.alerts.add(alert), *account.tell(alert))
        except Conflict:
            # Another sweeper was faster, and tells the rest too.
            return number
    return len(due)


def _current(account: Account) -> Tenant:
    found = account.profiles.current()
    if found is None:
        raise not_found()
    return found


def _saved(
    account: Account, before: Tenant, after: Tenant, by: By, *, section: Section, expected: int | None
) -> Tenant:
    last = account.choices.current(section)
    if last and after == before:
        return before
    if expected not in {None, version_of(before)}:
        version = version_of(before)
        raise Mismatch("version_mismatch", "this shop's profile changed since you looked", version=version)
    chosen = account.choices.record(following(last, section, told(after, section), by))
    writes = [account.profiles.save(after, before), chosen]
    if after.surge != before.surge:
        known = account.alerts.of_month(kst_month(by.at))
        anew = rearmed(known, after.surge.cap_won, account.spent(after, by.at)) if known else []
        writes += [account.alerts.rearm(alert) for alert in anew]
    account.commit(*writes)
    return after
