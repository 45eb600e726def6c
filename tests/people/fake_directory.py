"""A user pool in memory, behind the client that the product itself uses: it asks and signs as Cognito does."""

import base64
import hashlib
import hmac
import json
import secrets
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
import pyotp
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from chalicelib.people.app_client import client

Json = dict[str, Any]

POOL, APP = "ap-northeast-2_people", "console"
ISSUER = f"https://cognito-idp.ap-northeast-2.amazonaws.com/{POOL}"
SECRET = "the client's own secret, which no environment and no template holds"
KID = "the-key"
CODE, RESET_CODE, TEMPORARY, AGAIN = "123456", "654321", "temporary-1", "temporary-2"


@cache
def signing_key() -> RSAPrivateKey:
    """Return the pool's key, made in this process."""
    return generate_private_key(65537, 2048)


def key_set() -> Json:
    """Return the public keys as the pool publishes them."""
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(signing_key().public_key()))
    return {"keys": [{**public, "kid": KID, "alg": "RS256", "use": "sig"}]}


def keys_url() -> str:
    """Return an address at which the key set is found without a network."""
    return "data:application/json;base64," + base64.b64encode(json.dumps(key_set()).encode()).decode()


POOL_SETTINGS = {"USER_POOL": POOL, "USER_POOL_CLIENT": APP, "TOKEN_KEYS_URL": keys_url()}


def id_claims(sub: str, signed_in_at: int, /, **changes: Any) -> Json:
    """Return the claims of an ID token; what `changes` sets to None is left out."""
    now = int(time.time())
    claims = {
        "sub": sub,
        "iss": ISSUER,
        "aud": APP,
        "token_use": "id",
        "auth_time": signed_in_at,
        "iat": now,
        "exp": now + 900,
        "email": "kept@out.example",
    } | changes
    return {name: value for name, value in claims.items() if value is not None}


def sign(claims: Json, *, kid: str | None = KID, key: Any = None, algorithm: str = "RS256") -> str:
    """Return a token, signed with the pool's key unless told otherwise."""
    headers = {"kid": kid} if kid else {}
    return jwt.encode(claims, key or signing_key(), algorithm=algorithm, headers=headers)


def proof_of(user: str, secret: str = SECRET) -> str:
    """Return the hash that a call about `user` must carry."""
    digest = hmac.digest(secret.encode(), (user + APP).encode(), hashlib.sha256)
    return base64.b64encode(digest).decode()


# Where each call that anybody could make carries the hash, and the name that the hash is over.
_PROVEN = {
    "SignUp": "",
    "ConfirmSignUp": "",
    "ResendConfirmationCode": "",
    "ForgotPassword": "",
    "ConfirmForgotPassword": "",
    "AdminInitiateAuth": "AuthParameters",
    "AdminRespondToAuthChallenge": "ChallengeResponses",
}


@dataclass
class User:
    """An account."""

    mail: str
    password: str
    status: str
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    enabled: bool = True
    code: str = ""
    reset_code: str = ""
    pending: str = ""
    secret: str = ""
    mfa: bool = False


class Refused(Exception):
    """Carries Cognito's code."""


class FakeCognito:
    """One pool; `now` is when tokens are signed, in seconds, and `forgets_mfa` lets it hand out tokens without."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.mails: list[tuple[str, str]] = []
        self.calls: list[str] = []
        self.late = 0
        self.forgets_mfa = False
        self.dies_before = ""
        self.secret = SECRET
        self._refresh: dict[str, tuple[str, int]] = {}
        self._access: dict[str, str] = {}
        self._sessions: dict[str, str] = {}

    def now(self) -> int:
        return int(time.time()) + self.late

    def called(self, mail: str) -> User:
        """Return the account of an address."""
        return next(user for user in self.users.values() if user.mail == mail)

    def answer(self, model: Any, params: Json, **_: Any) -> tuple[Any, Json]:
        """Answer one call of the client, as botocore would have parsed it."""
        name, given = model.name, json.loads(params["body"])
        if name == self.dies_before:
            raise RuntimeError(f"the process ended before {name}")
        self.calls.append(name)
        does: Callable[[Json], Json | None] = getattr(self, f"_on_{name}")
        try:
            self._proven(name, given)
            return Http(200), {**(does(given) or {}), "ResponseMetadata": {"HTTPStatusCode": 200}}
        except Refused as refused:
            error = {"Code": str(refused), "Message": "SECRET text of the directory"}
            return Http(400), {"Error": error, "ResponseMetadata": {"HTTPStatusCode": 400}}

    def _user(self, name: str) -> User:
        for user in self.users.values():
            if name in (user.id, user.mail):
                return user
        raise Refused("UserNotFoundException")

    def _proven(self, name: str, given: Json) -> None:
        """Refuse whoever calls for our client and does not know its secret."""
        if name == "RevokeToken" and given.get("ClientSecret") != self.secret:
            raise Refused("NotAuthorizedException")
        if name not in _PROVEN:
            return
        said = given[_PROVEN[name]] if _PROVEN[name] else given
        user = said.get("USERNAME") or said.get("Username")
        if user is None:
            # A renewal is proven over the user's own name, whatever address the person signed in with.
            user = self._refresh.get(said["REFRESH_TOKEN"], ("", 0))[0]
        if (said.get("SECRET_HASH") or said.get("SecretHash")) != proof_of(user, self.secret):
            raise Refused("NotAuthorizedException")

    def _on_DescribeUserPoolClient(self, given: Json) -> Json:
        return {"UserPoolClient": {"ClientId": given["ClientId"], "ClientSecret": self.secret}}

    def _strong(self, password: str) -> None:
        if len(password) < 10:
            raise Refused("InvalidPasswordException")

    def _on_SignUp(self, given: Json) -> Json:
        self._strong(given["Password"])
        if any(user.mail == given["Username"] for user in self.users.values()):
            raise Refused("UsernameExistsException")
        user = User(given["Username"], given["Password"], "UNCONFIRMED", code=CODE)
        self.users[user.id] = user
        self.mails.append((user.mail, CODE))
        return {"UserConfirmed": False, "UserSub": user.id}

    def _on_ResendConfirmationCode(self, given: Json) -> None:
        user = self._user(given["Username"])
        if user.status != "UNCONFIRMED":
            raise Refused("InvalidParameterException")
        self.mails.append((user.mail, user.code))

    def _on_ConfirmSignUp(self, given: Json) -> None:
        try:
            user = self._user(given["Username"])
        except Refused:
            raise Refused("CodeMismatchException") from None
        if user.status != "UNCONFIRMED":
            raise Refused("NotAuthorizedException")
        if given["ConfirmationCode"] != user.code:
            raise Refused("CodeMismatchException")
        user.status = "CONFIRMED"

    def _on_AdminInitiateAuth(self, given: Json) -> Json:
        said = given["AuthParameters"]
        if given["AuthFlow"] == "REFRESH_TOKEN_AUTH":
            sub, signed_in_at = self._refresh.get(said["REFRESH_TOKEN"], ("", 0))
            if sub not in self.users or not self.users[sub].enabled:
                raise Refused("NotAuthorizedException")
            return {"AuthenticationResult": {"IdToken": sign(id_claims(sub, signed_in_at)), "AccessToken": "a"}}
        try:
            user = self._user(said["USERNAME"])
        except Refused:
            raise Refused("NotAuthorizedException") from None
        if user.status == "UNCONFIRMED":
            raise Refused("UserNotConfirmedException")
        if not user.enabled or said["PASSWORD"] != user.password:
            raise Refused("NotAuthorizedException")
        if user.status == "FORCE_CHANGE_PASSWORD":
            return self._challenge("NEW_PASSWORD_REQUIRED", user)
        return self._next(user)

    def _next(self, user: User) -> Json:
        if user.mfa and not self.forgets_mfa:
            return self._challenge("SOFTWARE_TOKEN_MFA", user)
        return self._tokens(user)

    def _challenge(self, name: str, user: User) -> Json:
        session = secrets.token_urlsafe(64)
        self._sessions[session] = user.id
        return {
            "ChallengeName": name,
            "Session": session,
            "ChallengeParameters": {"USER_ID_FOR_SRP": user.id},
        }

    def _tokens(self, user: User) -> Json:
        access, refresh = secrets.token_hex(), secrets.token_hex()
        self._access[access] = user.id
        self._refresh[refresh] = (user.id, self.now())
        proof = sign(id_claims(user.id, self.now(), email=user.mail))
        return {"AuthenticationResult": {"IdToken": proof, "AccessToken": access, "RefreshToken": refresh}}

    def _on_AdminRespondToAuthChallenge(self, given: Json) -> Json:
        said = given["ChallengeResponses"]
        user = self._user(said["USERNAME"])
        if self._sessions.get(given["Session"]) != user.id:
            raise Refused("NotAuthorizedException")
        if given["ChallengeName"] == "NEW_PASSWORD_REQUIRED":
            self._strong(said["NEW_PASSWORD"])
            user.password, user.status = said["NEW_PASSWORD"], "CONFIRMED"
            del self._sessions[given["Session"]]
            return self._next(user)
        if not pyotp.TOTP(user.secret).verify(said["SOFTWARE_TOKEN_MFA_CODE"], valid_window=1):
            raise Refused("CodeMismatchException")
        del self._sessions[given["Session"]]
        return self._tokens(user)

    def _on_AssociateSoftwareToken(self, given: Json) -> Json:
        user = self._holder(given)
        user.pending = pyotp.random_base32()
        return {"SecretCode": user.pending}

    def _on_VerifySoftwareToken(self, given: Json) -> Json:
        user = self._holder(given)
        if not user.pending or not pyotp.TOTP(user.pending).verify(given["UserCode"], valid_window=1):
            raise Refused("EnableSoftwareTokenMFAException")
        user.secret, user.pending = user.pending, ""
        return {"Status": "SUCCESS"}

    def _holder(self, given: Json) -> User:
        if given["AccessToken"] not in self._access:
            raise Refused("NotAuthorizedException")
        return self.users[self._access[given["AccessToken"]]]

    def _on_AdminSetUserMFAPreference(self, given: Json) -> None:
        user, wanted = self._user(given["Username"]), given["SoftwareTokenMfaSettings"]["Enabled"]
        if not user.secret:
            raise Refused("InvalidParameterException")
        user.mfa = wanted

    def _on_RevokeToken(self, given: Json) -> None:
        self._refresh.pop(given["Token"], None)

    def _on_AdminUserGlobalSignOut(self, given: Json) -> None:
        user = self._user(given["Username"])
        self._refresh = {token: held for token, held in self._refresh.items() if held[0] != user.id}
        self._access = {token: sub for token, sub in self._access.items() if sub != user.id}

    def _on_ForgotPassword(self, given: Json) -> None:
        user = next((user for user in self.users.values() if user.mail == given["Username"]), None)
        if user:
            user.reset_code = RESET_CODE
            self.mails.append((user.mail, RESET_CODE))

    def _on_ConfirmForgotPassword(self, given: Json) -> None:
        user = next((user for user in self.users.values() if user.mail == given["Username"]), None)
        if user is None or given["ConfirmationCode"] != user.reset_code:
            raise Refused("CodeMismatchException")
        self._strong(given["Password"])
        user.password, user.reset_code = given["Password"], ""

    def _on_AdminSetUserPassword(self, given: Json) -> None:
        self._strong(given["Password"])
        user = self._user(given["Username"])
        user.password = given["Password"]
        user.status = "CONFIRMED" if given["Permanent"] else "FORCE_CHANGE_PASSWORD"

    def _on_AdminCreateUser(self, given: Json) -> Json:
        if given.get("MessageAction") == "RESEND":
            return self._again(self._user(given["Username"]))
        if any(user.mail == given["Username"] for user in self.users.values()):
            raise Refused("UsernameExistsException")
        user = User(given["Username"], TEMPORARY, "FORCE_CHANGE_PASSWORD")
        self.users[user.id] = user
        self.mails.append((user.mail, TEMPORARY))
        return {"User": {"Username": user.id}}

    def _again(self, user: User) -> Json:
        if user.status != "FORCE_CHANGE_PASSWORD":
            raise Refused("UnsupportedUserStateException")
        user.password = AGAIN
        self.mails.append((user.mail, AGAIN))
        return {"User": {"Username": user.id}}

    def _on_AdminGetUser(self, given: Json) -> Json:
        user = self._user(given["Username"])
        named = {"sub": user.id, "email": user.mail}
        attributes = [{"Name": name, "Value": value} for name, value in named.items()]
        return {"Username": user.id, "UserStatus": user.status, "UserAttributes": attributes}

    def _on_AdminDisableUser(self, given: Json) -> None:
        self._user(given["Username"]).enabled = False

    def _on_AdminEnableUser(self, given: Json) -> None:
        self._user(given["Username"]).enabled = True

    def _on_AdminDeleteUser(self, given: Json) -> None:
        del self.users[self._user(given["Username"]).id]


@dataclass(frozen=True)
class Http:
    """As much of an HTTP answer as botocore looks at."""

    status_code: int


@contextmanager
def fake_cognito() -> Iterator[FakeCognito]:
    """Yield a pool that answers in Cognito's place."""
    fake = FakeCognito()
    events = client().meta.events
    events.register_first("before-call.cognito-idp", fake.answer)
    try:
        yield fake
    finally:
        events.unregister("before-call.cognito-idp", fake.answer)
