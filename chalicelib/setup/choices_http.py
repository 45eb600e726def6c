"""A shop's choices over HTTP: each section replaced as a whole, each version kept."""

from typing import Any

from chalicelib.access.rules import OWNER, SHOP_VIEW
from chalicelib.handbook.service import change
from chalicelib.handbook.wiring import library
from chalicelib.kernel.errors import not_found
from chalicelib.setup.bodies import AboutIn, ChannelsIn, GoalsIn, HoursIn, ScopeIn, SurgeIn, VoiceIn, said
from chalicelib.setup.views import ChoicesView, ChoiceView, VersionsView
from chalicelib.setup.wiring import choosing
from chalicelib.tenants.aims import By
from chalicelib.tenants.history import Choices
from chalicelib.tenants.model import Tenant
from chalicelib.tenants.sections import OF_PROFILE, Section, told
from chalicelib.tenants.service import choose
from chalicelib.tenants.store import Tenants
from chalicelib.web.api import Api, B, Call, Empty
from chalicelib.web.cursors import read_cursor, write_cursor
from chalicelib.web.pressure import Shed

api = Api()

_CHOICES = "/v1/tenants/{tenant}/choices"
_PAGE = 20


@api.route("GET", _CHOICES, policy=SHOP_VIEW, returns=ChoicesView, shed=Shed.SEARCH)
def read_choices(call: Call[Empty]) -> ChoicesView:
    """Show what holds for the shop, section by section, and who chose it when."""
    profile, kept = _profile(call), Choices(call.params["tenant"])
    return ChoicesView([ChoiceView.now(one, told(profile, one), kept.current(one)) for one in OF_PROFILE])


@api.route(
    "GET",
    _CHOICES + "/{section}/versions",
    policy=SHOP_VIEW,
    returns=VersionsView,
    query=("cursor",),
    shed=Shed.REPORT,
)
def read_versions(call: Call[Empty]) -> VersionsView:
    """List what was chosen in a section, newest first, 20 to a page."""
    section = call.params["section"]
    if section not in set(Section):
        raise not_found()
    after = read_cursor(call, f"choices/{section}")
    found, position = Choices(_profile(call).id).page(section, limit=_PAGE, after=after)
    return VersionsView([ChoiceView.of(one) for one in found], write_cursor(call, f"choices/{section}", position))


@api.route("PUT", _CHOICES + "/goals", policy=OWNER, body=GoalsIn, returns=ChoiceView)
def choose_goals(call: Call[GoalsIn]) -> ChoiceView:
    """Choose what is to be reached; the results are shown beside it."""
    return _chosen(call, Section.GOALS, said(call.body))


@api.route("PUT", _CHOICES + "/scope", policy=OWNER, body=ScopeIn, returns=ChoiceView)
def choose_scope(call: Call[ScopeIn]) -> ChoiceView:
    """Choose what the shop's own people answer; the rest is the desk's."""
    return _chosen(call, Section.SCOPE, said(call.body))


@api.route("PUT", _CHOICES + "/hours", policy=OWNER, body=HoursIn, returns=ChoiceView)
def choose_hours(call: Call[HoursIn]) -> ChoiceView:
    """Choose when the shop is open, in the week and on holidays."""
    return _chosen(call, Section.HOURS, said(call.body))


@api.route("PUT", _CHOICES + "/voice", policy=OWNER, body=VoiceIn, returns=ChoiceView)
def choose_voice(call: Call[VoiceIn]) -> ChoiceView:
    """Choose the voice in which agents answer for the shop."""
    chosen = _chosen(call, Section.VOICE, said(call.body, "agent_name", "tone", "greeting", "signature"))
    _mark(call)
    return chosen


@api.route("PUT", _CHOICES + "/channels", policy=OWNER, body=ChannelsIn, returns=ChoiceView)
def choose_channels(call: Call[ChannelsIn]) -> ChoiceView:
    """Choose how customers may reach the shop."""
    return _chosen(call, Section.CHANNELS, said(call.body))


@api.route("PUT", _CHOICES + "/about", policy=OWNER, body=AboutIn, returns=ChoiceView)
def choose_about(call: Call[AboutIn]) -> ChoiceView:
    """Say what the shop is, what it expects, and where it is called when something breaks."""
    chosen = _chosen(call, Section.ABOUT, said(call.body, "name", "name_en"))
    _mark(call)
    return chosen


@api.route("PUT", _CHOICES + "/surge", policy=OWNER, body=SurgeIn, returns=ChoiceView)
def choose_surge(call: Call[SurgeIn]) -> ChoiceView:
    """Choose from which expected wait on each step of the ladder is taken."""
    return _chosen(call, Section.SURGE, said(call.body))


def _chosen(call: Call[B], section: Section, body: dict[str, Any]) -> ChoiceView:
    by = By(call.caller.name, call.source, call.now)
    return ChoiceView.of(choose(choosing(call.params["tenant"]), section, body, by, expected=call.expected))


def _mark(call: Call[B]) -> None:
    # Names and voice tell the shop from others in what agents send. A repeat of the request does it again.
    change(library(_profile(call)), lambda shelf: shelf)


def _profile(call: Call[B]) -> Tenant:
    profile = Tenants(call.params["tenant"]).current()
    if profile is None:
        raise not_found()
    return profile
