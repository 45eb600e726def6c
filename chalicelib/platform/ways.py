"""Every HTTP route there is, one line for each part of a capability."""

from chalicelib.billing.http import api as billing_api
from chalicelib.bills.http import api as bills_api
from chalicelib.closing.http import api as closing_api
from chalicelib.contacts.http import api as contacts_api
from chalicelib.diagnosis.http import api as diagnosis_api
from chalicelib.drafts.http import api as drafts_api
from chalicelib.finance.http import api as finance_api
from chalicelib.floor.http import api as floor_api
from chalicelib.handbook.http import api as handbook_api
from chalicelib.hooks.http import api as hooks_api
from chalicelib.incidents.http import api as incidents_api
from chalicelib.letters.http import api as letters_api
from chalicelib.overflow.http import api as overflow_api
from chalicelib.panel.http import api as panel_api
from chalicelib.people.founding_http import api as founding_api
from chalicelib.people.http import api as people_api
from chalicelib.people.keys_http import api as keys_api
from chalicelib.people.members_http import api as members_api
from chalicelib.people.records_http import api as permissions_api
from chalicelib.platform.http import api as platform_api
from chalicelib.promotions.http import api as promotions_api
from chalicelib.queue.http import api as queue_api
from chalicelib.results.http import api as results_api
from chalicelib.rights.http import api as rights_api
from chalicelib.setup.choices_http import api as choices_api
from chalicelib.setup.http import api as setup_api
from chalicelib.setup.rehearsal_http import api as rehearsal_api
from chalicelib.visitors.http import api as visitors_api
from chalicelib.web.api import Api, Route

_APIS: list[Api] = [
    contacts_api,
    drafts_api,
    queue_api,
    overflow_api,
    floor_api,
    incidents_api,
    letters_api,
    promotions_api,
    visitors_api,
    rights_api,
    handbook_api,
    hooks_api,
    panel_api,
    diagnosis_api,
    results_api,
    people_api,
    founding_api,
    keys_api,
    choices_api,
    setup_api,
    rehearsal_api,
    members_api,
    permissions_api,
    billing_api,
    closing_api,
    bills_api,
    finance_api,
]


def served() -> list[Route]:
    """Return every route, and last those that describe all the others."""
    routes = [route for api in _APIS for route in api.routes]
    return [*routes, *platform_api(routes).routes]
