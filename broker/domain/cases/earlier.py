"""Earlier concerns: which index a digest is of, what people say of a match, and what it counts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import Final

from broker.domain.cases.likeness import MarkKind
from broker.domain.references import Reference
from keys import CaseId

RULE: Final = "R43"
"""The rule that asks whether the earlier concerns were opened."""

READ_EARLIER: Final = "read-earlier-concerns"
"""The obligation of that rule: it is the lead's or the Guardian's, never the writer's."""

NO_CONCERNS: Final = frozenset(
    {
        "anonymous-assurance",
        "audit",
        "court-or-legal",
        "partner-request",
        "partner-response",
        "research-or-media",
        "immigration-enforcement",
        "subject-access",
    }
)
"""Purposes under which nobody is worried about somebody: they are put into no index."""


@unique
class Side(StrEnum):
    """Whose index it is: of the body that entered it, or of the body that received it."""

    ENTERED = "entered"
    RECEIVED = "received"


@unique
class Call(StrEnum):
    """What somebody says of two references, in the word of the ledger."""

    SAME = "same"
    ANOTHER = "another"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An earlier reference that matches, how sure that is, and what the body says of the two.

    `at` is when it was taken in, `number` that of the entry that says so: earlier is by this.
    """

    reference: Reference
    case: CaseId
    kind: MarkKind
    call: Call | None
    at: datetime
    number: int

    @property
    def counts(self) -> bool:
        """Say whether it is the same person, as far as anybody knows.

        An identifier unless somebody says another person; a look-alike once somebody confirms it.
        """
        if self.kind is MarkKind.EXACT:
            return self.call is not Call.ANOTHER
        return self.call is Call.SAME
