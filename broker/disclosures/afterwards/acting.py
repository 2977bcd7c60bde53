"""Who takes a step on a disclosure, and when."""

from dataclasses import dataclass
from datetime import datetime

from broker.domain.model import Person
from broker.domain.references import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Somebody who takes a step on a disclosure at a moment."""

    reference: Reference
    person: Person
    at: datetime
