"""Which shop has which 사업자등록번호, in the table: one shop for each number."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.aws.credentials import own
from chalicelib.aws.keys import desk_key
from chalicelib.aws.tables import Put, Row, Write
from chalicelib.people.model import Claim
from chalicelib.people.rules import registration_taken


class _RegistrationRow(Row, discriminator="registration"):
    person = UnicodeAttribute()
    tenant = UnicodeAttribute()
    at = NumberAttribute()


class Registrations:
    """All numbers that were claimed. They are read with the function's own role: they are no shop's."""

    def find(self, number: str) -> Claim | None:
        """Return who claimed a number, strongly consistent, or None."""
        with own():
            row = _RegistrationRow.find(desk_key("registration", number), "tenant")
        return Claim(number, row.person, row.tenant, int(row.at)) if row else None

    def claim(self, claim: Claim, before: Claim | None) -> Write:
        """Return the write that replaces `before`; refused with Conflict `registration_taken` if others did."""
        row = _RegistrationRow(
            pk=desk_key("registration", claim.number),
            sk="tenant",
            person=claim.person,
            tenant=claim.tenant,
            at=claim.at,
        )
        unchanged: Condition = _RegistrationRow.pk.does_not_exist()
        if before is not None:
            unchanged = (_RegistrationRow.person == before.person) & (_RegistrationRow.at == before.at)
        return Put(row, unchanged, lambda _: registration_taken())
