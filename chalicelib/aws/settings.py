"""What the environment tells a function; nothing else reads the environment."""

import os
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Settings:
    """The stage's names, addresses and secrets; empty addresses mean the vendor's own."""

    stage: str
    table: str
    region: str
    usage_queue_url: str
    id_secret: str
    stripe_api_key: str
    stripe_api_base: str | None
    stripe_meter_events_base: str | None
    clock_offset_seconds: int


@cache
def settings() -> Settings:
    """Return the settings of this process, read once; only the local stage has defaults.

    Raises KeyError for a missing one, and RuntimeError for a shifted clock outside the local stage.
    """
    env = os.environ
    stage = env.get("STAGE", "local")
    given = {**_LOCAL, **env} if stage == "local" else env
    offset = int(env.get("CLOCK_OFFSET_SECONDS", "0"))
    if offset and stage != "local":
        raise RuntimeError("CLOCK_OFFSET_SECONDS is refused outside the local stage")
    return Settings(
        stage=stage,
        table=given["TABLE_NAME"],
        region=env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION", "ap-northeast-2"),
        usage_queue_url=given["USAGE_QUEUE_URL"],
        id_secret=given["ID_SECRET"],
        stripe_api_key=given["STRIPE_API_KEY"],
        stripe_api_base=env.get("STRIPE_API_BASE") or None,
        stripe_meter_events_base=env.get("STRIPE_METER_EVENTS_BASE") or None,
        clock_offset_seconds=offset,
    )


_LOCAL = {
    "TABLE_NAME": "duredesk-local",
    "USAGE_QUEUE_URL": "",
    "ID_SECRET": "of no use outside the local stage",
    "STRIPE_API_KEY": "",
}
