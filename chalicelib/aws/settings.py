"""What the environment tells a function; nothing else reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from chalicelib.aws.secrets import read_secret


@dataclass(frozen=True, slots=True)
class Settings:
    """The stage's names and addresses; empty addresses mean the vendor's own.

    `pages_url` is where our own pages are. With `clock_header` a request says when it is (`X-Duredesk-Now`,
    milliseconds UTC). `egress_function` is only told to the function that calls it. `guard_share` is the part of a
    pool's capacity that is kept for conforming tenants; None means what the rule says.

    Of secrets only the ARNs are here; the local stage may be given the secrets themselves in their place.
    """

    stage: str
    table: str
    keyring_table: str
    key_id: str
    region: str
    data_role: str
    usage_queue_url: str
    overflow_queue_url: str
    errand_queue_url: str
    diagnosis_queue_url: str
    files_bucket: str
    id_secret_at: str
    site_secret_at: str
    stripe_api_key_at: str
    stripe_webhook_secrets_at: str
    stripe_api_base: str | None
    stripe_meter_events_base: str | None
    user_pool: str
    user_pool_client: str
    token_issuer: str
    token_keys_url: str
    pages_url: str
    mail_from: str
    mail_set: str
    egress_function: str
    clock_offset_seconds: int
    clock_header: bool
    guard_share: float | None

    @property
    def id_secret(self) -> str:
        """Return what ids, cursors and visitors' tokens are keyed with."""
        return self._secret(self.id_secret_at)

    @property
    def site_secret(self) -> str:
        """Return what the distribution of our pages proves itself with; empty where there is none."""
        return self._secret(self.site_secret_at)

    @property
    def stripe_api_key(self) -> str:
        """Return the key to Stripe."""
        return self._secret(self.stripe_api_key_at)

    @property
    def stripe_webhook_secrets(self) -> list[str]:
        """Return what Stripe signs its webhooks with: while it is rotated there are two, with a blank between."""
        return self._secret(self.stripe_webhook_secrets_at).split()

    def _secret(self, at: str) -> str:
        if at.startswith("arn:"):
            return read_secret(at, self.region)
        if self.stage != "local":
            raise RuntimeError("a secret is read from Secrets Manager outside the local stage")
        return at


@cache
def settings() -> Settings:
    """Return the settings of this process, read once; only the local stage has defaults.

    Raises KeyError for a missing one, ValueError for a guard share that is no share, and RuntimeError for a clock
    that is not the system's outside the local stage.
    """
    env = os.environ
    stage = env.get("STAGE", "local")
    given = {**_LOCAL, **env} if stage == "local" else env
    region = env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION", "ap-northeast-2")
    return Settings(
        stage=stage,
        table=given["TABLE_NAME"],
        keyring_table=given["KEYRING_TABLE"],
        key_id=given["KEY_ID"],
        region=region,
        data_role=given["DATA_ROLE"],
        files_bucket=given["FILES_BUCKET"],
        id_secret_at=given["ID_SECRET"],
        site_secret_at=given["SITE_SECRET"],
        pages_url=given["PAGES_URL"],
        guard_share=_share(env.get("GUARD_SHARE", "")),
        **_queues(given),
        **_errands(given),
        **_people(given, region),
        **_stripe(given),
        **_clock(env, stage),
    )


def _queues(given: Mapping[str, str]) -> dict[str, Any]:
    names = ("USAGE_QUEUE_URL", "OVERFLOW_QUEUE_URL", "ERRAND_QUEUE_URL", "DIAGNOSIS_QUEUE_URL")
    return {name.lower(): given[name] for name in names}


def _errands(given: Mapping[str, str]) -> dict[str, Any]:
    return {
        "mail_from": given["MAIL_FROM"],
        "mail_set": given["MAIL_SET"],
        "egress_function": given.get("EGRESS_FUNCTION", ""),
    }


def _people(given: Mapping[str, str], region: str) -> dict[str, Any]:
    issuer = f"https://cognito-idp.{region}.amazonaws.com/{given['USER_POOL']}"
    return {
        "user_pool": given["USER_POOL"],
        "user_pool_client": given["USER_POOL_CLIENT"],
        "token_issuer": issuer,
        "token_keys_url": given.get("TOKEN_KEYS_URL") or f"{issuer}/.well-known/jwks.json",
    }


def _stripe(given: Mapping[str, str]) -> dict[str, Any]:
    return {
        "stripe_api_key_at": given["STRIPE_API_KEY"],
        "stripe_webhook_secrets_at": given["STRIPE_WEBHOOK_SECRETS"],
        "stripe_api_base": given.get("STRIPE_API_BASE") or None,
        "stripe_meter_events_base": given.get("STRIPE_METER_EVENTS_BASE") or None,
    }


def _clock(env: Mapping[str, str], stage: str) -> dict[str, Any]:
    return {
        "clock_offset_seconds": int(_local(env, stage, "CLOCK_OFFSET_SECONDS")),
        "clock_header": _local(env, stage, "CLOCK_HEADER") == "1",
    }


def _local(env: Mapping[str, str], stage: str, name: str) -> str:
    value = env.get(name, "0")
    if value != "0" and stage != "local":
        raise RuntimeError(f"{name} is refused outside the local stage")
    return value


def _share(text: str) -> float | None:
    if not text:
        return None
    share = float(text)
    if not 0 <= share < 1:
        raise ValueError("GUARD_SHARE is at least 0 and below 1")
    return share


_LOCAL = {
    "TABLE_NAME": "duredesk-local",
    "KEYRING_TABLE": "duredesk-local-keys",
    "KEY_ID": "alias/duredesk-local",
    "DATA_ROLE": "",
    "USAGE_QUEUE_URL": "",
    "OVERFLOW_QUEUE_URL": "",
    "ERRAND_QUEUE_URL": "",
    "DIAGNOSIS_QUEUE_URL": "",
    "FILES_BUCKET": "duredesk-local-files",
    "ID_SECRET": "of no use outside the local stage",
    "SITE_SECRET": "",
    "STRIPE_API_KEY": "",
    "STRIPE_WEBHOOK_SECRETS": "",
    "USER_POOL": "",
    "PAGES_URL": "https://duredesk.example",
    "MAIL_FROM": "Duredesk <no-reply@duredesk.example>",
    "MAIL_SET": "",
    "USER_POOL_CLIENT": "",
}
