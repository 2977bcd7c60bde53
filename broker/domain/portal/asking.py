"""What a reader asks of the gateway, and what it answers: sealed with a secret of their own.

Only who has the token and was told the code has that secret. So the gateway knows who asks, and
nobody else reads what it answers, whoever writes into the database.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import Final

from broker.domain.json_values import as_object, text
from broker.domain.portal.pages import PageId
from broker.domain.times import moment_of, rfc3339
from keys import CannotOpenError, Place, key_for, open_field, seal_field


@unique
class Wanted(StrEnum):
    """What a reader may ask."""

    CONDITIONS = "conditions"
    DOCUMENT = "document"
    REPLY = "reply"
    QUESTIONS = "questions"
    PREVIEW = "preview"
    ANSWER = "answer"
    WORDS = "words"
    OWED = "owed"


ABOUT_A_QUESTION = frozenset(
    {Wanted.QUESTIONS, Wanted.PREVIEW, Wanted.ANSWER, Wanted.WORDS, Wanted.OWED}
)
"""What is asked only where the document of a page puts a question that can be answered there."""

ASKS: Final = "asks"
"""What is answered to accepted conditions where the document puts a question."""

MOST_ASKED: Final = 100
MOST_ASKED_WITHIN: Final = timedelta(minutes=10)
"""How much the readers of one page may ask, and within which time."""

LONGEST_ASKED: Final = 100_000
"""How many bytes what a reader writes may have: an answer to every question, with its reasons."""


LONGEST_OF_A_DUTY: Final = 4_000
"""How many characters may be written about what is owed."""


@unique
class HowItWent(StrEnum):
    """What a reader says of something owed for their answer."""

    OPENED = "opened"
    DONE = "done"
    CANNOT = "cannot"


@unique
class Refused(StrEnum):
    """Why the gateway does not do what was asked."""

    ENDED = "ended"
    CONDITIONS_FIRST = "conditions-first"
    DOCUMENT_FIRST = "document-first"
    NOT_ASKED = "not-asked"
    NO_MORE = "no-more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What is asked, when, and the words of a reply, or an answer as JSON."""

    wanted: Wanted
    at: datetime
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the gateway answers: the half of the page's key that is lacking, or why not.

    `words` is JSON about a question that the page puts.
    """

    half: bytes = b""
    words: str = ""
    refused: Refused | None = None

    def __repr__(self) -> str:
        """Say whether it was refused, never what opens the page."""
        return f"Answer(refused={self.refused})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """A reader of a page, by number and secret."""

    page: PageId
    reader: int
    secret: bytes

    def __repr__(self) -> str:
        """Name the reader, never the secret."""
        return f"Asker(reader={self.reader})"

    def seal(self, name: str, asking: Asking) -> bytes:
        """Return what is asked under a name, sealed for the gateway."""
        document = {"what": asking.wanted, "at": rfc3339(asking.at), "words": asking.words}
        return self._sealed("ask", name, document)

    def open(self, name: str, box: bytes) -> Asking:
        """Return what was asked under a name; raises `CannotOpenError` for what is not theirs."""
        document = self._opened("ask", name, box)
        return Asking(
            wanted=Wanted(text(document["what"])),
            at=moment_of(text(document["at"])),
            words=text(document["words"]),
        )

    def seal_answer(self, name: str, answer: Answer) -> bytes:
        """Return what is answered to what was asked under a name, sealed for the reader."""
        refused = "" if answer.refused is None else answer.refused.value
        document = {"half": answer.half.hex(), "refused": refused, "words": answer.words}
        return self._sealed("answer", name, document)

    def open_answer(self, name: str, box: bytes) -> Answer:
        """Return what was answered; raises `CannotOpenError`."""
        document = self._opened("answer", name, box)
        refused = text(document["refused"])
        return Answer(
            half=bytes.fromhex(text(document["half"])),
            words=text(document["words"]),
            refused=Refused(refused) if refused else None,
        )

    def _sealed(self, use: str, name: str, document: dict[str, str]) -> bytes:
        key = key_for(self.page, self.secret, use)
        return seal_field(key, json.dumps(document).encode(), self._place(use, name))

    def _opened(self, use: str, name: str, box: bytes) -> dict[str, object]:
        if not box:
            raise CannotOpenError
        key = key_for(self.page, self.secret, use)
        return as_object(json.loads(open_field(key, box, self._place(use, name))))

    def _place(self, use: str, name: str) -> Place:
        return Place(case=self.page, field=f"{use}/{name}", version=self.reader)


def ask_name(page: PageId, form: str) -> str:
    """Return under which name a form is asked, however often it is sent."""
    return hashlib.sha256(f"{page} {form}".encode()).hexdigest()
