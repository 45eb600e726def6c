"""How people come in, step by step, over HTTP; each step must succeed unless a test asks for the answer."""

import uuid
import zlib
from dataclasses import dataclass
from typing import Any

import pyotp

from chalicelib.aws.tables import commit
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.people.model import Person
from chalicelib.people.store import People
from chalicelib.tenants.entrustment import SUBPROCESSORS, TERMS
from tests.moto_desk import Answer, Desk
from tests.people.fake_directory import CODE, TEMPORARY, FakeCognito, id_claims, sign
from tests.tenants.samples import registration

PASSWORD = "correct horse battery"
OWNER_MAIL = "owner@danbi.example"
SCRIPT = {"X-Duredesk": "1"}


ACCEPTS = {"terms": TERMS[-1].version, "subprocessors": SUBPROCESSORS[-1].version}


def shop_body(tenant: str = "haneul", **changes: Any) -> dict[str, Any]:
    """Return a shop to be founded; another one has another number."""
    number = registration(zlib.crc32(tenant.encode()) % 1_000_000_000)
    shop = {"id": tenant, "name": "하늘가게", "name_en": "Haneul", "kind": "fashion"}
    return shop | {"registration": number, "accepts": ACCEPTS} | changes


@dataclass
class Entrance:
    """The desk's door, and the pool behind it."""

    desk: Desk
    cognito: FakeCognito

    def post(self, path: str, body: Any = None, *, who: Caller | None = None, **options: Any) -> Answer:
        return self.desk.call(who, f"POST /v1/{path}", body, **options)

    def sign_up(self, mail: str = OWNER_MAIL) -> str:
        """Return the id of a newcomer."""
        assert self.post("sign-up", {"mail": mail, "password": PASSWORD}).status == 202
        confirmed = self.post("sign-up/confirm", {"mail": mail, "code": CODE, "password": PASSWORD})
        assert confirmed.status == 204, confirmed
        return self.cognito.called(mail).id

    def start(self, mail: str = OWNER_MAIL, password: str = PASSWORD) -> Answer:
        return self.post("session/start", {"mail": mail, "password": password})

    def sign_in(self, mail: str = OWNER_MAIL) -> str:
        """Return a token."""
        answer = self.start(mail)
        assert answer.status == 200, answer
        return str(answer.body["token"])

    def proves(self, token: str) -> Caller | None:
        """Return whom the authorizer lets in with `token`, or None."""
        answer = self.desk.authorize(f"Bearer {token}")
        context = answer.get("context") or {}
        if not context:
            return None
        return Caller(**{**context, "kind": Kind(context["kind"])})

    def found_shop(self, tenant: str = "haneul", mail: str = OWNER_MAIL) -> Caller:
        """Return the owner of a new shop."""
        self.sign_up(mail)
        newcomer = self.proves(self.sign_in(mail))
        made = self.post("tenants", shop_body(tenant), who=newcomer)
        assert made.status == 201, made
        owner = self.proves(self.sign_in(mail))
        assert owner is not None
        return owner

    def admin(self, kind: Kind = Kind.ADMIN, **fields: Any) -> Caller:
        """Return someone of the team who has signed in."""
        person = Person(str(uuid.uuid4()), kind, **fields)
        commit(People().add(person))
        return person.caller

    def invited(self, mail: str, by: Caller, **seat: Any) -> str:
        """Return the id of a new colleague."""
        answer = self.post("team", {"mail": mail, **seat}, who=by)
        assert answer.status == 201, answer
        return str(answer.body["id"])

    def enrolled(self, mail: str, temporary: str = TEMPORARY) -> str:
        """Take an invitation up, set up an authenticator, and return its secret."""
        asked = self.start(mail, temporary)
        assert asked.body["challenge"] == "new_password", asked
        given = {"ticket": asked.body["ticket"], "new_password": PASSWORD}
        asked = self.post("session/answer", given)
        return self.set_up(asked)

    def set_up(self, asked: Answer) -> str:
        """Set up the authenticator that is asked for, and return its secret."""
        assert asked.body["challenge"] == "enroll_totp", asked
        secret = str(asked.body["secret"])
        done = self.post("session/totp", {"ticket": asked.body["ticket"], "code": pyotp.TOTP(secret).now()})
        assert done.status == 204, done
        return secret

    def with_code(self, mail: str, secret: str) -> Answer:
        """Sign in with password and authenticator."""
        asked = self.start(mail)
        assert asked.body["challenge"] == "totp", asked
        return self.post("session/answer", {"ticket": asked.body["ticket"], "code": pyotp.TOTP(secret).now()})

    def token_of(self, person: str, signed_in_at: int) -> str:
        """Return a token as the pool signs it."""
        return sign(id_claims(person, signed_in_at))
