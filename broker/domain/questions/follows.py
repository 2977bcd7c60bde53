"""What a pack follows: the first disclosure to the same reader, and what has changed since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from typing import Final

from broker.domain.json_values import as_object, text
from broker.domain.references import Reference, parse_reference
from broker.domain.times import day_text


@unique
class Changed(StrEnum):
    """What has changed for somebody, in the word of the ledger (SET 2.9)."""

    MOVED = "moved"
    NEW_CONCERN = "new-concern"
    SUPPORT_ENDED = "support-ended"
    CAPACITY_OR_AGE = "capacity-or-age"
    AGREEMENT = "agreement"
    WITH_A_BODY = "contact-with-a-body"
    DEATH = "death"
    OTHER = "other"


CHANGED_IN_WORDS: Final[Mapping[Changed, str]] = {
    Changed.MOVED: "They have moved",
    Changed.NEW_CONCERN: "There is a new concern",
    Changed.SUPPORT_ENDED: "Support has ended",
    Changed.CAPACITY_OR_AGE: "Their capacity or age is not what it was",
    Changed.AGREEMENT: "What they agreed to is not what it was",
    Changed.WITH_A_BODY: "Another body is in contact with them",
    Changed.DEATH: "They have died",
    Changed.OTHER: "Something else has changed",
}
"""What each is, as people read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """To which first disclosure a pack adds what has changed, and on which day it did.

    Written by the broker, never by whoever sends a pack: the reader of this one got that one.
    """

    first: Reference
    what: Changed
    on: date

    @classmethod
    def of_document(cls, document: object) -> "Follows":
        """Return what a pack says of the one that it follows; raises `TypeError` otherwise."""
        found = as_object(document)
        return cls(
            first=parse_reference(text(found.get("first"))),
            what=Changed(text(found.get("what"))),
            on=date.fromisoformat(text(found.get("on"))),
        )

    def document(self) -> dict[str, object]:
        """Return it as it stands in a kept pack."""
        return {"first": str(self.first), "what": self.what.value, "on": day_text(self.on)}
