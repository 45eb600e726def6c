"""Wrong requests of incidents."""

from typing import Any

from chalicelib.aws.tables import commit
from chalicelib.incidents.model import Incident
from chalicelib.incidents.rules import MOST_A_DAY
from chalicelib.incidents.store import Incidents
from chalicelib.kernel.clock import HOUR
from tests.moto_desk import Desk
from tests.people.bad_input import LEADER
from tests.samples import NOON
from tests.web.bad import Bad, Good

_INCIDENTS = "/v1/incidents"
_END = f"POST {_INCIDENTS}/{{incident}}/end"
INCIDENT, FOREIGN = "a" * 32, "b" * 32
FULL = "full"
INCIDENT_IN = {
    "text": "결제 장애로 상담이 늦어지고 있습니다.",
    "text_en": "A payment outage delays our answers.",
    "until": "2026-11-21T15:00+09:00",
    "pool": "main",
}

GOOD = {f"POST {_INCIDENTS}": Good(body=INCIDENT_IN), _END: Good(key=INCIDENT)}


def an_incident(incident: str = INCIDENT, pool: str = "main", **fields: Any) -> Incident:
    """Return an incident of the next hour."""
    said = {"text": INCIDENT_IN["text"], "text_en": INCIDENT_IN["text_en"], "by": "agent:lea", "digest": "d"}
    given = {"tenants": (), **said, "since": NOON, "until": NOON + HOUR, **fields}
    return Incident(id=incident, pool=pool, **given)


def prepare(desk: Desk) -> None:
    """Announce one incident in each of two pools, and as many as it may in a third."""
    for incident, pool in ((INCIDENT, "main"), (FOREIGN, "other")):
        commit(Incidents().add(an_incident(incident, pool)))
    commit(*(Incidents().add(an_incident(f"{n:032x}", FULL)) for n in range(MOST_A_DAY)))


def _put(what: str, code: str, **fields: Any) -> Bad:
    return Bad(what, 400, code, body={**INCIDENT_IN, **fields})


OWN: dict[str, list[Bad]] = {
    f"POST {_INCIDENTS}": [
        *(
            Bad(f"no `{name}`", 400, "missing_field", body={k: INCIDENT_IN[k] for k in INCIDENT_IN if k != name})
            for name in ("text", "text_en", "until")
        ),
        _put("`text` blanks only", "text_empty", text=" "),
        _put("`text` of 301 characters", "text_too_long", text="가" * 301),
        _put("`text_en` with a control character", "control_character", text_en="a\x00"),
        _put("`until` without an offset", "invalid_time", until="2026-11-21T15:00"),
        _put("`until` that is over", "invalid_until", until="2026-11-21T11:00+09:00"),
        _put("`until` more than a week ahead", "invalid_until", until="2026-11-29T15:00+09:00"),
        _put("51 `tenants`", "invalid_field", tenants=["danbi"] * 51),
        _put("`tenants` that are no ids", "invalid_field", tenants=["DANBI"]),
        Bad("`tenants` of another pool", 404, "not_found", body={**INCIDENT_IN, "tenants": ["faraway"]}),
        Bad("`tenants` that there are not", 404, "not_found", body={**INCIDENT_IN, "tenants": ["absent00"]}),
        _put("no `pool` of an admin", "pool_needed", pool=""),
        Bad("the sixth of a pool within a day", 409, "too_many_incidents", body={**INCIDENT_IN, "pool": FULL}),
        Bad(
            "another pool than the lead's",
            403,
            "forbidden",
            body={**INCIDENT_IN, "pool": "other"},
            who=LEADER.caller,
            usual=False,
        ),
    ],
    f"GET {_INCIDENTS}": [Bad("a body with a field", 400, "unknown_field", body={"a": 1})],
    _END: [
        Bad("an incident of another pool", 404, "not_found", key=FOREIGN, who=LEADER.caller, usual=False),
        *(
            Bad(f"the incident id `{key}`", 404, "not_found", key=key)
            for key in ("f" * 32, "A" * 32, "a" * 31, "..")
        ),
    ],
}
