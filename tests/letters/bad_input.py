"""Wrong requests of the previews of mails."""

from tests.web.bad import Bad, Good

_ONE = "GET /v1/letters/{letter}"

GOOD = {_ONE: Good(key="welcome")}

OWN: dict[str, list[Bad]] = {
    "GET /v1/letters": [Bad("a body with a field", 400, "unknown_field", body={"a": 1})],
    _ONE: [
        *(
            Bad(f"`language={language}`", 400, "invalid_language", query={"language": language})
            for language in ("KO", "ja", "")
        ),
        *(
            Bad(f"the letter `{key}`", 404, "not_found", key=key)
            for key in ("no_letter", "Welcome", "..", "%2e%2e", "w" * 33)
        ),
    ],
}
