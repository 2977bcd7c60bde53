"""What a legal hold asks for, before it is one."""

from dataclasses import dataclass
from datetime import date

from keys import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRequest:
    """Who needs a case kept, an opaque identifier, to the end of which day, and why in words."""

    owner: PersonId
    until: date
    why: str
