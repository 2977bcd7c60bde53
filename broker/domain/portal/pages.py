"""A page from which somebody without an account fetches one document: how long, and for whom.

>>> spelled(new_code(lambda characters: characters[7]))
'7777-7777'
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import Final

from broker.domain.references import ALPHABET, Choose, Reference
from keys import CaseId, Place

LIVES: Final = timedelta(days=7)
"""How long a page stands; then it is destroyed."""

MOST_TRIES: Final = 5
"""How many wrong codes, from anywhere, lock a page until its sender rings again."""

MOST_READERS: Final = 6
"""How many functions of one team may be told a code of their own."""

MOST_FETCHES: Final = 3
"""How often the document is given to one reader."""

CONDITIONS: Final = "conditions/1"
"""The edition of the conditions that a reader accepts, as the ledger names it."""

DELETE_WITHIN: Final = timedelta(days=28)
"""By when copies outside the reader's own record are to be gone, counted from the fetching."""

LONGEST_REPLY: Final = 2_000
MOST_REPLIES: Final = 20
"""How long a reply may be, and how many a page takes."""

ASKED_AT_MOST: Final = timedelta(seconds=60)
"""How old a reader's asking may be before nobody waits for its answer any more."""

_CODE: Final = 8
_TOKEN_BYTES: Final = 24

PageId = CaseId
"""What a page is called in the database: a digest of the token in its address."""


@unique
class PageForm(StrEnum):
    """What a page gives: the sealed document, or one that opens, for who takes no sealed files."""

    SEALED = "sealed"
    OPEN = "open"


@unique
class PageEnd(StrEnum):
    """Why a page gives nothing any more."""

    RECALLED = "recalled"
    EXPIRED = "expired"


@unique
class PageStanding(StrEnum):
    """How a page stands at a moment."""

    OPEN = "open"
    LOCKED = "locked"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """Whom a reader rings where a page gives nothing: the title of a function, and its number."""

    title: str
    telephone: str


NOBODY: Final = Ring(title="", telephone="")
"""Where nobody is known whom a reader could ring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page without its document: codes and times, nothing about a person.

    `tries` counts wrong codes since the sender last told one. `ring_mark` opens with the token of
    the address where `ring` is what the gateway wrote.
    """

    id: PageId
    reference: Reference
    form: PageForm
    salt: bytes
    tries: int
    expires_at: datetime
    ring: Ring
    ring_mark: bytes
    ended: PageEnd | None

    def stands(self, now: datetime) -> PageStanding:
        """Return how the page stands at a moment."""
        if self.ended is not None or now >= self.expires_at:
            return PageStanding.ENDED
        return PageStanding.LOCKED if self.tries >= MOST_TRIES else PageStanding.OPEN


CONTENT: Final = "content"
"""For what use the key of a page seals what it gives."""


def content_place(page: Page) -> Place:
    """Return to which place what a page gives is bound."""
    return Place(case=page.id, field=f"{page.reference}/{page.form.value}", version=1)


RING: Final = "ring"
"""For what use the token of a page vouches for whom its reader rings."""


def ring_place(page: PageId, ring: Ring) -> Place:
    """Return to which place the mark on whom a reader rings is bound."""
    return Place(case=page, field=f"ring/{ring.telephone}/{ring.title}", version=1)


def secret_place(page: Page, reader: int) -> Place:
    """Return to which place the secret of a reader is bound."""
    return Place(case=page.id, field=f"reader/{reader}", version=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPage:
    """What makes a page: the token of its address, and the key of what it gives."""

    token: str
    key: bytes
    salt: bytes
    form: PageForm

    def __repr__(self) -> str:
        """Name the form, never what opens it."""
        return f"NewPage(form={self.form.value})"

    @property
    def id(self) -> PageId:
        """What the page is called in the database."""
        return page_id(self.token)


def draw_page(form: PageForm) -> NewPage:
    """Return a new page with a token that nobody guesses."""
    return NewPage(
        token=secrets.token_urlsafe(_TOKEN_BYTES),
        key=secrets.token_bytes(32),
        salt=secrets.token_bytes(16),
        form=form,
    )


def page_id(token: str) -> PageId:
    """Return what the page of a token is called in the database, which never has the token."""
    return PageId(hashlib.sha256(b"disclosure-broker page " + token.encode()).hexdigest())


def new_code(choose: Choose = secrets.choice) -> str:
    """Return eight characters to be told by telephone, one of 656 thousand million."""
    return "".join(choose(ALPHABET) for _ in range(_CODE))


def spelled(code: str) -> str:
    """Return a code as it is read out: two groups of four."""
    return f"{code[:4]}-{code[4:]}"
