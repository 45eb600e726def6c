"""What functions are deployed with: every service that the code calls can be called."""

import re

from infra.layer import AWS_SERVICES
from infra.stages import ROOT

CALLED = re.compile(r"""client\(\s*"([a-z0-9-]+)\"""")
# Tables make their client by themselves.
TABLES = {"dynamodb"}


def test_the_layer_has_the_services_that_are_called_and_no_others() -> None:
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "chalicelib").rglob("*.py"))
    called = {name for text in texts for name in CALLED.findall(text)}
    assert called | TABLES == AWS_SERVICES
