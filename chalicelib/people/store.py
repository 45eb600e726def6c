"""People in the table: a row each, and how many owners a shop has."""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.aws.credentials import own
from chalicelib.aws.keys import desk_key, tenant_key
from chalicelib.aws.tables import Put, Row, Update, Write
from chalicelib.kernel.caller import Kind
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Conflict, not_found
from chalicelib.people.model import Person
from chalicelib.people.rules import sign_in_failed

_TEAM = desk_key("people")


class _PersonRow(Row, discriminator="person"):
    person = UnicodeAttribute()
    role = UnicodeAttribute()
    tenant = UnicodeAttribute(null=True)
    agent = UnicodeAttribute(null=True)
    pool = UnicodeAttribute(null=True)
    valid_from = NumberAttribute(default=0)
    totp_since = NumberAttribute(default=0)
    gone = BooleanAttribute(default=False)
    invited_by = UnicodeAttribute(null=True)
    created_at = NumberAttribute()


class _OwnersRow(Row, discriminator="owners"):
    owners = NumberAttribute()


class People:
    """Everyone who signs in. Rows are read with the function's own role: a proof comes before any scope."""

    def find(self, person: str) -> Person | None:
        """Return the person as he or she is now, strongly consistent, or None."""
        with own():
            row = _PersonRow.find(_pk(person), "person")
        return _person(row) if row else None

    def of_tenant(self, tenant: str) -> list[Person]:
        """Return the people of a shop who are not gone."""
        hints = _PersonRow.query(tenant_key(tenant, "people"), index_name="lists")
        return self._many([str(row.lists_sk) for row in hints], tenant)

    def team(self) -> list[Person]:
        """Return everyone of the team who is not gone."""
        with own():
            return self._many([str(row.lists_sk) for row in _PersonRow.query(_TEAM, index_name="lists")], "")

    def _many(self, ids: list[str], tenant: str) -> list[Person]:
        # The index is a hint: who left a moment ago, or for another shop, may still be in it.
        found = [self.find(person) for person in ids]
        return [person for person in found if person and not person.gone and person.tenant == tenant]

    def add(self, person: Person) -> Write:
        """Return the write that stores someone new; refused with Conflict `person_exists`."""
        exists = Conflict("person_exists", "this person is known already")
        return Put(_row(person), _PersonRow.pk.does_not_exist(), lambda _: exists)

    def save(self, before: Person, after: Person) -> Write:
        """Return the write that replaces `before`; refused with Conflict `person_changed` if it is no longer so.

        What a sign-in moves (`valid_from`, `totp_since`) is not looked at.
        """
        same: Condition = (_PersonRow.role == before.kind) & (_PersonRow.gone == before.gone)
        for attribute, value in ((_PersonRow.tenant, before.tenant), (_PersonRow.pool, before.pool)):
            same &= (attribute == value) if value else attribute.does_not_exist()
        actions = [_PersonRow.role.set(after.kind), _PersonRow.gone.set(after.gone)]
        for name in ("tenant", "agent", "pool", "invited_by"):
            value, attribute = getattr(after, name), getattr(_PersonRow, name)
            if value != getattr(before, name):
                actions.append(attribute.set(value) if value else attribute.remove())
        for name in ("valid_from", "totp_since"):
            if getattr(after, name) != getattr(before, name):
                actions.append(getattr(_PersonRow, name).set(getattr(after, name)))
        listed = _list_of(after)
        if listed is None:
            actions += [_PersonRow.lists_pk.remove(), _PersonRow.lists_sk.remove()]
        else:
            actions += [_PersonRow.lists_pk.set(listed), _PersonRow.lists_sk.set(after.id)]
        changed = Conflict("person_changed", "someone else changed this person's role")
        return Update(_key(before.id), actions, same, lambda _: changed)

    def void(self, person: str, at: Millis) -> Write:
        """Return the write after which no token of a sign-in before `at` counts."""
        absent = not_found()
        return Update(_key(person), [_PersonRow.valid_from.set(at)], _PersonRow.pk.exists(), lambda _: absent)

    def enrolled(self, person: str, at: Millis, *, began: Millis) -> Write:
        """Return the write after which this person has had a second factor since `at`.

        Refused with Unauthenticated `sign_in_failed` if the sign-in that `began` then was voided meanwhile.
        """
        still: Condition = _PersonRow.valid_from <= began
        return Update(_key(person), [_PersonRow.totp_since.set(at)], still, lambda _: sign_in_failed())

    def unenrolled(self, person: str, at: Millis) -> Write:
        """Return the write after which this person has no second factor, and no sign-in before `at` counts."""
        actions, absent = [_PersonRow.totp_since.set(0), _PersonRow.valid_from.set(at)], not_found()
        return Update(_key(person), actions, _PersonRow.pk.exists(), lambda _: absent)

    def owners(self, tenant: str, change: int) -> Write:
        """Return the write that counts one owner more or fewer; refused for the last one."""
        row = _OwnersRow(pk=tenant_key(tenant, "people"), sk="owners")
        last = Conflict("last_owner", "a shop keeps at least one owner")
        more = _OwnersRow.owners > 1 if change < 0 else None
        return Update(row, [_OwnersRow.owners.add(change), _OwnersRow.kind.set(_OwnersRow)], more, lambda _: last)


def _pk(person: str) -> str:
    return desk_key("person", person)


def _key(person: str) -> _PersonRow:
    return _PersonRow(pk=_pk(person), sk="person")


def _list_of(person: Person) -> str | None:
    if person.gone or person.newcomer:
        return None
    return tenant_key(person.tenant, "people") if person.tenant else _TEAM


def _row(person: Person) -> _PersonRow:
    row, listed = _key(person.id), _list_of(person)
    row.person, row.role, row.created_at = person.id, person.kind, person.created_at
    row.tenant, row.agent, row.pool = person.tenant or None, person.agent or None, person.pool or None
    row.invited_by = person.invited_by or None
    row.lists_pk, row.lists_sk = listed, person.id if listed else None
    return row


def _person(row: _PersonRow) -> Person:
    return Person(
        id=row.person,
        kind=Kind(row.role),
        tenant=row.tenant or "",
        agent=row.agent or "",
        pool=row.pool or "",
        valid_from=int(row.valid_from),
        totp_since=int(row.totp_since),
        gone=bool(row.gone),
        invited_by=row.invited_by or "",
        created_at=int(row.created_at),
    )
