"""Setting a shop up with the real stores."""

from chalicelib.aws.tables import Write, commit
from chalicelib.diagnosis.model import State
from chalicelib.diagnosis.store import Diagnoses
from chalicelib.handbook.store import Handbooks
from chalicelib.kernel.errors import not_found
from chalicelib.kernel.ids import random_id
from chalicelib.letters.model import Letter, Name, To
from chalicelib.letters.store import Letters
from chalicelib.people.changes import Changes
from chalicelib.people.model import Deed, PermissionChange
from chalicelib.people.store import People
from chalicelib.setup.model import Facts
from chalicelib.setup.service import Opening
from chalicelib.tenants.acceptance import Acceptances
from chalicelib.tenants.aims import Acceptance, By
from chalicelib.tenants.entrustment import SUBPROCESSORS, TERMS
from chalicelib.tenants.history import Choices
from chalicelib.tenants.ports import Choosing
from chalicelib.tenants.sections import Section
from chalicelib.tenants.store import Tenants
from chalicelib.visitors.store import WidgetKeys

_DIAGNOSES = 20


def choosing(tenant: str) -> Choosing:
    """Return the choices of `tenant`."""
    return Choosing(Tenants(tenant), Choices(tenant), commit)


def opening(tenant: str) -> Opening:
    """Return `tenant` as it is set up."""
    return Opening(choosing(tenant), lambda: facts(tenant), lambda by: _told(tenant, by))


def facts(tenant: str) -> Facts:
    """Return what is there of `tenant` now; raise NotFound for an unknown one."""
    profile = Tenants(tenant).current()
    if profile is None:
        raise not_found()
    chosen = {section: Choices(tenant).current(section) for section in Section}
    past = [one.at for one in Diagnoses(tenant).newest(_DIAGNOSES) if one.state is State.DONE]
    keys = [key for key in WidgetKeys(tenant).all() if not key.revoked]
    return Facts(
        profile=profile,
        choices={section: choice for section, choice in chosen.items() if choice},
        accepted=_accepted(tenant),
        to_accept=len(_WANTED),
        answers=len(Handbooks(tenant).shelf().offered),
        diagnosed_at=max(past, default=0),
        keys=len(keys),
        seen_at=max((key.seen_at for key in keys), default=0),
        people=len(People().of_tenant(tenant)),
    )


_WANTED = {("terms", TERMS[-1].version), ("subprocessors", SUBPROCESSORS[-1].version)}


def _accepted(tenant: str) -> tuple[Acceptance, ...]:
    return tuple(one for one in Acceptances(tenant).all() if (one.document, one.version) in _WANTED)


def _told(tenant: str, by: By) -> list[Write]:
    line = PermissionChange(random_id(), by.at, by.name, by.source, Deed.LIVE, tenant)
    welcome = Letter(tenant, "welcome", Name.WELCOME, To.OWNERS, by.at)
    return [Changes(tenant).add(line), Letters(tenant).add(welcome)]
