"""Wrong requests about results."""

from tests.web.bad import Bad

_RESULTS = "GET /v1/tenants/{tenant}/results"

OWN: dict[str, list[Bad]] = {
    _RESULTS: [
        *(
            Bad(f"`{name}={value}`", 400, "invalid_date", query={name: value})
            for name in ("from", "to")
            for value in ("2026-02-30", "2026-11", "20261101", "2026-W47-6", "2026-11-01\n", "오늘", "20٢٦-11-01")
        ),
        *(
            Bad(what, 400, "invalid_span", query=query)
            for what, query in {
                "days in the wrong order": {"from": "2026-11-21", "to": "2026-11-20"},
                "a day to come": {"to": "2026-11-22"},
                "a first day to come": {"from": "2026-11-22"},
                "93 days": {"from": "2026-08-21", "to": "2026-11-21"},
            }.items()
        ),
        Bad("a body with a field", 400, "unknown_field", body={"a": 1}),
    ],
}
