"""Writes the OpenAPI document of every route to `.local/openapi.json`: `python -m infra.openapi`."""

import json

import app
from chalicelib.web.openapi import document
from infra.stages import LOCAL


def main() -> None:
    """Write the document; a client of an older one no longer builds."""
    LOCAL.mkdir(exist_ok=True)
    text = json.dumps(document(app.routes()), ensure_ascii=False, indent=1)
    (LOCAL / "openapi.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
