"""Incidents with the real stores."""

from collections.abc import Iterator
from contextlib import contextmanager

from cachetools import TTLCache

from chalicelib.aws.credentials import Scope, acting, own
from chalicelib.aws.tables import Write, commit
from chalicelib.incidents.model import Incident
from chalicelib.incidents.ports import Board
from chalicelib.incidents.rules import concerns, is_current, spoken
from chalicelib.incidents.store import Incidents
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import NotFound
from chalicelib.letters.model import Letter, Name, To
from chalicelib.letters.store import Letters
from chalicelib.tenants.store import Tenants, all_tenants

# Every visitor's page looks at them.
_known: TTLCache[str, list[Incident]] = TTLCache(maxsize=1, ttl=15)


def board() -> Board:
    """Return the incidents."""
    return Board(
        incidents=Incidents(),
        tenants=all_tenants,
        pool=_pool,
        letter=_letter,
        acting=_acting,
        commit=commit,
    )


def current(now: Millis) -> list[Incident]:
    """Return the incidents that are shown now, the newest first, at most 15 seconds old."""
    if "" not in _known:
        _known[""] = Incidents().all()
    return [incident for incident in _known[""] if is_current(incident, now)]


def notices(tenant: str, pool: str, now: Millis) -> list[Incident]:
    """Return the incidents that the shop and its visitors are shown now, the newest first."""
    return [incident for incident in current(now) if concerns(incident, tenant, pool)]


def forget_incidents() -> None:
    """Forget what this process knows of them: after a change, and for tests."""
    _known.clear()


def _pool(tenant: str) -> str:
    try:
        with acting(Scope(tenant=tenant)):
            return Tenants(tenant).profile().pool
    except NotFound:
        return ""


def _letter(tenant: str, incident: Incident) -> Write:
    said = {"text": incident.text, "text_en": incident.text_en, "until": spoken(incident.until)}
    name = f"{Name.INCIDENT}-{incident.id}"
    return Letters(tenant).add(Letter(tenant, name, Name.INCIDENT, To.OWNERS, incident.since, said))


@contextmanager
def _acting(tenant: str) -> Iterator[None]:
    with acting(Scope(tenant=tenant)) if tenant else own():
        yield
