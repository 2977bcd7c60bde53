"""What the gateway needs of whoever hears a reader that answers a question on its page."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from broker.delivery.person_notices import PersonNotice
from broker.domain.model import Disclosure
from broker.domain.partner_requests.answers import GivenAnswer
from broker.domain.portal.asking import Answer, Asking
from broker.storage.transaction import Transaction
from policies import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReader:
    """A reader who proved to have token and code: of which disclosure, and by which function."""

    disclosure: Disclosure
    number: int
    function: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a reader is answered, and of what their body is told once it is committed."""

    answer: Answer
    notice: PersonNotice | None = None


class ReadsAnswers(Protocol):
    """Reads an answer as it was sent."""

    def __call__(self, text: bytes, vocabulary: Vocabulary, today: date, /) -> GivenAnswer:
        """Return the answer; raises `FaultyDocumentError` with every fault."""
        ...


class HearsReaders(Protocol):
    """Does what a reader asks about a question that a page puts."""

    def is_asked(self, tx: Transaction, disclosure: Disclosure) -> bool:
        """Say whether a disclosure puts a question that can be answered."""
        ...

    def hear(
        self, tx: Transaction, reader: PageReader, asking: Asking, read: ReadsAnswers
    ) -> Heard:
        """Do it in the caller's transaction, recorded, and return what is said of it."""
        ...
