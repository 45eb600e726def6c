"""Wrong requests about the floor."""

from tests.web.bad import Bad

OWN: dict[str, list[Bad]] = {
    "GET /v1/floor": [
        Bad("a body with a field", 400, "unknown_field", body={"a": 1}),
        Bad("a pool that is asked for", 400, "unknown_parameter", query={"pool": "other"}),
    ],
}
