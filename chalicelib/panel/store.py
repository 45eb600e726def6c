"""Ratings in the table, each beside what was said in its contact; comments are sealed."""

from typing import Any

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.aws.keys import prefix, sort_key, split, tenant_key
from chalicelib.aws.tables import Put, Row, Update, Write
from chalicelib.aws.vault import Vault
from chalicelib.kernel.clock import Millis, iso, iso_millis
from chalicelib.panel.model import AlreadyRated, Rating, Scored


class _RatingRow(Row, discriminator="rating"):
    episode = NumberAttribute()
    score = NumberAttribute()
    agent = UnicodeAttribute()
    at = NumberAttribute()
    digest = UnicodeAttribute()
    content = BinaryAttribute(legacy_encoding=False, null=True)


class Ratings:
    """How one tenant's contacts were rated. The scores outlive an erasure, what was said with them does not."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._cipher = Vault(tenant)
        self._list = tenant_key(tenant, "rated")

    def all(self, contact: str) -> list[Rating]:
        """Return the ratings of the contact, by episode, strongly consistent."""
        return [self._read(contact, row) for row in self._rows(contact)]

    def between(self, start: Millis, end: Millis) -> list[Scored]:
        """Return the scores that were given since `start`, and before `end`, oldest first: eventually consistent.

        They are read off the index alone.
        """
        within = _RatingRow.lists_sk.between(iso(start), iso(end))
        found = _RatingRow.query(self._list, within, index_name="lists")
        parts = (split(str(row.lists_sk)) for row in found)
        return [Scored(iso_millis(at), contact, int(score)) for at, contact, _, score in parts]

    def add(self, rating: Rating) -> Write:
        """Return the write that stores the rating of an episode; refused with AlreadyRated."""
        sealed = self._cipher.seal(self._place(rating.contact, rating.episode), rating.comment)
        row = _RatingRow(
            pk=self._pk(rating.contact),
            sk=sort_key("rating", f"{rating.episode:05d}"),
            lists_pk=self._list,
            lists_sk=sort_key(iso(rating.at), rating.contact, f"{rating.episode}", f"{rating.score}"),
            episode=rating.episode,
            score=rating.score,
            agent=rating.agent,
            at=rating.at,
            digest=rating.digest,
            content=sealed if rating.comment else None,
        )
        return Put(row, _RatingRow.pk.does_not_exist(), _rated)

    def blank(self, contact: str) -> list[Write]:
        """Return the writes that take away what was said with the contact's ratings."""
        spoken = [row for row in self._rows(contact) if row.content]
        actions = [_RatingRow.content.remove(), _RatingRow.digest.set("")]
        return [Update(row, actions, _RatingRow.pk.exists()) for row in spoken]

    def _rows(self, contact: str) -> list[_RatingRow]:
        ratings = _RatingRow.sk.startswith(prefix("rating"))
        return list(_RatingRow.query(self._pk(contact), ratings, consistent_read=True))

    def _read(self, contact: str, row: _RatingRow) -> Rating:
        episode = int(row.episode)
        comment = self._cipher.open(self._place(contact, episode), row.content) if row.content else ""
        return Rating(contact, episode, int(row.score), comment, row.agent, int(row.at), row.digest)

    def _pk(self, contact: str) -> str:
        return tenant_key(self._tenant, "contact", contact)

    def _place(self, contact: str, episode: int) -> str:
        return sort_key("rating", contact, f"{episode}")


def _rated(old: Any) -> AlreadyRated:
    return AlreadyRated(old.digest)
