"""Keys of a shop's own server, over HTTP: each issue and revocation is a line in the record of permissions."""

from http import HTTPStatus
from typing import Annotated, Self

from msgspec import Meta, Struct

from chalicelib.access.model import Issued, ListedKey
from chalicelib.access.rules import OWNER
from chalicelib.access.service import new_key
from chalicelib.access.store import Keys
from chalicelib.aws.tables import commit
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import iso
from chalicelib.kernel.errors import Conflict, not_found
from chalicelib.kernel.text import clean
from chalicelib.people.changes import Changes
from chalicelib.people.members import line_of
from chalicelib.people.model import Actor, Deed
from chalicelib.tenants.store import Tenants
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.pressure import Shed

api = Api()

_KEYS = "/v1/tenants/{tenant}/server-keys"
_KEY_LENGTH = 16
_LIVE = 10
_LABEL_LIMIT = 100


class ServerKeyIn(Struct, forbid_unknown_fields=True):
    """What the key is for."""

    label: Annotated[str, Meta(max_length=400)]


class ServerKeyView(Struct):
    """A key of the shop's server; `by` and `at` are empty for keys that the desk issued."""

    id: str
    label: str
    by: str
    at: str
    revoked: bool

    @classmethod
    def of(cls, key: ListedKey) -> Self:
        """Return what the API shows of `key`."""
        issued = key.issued
        return cls(key.id, issued.label, issued.by, iso(issued.at) if issued.at else "", key.revoked)


class NewServerKeyView(Struct):
    """A key of the shop's server, whole: `key` is shown this once."""

    id: str
    key: str
    label: str


class ServerKeysView(Struct):
    """The keys of the shop's server, oldest first."""

    keys: list[ServerKeyView]


@api.route("POST", _KEYS, policy=OWNER, body=ServerKeyIn, returns=NewServerKeyView, status=HTTPStatus.CREATED)
def issue_server_key(call: Call[ServerKeyIn]) -> NewServerKeyView:
    """Issue a key for the shop's server; nobody sees it again, so a repeat is refused and another one issued."""
    label = clean(call.body.label, limit=_LABEL_LIMIT, field="label")
    tenant, key = Tenants(call.params["tenant"]).profile().id, call.new_id()[:_KEY_LENGTH]
    store = Keys(Kind.SHOP, tenant)
    if sum(not one.revoked for one in store.all()) >= _LIVE:
        raise Conflict("too_many_keys", f"a shop has {_LIVE} keys at most; revoke one first")
    server = Caller(Kind.SHOP, key, tenant=tenant)
    whole, write = new_key(server, store, Issued(label, call.caller.name, call.now))
    line = line_of(Actor(call.caller, call.source, call.now), Deed.KEY_ISSUED, key, after=Kind.SHOP)
    commit(write, Changes(tenant).add(line))
    return NewServerKeyView(key, whole, label)


@api.route("GET", _KEYS, policy=OWNER, returns=ServerKeysView, shed=Shed.SEARCH)
def list_server_keys(call: Call[Empty]) -> ServerKeysView:
    """List the keys of the shop's server, revoked ones too, oldest first."""
    tenant = Tenants(call.params["tenant"]).profile().id
    return ServerKeysView([ServerKeyView.of(key) for key in Keys(Kind.SHOP, tenant).all()])


@api.route("POST", _KEYS + "/{key}/revoke", policy=OWNER, returns=ServerKeyView)
def revoke_server_key(call: Call[Empty]) -> ServerKeyView:
    """Make a key open nothing, within the 30 seconds that API Gateway remembers its proof."""
    tenant, wanted = Tenants(call.params["tenant"]).profile().id, call.params["key"]
    store = Keys(Kind.SHOP, tenant)
    if not _found(store, wanted).revoked:
        line = line_of(Actor(call.caller, call.source, call.now), Deed.KEY_REVOKED, wanted, before=Kind.SHOP)
        commit(store.revoke(wanted), Changes(tenant).add(line))
    return ServerKeyView.of(_found(store, wanted))


def _found(store: Keys, wanted: str) -> ListedKey:
    found = next((key for key in store.all() if key.id == wanted), None)
    if found is None:
        raise not_found()
    return found
