"""Announce an incident, end it, and write to the owners whom it concerns."""

from contextlib import suppress
from dataclasses import replace

from chalicelib.aws.batches import each_of
from chalicelib.incidents.model import Incident, IncidentExists
from chalicelib.incidents.ports import Board
from chalicelib.incidents.rules import check_count, concerns
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Conflict, not_found, same_body


def announce(board: Board, incident: Incident) -> Incident:
    """Store a new incident and return it; a repeat returns the first one.

    Raises NotFound for a shop that is not of its pool, or Conflict `idempotency_mismatch` when the same key came
    with another body before, and `too_many_incidents`: each is a mail to every owner.
    """
    if (known := board.incidents.find(incident.id)) is not None:
        return _repeated(known, incident)
    if any(board.pool(tenant) != incident.pool for tenant in incident.tenants):
        raise not_found()
    check_count(board.incidents.all(), incident)
    try:
        with board.acting(""):
            board.commit(board.incidents.add(incident))
    except IncidentExists:
        return _repeated(_found(board, incident.id), incident)
    return incident


def end(board: Board, incident_id: str, pool: str, at: Millis) -> Incident:
    """Show an incident of `pool` no more and return it; the first end stays. Any pool's for an empty `pool`."""
    incident = _found(board, incident_id)
    if pool not in {"", incident.pool}:
        raise not_found()
    if incident.ended_at:
        return incident
    with board.acting(""):
        board.commit(board.incidents.end(incident_id, at))
    return replace(incident, ended_at=at)


def tell(board: Board, incident_id: str) -> int:
    """Write to the owners of every shop that an incident concerns; return how many letters are new.

    Each shop is written to once, however often this is done; one that fails stops no other.
    """
    incident = _found(board, incident_id)
    if incident.told:
        return 0
    concerned = list(incident.tenants) or [
        tenant for tenant in board.tenants() if concerns(incident, tenant, board.pool(tenant))
    ]
    written = sum(each_of("incident", concerned, lambda tenant: _written(board, tenant, incident)))
    with board.acting(""):
        board.commit(board.incidents.told(incident_id))
    return written


def _repeated(first: Incident, incident: Incident) -> Incident:
    same_body(first.digest, incident.digest)
    return first


def _written(board: Board, tenant: str, incident: Incident) -> bool:
    with board.acting(tenant), suppress(Conflict):
        board.commit(board.letter(tenant, incident))
        return True
    return False


def _found(board: Board, incident: str) -> Incident:
    found = board.incidents.find(incident)
    if found is None:
        raise not_found()
    return found
