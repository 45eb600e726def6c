"""Diagnoses with the real stores."""

from functools import partial

from chalicelib.aws import objects, queues
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import commit
from chalicelib.diagnosis.model import FORM_SECONDS, MAX_BYTES, Diagnosis
from chalicelib.diagnosis.service import Library
from chalicelib.diagnosis.store import Diagnoses
from chalicelib.tenants.model import Hours
from chalicelib.tenants.rules import is_open
from chalicelib.tenants.store import Tenants


class Uploaded:
    """The files that one shop sent in."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant

    def form(self, diagnosis: str) -> tuple[str, dict[str, str]]:
        """Return with what the file is sent in, for ten minutes."""
        return objects.upload_form(self._key(diagnosis), limit=MAX_BYTES, seconds=FORM_SECONDS)

    def read(self, diagnosis: str) -> bytes | None:
        """Return the file, or one byte more than may be taken; None if it is not there."""
        return objects.read(self._key(diagnosis), limit=MAX_BYTES)

    def drop(self, diagnosis: str) -> None:
        """Take the file away; again, it changes nothing."""
        objects.drop(self._key(diagnosis))

    def _key(self, diagnosis: str) -> str:
        return objects.upload_key(self._tenant, "past", diagnosis)


def library_of(tenant: str) -> Library:
    """Return a shop's diagnoses; raise NotFound."""
    profile = Tenants(tenant).profile()
    opened = None if profile.hours == Hours() else partial(is_open, profile.hours, holidays=profile.holidays)
    return Library(Diagnoses(tenant), Uploaded(tenant), commit, opened)


def send(diagnosis: Diagnosis) -> None:
    """Have a diagnosis read soon; the same beginning is sent once."""
    body = {"tenant": diagnosis.tenant, "id": diagnosis.id}
    once = f"{diagnosis.id}-{diagnosis.changed_at}"
    queues.send(settings().diagnosis_queue_url, body, group=diagnosis.id, once=once)
