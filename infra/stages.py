"""What differs between the stages, and where their files live."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCAL = ROOT / ".local"
REGION = "ap-northeast-2"
# What the Stripe stand-in signs with; it opens nothing else.
LOCAL_WEBHOOK_SECRET = "whsec_duredesk"


@dataclass(frozen=True)
class Stage:
    """One deployment of the stack; `usage_delay` in seconds, `log_days` in days."""

    name: str
    usage_delay: int = 60
    usage_timeout: int = 30
    log_days: int = 400
    pages_url: str = "https://duredesk.example"
    mail_from: str = "Duredesk <no-reply@duredesk.example>"

    @property
    def is_local(self) -> bool:
        """Whether the stage lives in the local emulator and may be thrown away."""
        return self.name == "local"

    @property
    def stack(self) -> str:
        """Name of the CloudFormation stack."""
        return f"duredesk-{self.name}"

    @property
    def package_dir(self) -> Path:
        """Where the packaged template and zips of this stage are written."""
        return LOCAL / "package" / self.name

    @property
    def state_file(self) -> Path:
        """Where the outputs of the last deployment are kept."""
        return LOCAL / f"{self.name}.json"


# A short timeout brings the visibility timeout down with it, so a laptop sees a retry in 60 s, not in 180 s. It is
# long enough for a batch whose shops must all be subscribed first.
STAGES = {
    "local": Stage("local", usage_delay=1, usage_timeout=10, log_days=7),
    "dev": Stage("dev", log_days=30),
    "prod": Stage("prod"),
}


def outputs(stage: str = "local", path: Path | None = None) -> dict[str, Any]:
    """Return the outputs of the last deployment of a stage."""
    found: dict[str, Any] = json.loads((path or STAGES[stage].state_file).read_text(encoding="utf-8"))
    return found


def resource(name: str) -> dict[str, Any]:
    """Load one file of `infra/resources`."""
    path = Path(__file__).parent / "resources" / f"{name}.json"
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded
