"""The gateway's half of a page: offered with a disclosure, told to readers, taken away again."""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from audit.format.entry import Entry
from broker.delivery.ways_out import page_form
from broker.domain.errors import NotAllowedError, RowDisagreesError, WrongStateError
from broker.domain.json_values import as_object, text
from broker.domain.model import Disclosure
from broker.domain.portal.pages import (
    CONTENT,
    LIVES,
    MOST_READERS,
    NOBODY,
    RING,
    NewPage,
    Page,
    PageEnd,
    PageForm,
    Ring,
    content_place,
    draw_page,
    new_code,
    ring_place,
    secret_place,
)
from broker.domain.times import moment_of
from broker.ledger.changes.retractions import called_back
from broker.storage.case_file import CaseFile, Part
from broker.storage.transaction import Transaction
from keys import CannotOpenError, joined, key_for, seal_field, told_key

_LEADS: Final = ("prevent-lead", "partner-lead", "safeguarding-inbox")
_SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One function of the recipient's team that was told a code: its number and its title."""

    number: int
    function: str


def offer(
    tx: Transaction, disclosure: Disclosure, form: PageForm, content: bytes, now: datetime
) -> None:
    """Make the page of a disclosure with what it gives, in the caller's transaction.

    Its days are counted anew from the moment when its address was sent.
    """
    made, ring = draw_page(form), _ring(tx, disclosure)
    page = Page(
        id=made.id,
        reference=disclosure.reference,
        form=form,
        salt=made.salt,
        tries=0,
        expires_at=now + LIVES,
        ring=ring,
        ring_mark=_ring_mark(made, ring),
        ended=None,
    )
    key = key_for(page.id, made.key, CONTENT)
    tx.pages.put(page, seal_field(key, content, content_place(page)), now)
    document = {"token": made.token, "key": made.key.hex(), "form": form.value}
    tx.case_file(disclosure).put(Part.PAGE, json.dumps(document).encode())


def offered(file: CaseFile, page: Page) -> NewPage:
    """Return what makes the page of a disclosure, as it is kept with the case.

    Raises `CannotOpenError` where that is gone although the page stands.
    """
    sealed = file.get(Part.PAGE)
    if sealed is None:
        raise CannotOpenError
    kept = as_object(json.loads(sealed))
    return NewPage(
        token=text(kept["token"]),
        key=bytes.fromhex(text(kept["key"])),
        salt=page.salt,
        form=PageForm(text(kept["form"])),
    )


def page_of(tx: Transaction, disclosure: Disclosure) -> Page | None:
    """Return the page of a disclosure, None where it leaves by mail, as the decision says.

    Raises `RowDisagreesError` where the rows of pages say otherwise.
    """
    page, file = tx.pages.of(disclosure.reference), tx.case_file(disclosure)
    form = page_form(file.facts(), disclosure.outcome)
    if page is None and form is None:
        return None
    if page is None or form is not page.form or offered(file, page).id != page.id:
        raise RowDisagreesError(f"portal_page/{disclosure.reference}")
    return page


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeDrawn:
    """A code for one reader; `reader_c` commits to their function where it is a new one."""

    code: str
    reader: Reader
    reader_c: str | None

    def __repr__(self) -> str:
        """Name the reader, never the code."""
        return f"CodeDrawn(reader={self.reader.number})"


_ADDRESS: Final = "{portal}/portal/{token}"


def address_of(tx: Transaction, disclosure: Disclosure, portal: str | None) -> str | None:
    """Return the address of the page of a disclosure, None where it has none.

    Raises `WrongStateError` where it has one, and this installation no portal any more; and as
    `page_of`.
    """
    page = page_of(tx, disclosure)
    if page is None:
        return None
    if portal is None:
        raise WrongStateError("It is fetched from a page, and BROKER_PORTAL_URL is not set.")
    made = offered(tx.case_file(disclosure), page)
    return _ADDRESS.format(portal=portal, token=made.token)


def draw_code(tx: Transaction, file: CaseFile, page: Page, function: str) -> CodeDrawn:
    """Draw a code for a function, in the place of an earlier one for it; the page is unlocked.

    Raises `NotAllowedError` for one function too many.
    """
    found = reader_for(file, function)
    reader_c = None
    if found is None:
        known = readers_of(file)
        if len(known) >= MOST_READERS:
            raise NotAllowedError(
                f"{MOST_READERS} functions have a code already. Tell one of them again."
            )
        found = Reader(number=len(known) + 1, function=_title(function))
        reader_c = file.commit(Part.PAGE_READER.numbered(found.number), found.function)
    code, secret = new_code(), secrets.token_bytes(_SECRET_BYTES)
    file.drop(Part.PAGE_SECRET.numbered(found.number))
    file.put(Part.PAGE_SECRET.numbered(found.number), secret)
    made = offered(file, page)
    key = told_key(page.id, made.token.encode(), code, page.salt)
    place = secret_place(page, found.number)
    tx.pages.put_reader(page.id, found.number, seal_field(key, secret, place))
    tx.pages.unlock(page.id)
    return CodeDrawn(code=code, reader=found, reader_c=reader_c)


def readers_of(file: CaseFile) -> tuple[Reader, ...]:
    """Return which functions were told a code, in their order."""
    found: list[Reader] = []
    while (title := file.found(Part.PAGE_READER.numbered(len(found) + 1))) is not None:
        found.append(Reader(number=len(found) + 1, function=str(title)))
    return tuple(found)


def reader_for(file: CaseFile, function: str) -> Reader | None:
    """Return who was told a code for a function, whatever its case; None for nobody."""
    title = _title(function).casefold()
    return next((one for one in readers_of(file) if one.function.casefold() == title), None)


def half_for(file: CaseFile, page: Page, reader: int) -> bytes | None:
    """Return the half of the page's key that a reader's own secret lacks, None for nobody's."""
    secret = file.get(Part.PAGE_SECRET.numbered(reader))
    return None if secret is None else joined(offered(file, page).key, secret)


def take_away(tx: Transaction, disclosure: Disclosure, why: PageEnd) -> None:
    """Take away what the page of a disclosure gives, where it has one, or rows give it more."""
    for page in tx.pages.all_of(disclosure.reference):
        if page.ended is None:
            tx.pages.end(page.id, why)


def standing_page(tx: Transaction, disclosure: Disclosure, now: datetime) -> Page:
    """Return the page of a disclosure, from which something can still be fetched.

    Raises `WrongStateError`, and as `page_of`.
    """
    page = page_of(tx, disclosure)
    if page is None:
        raise WrongStateError("It is not fetched from a page, so there is no code for it.")
    if has_ended(page, tx.about(disclosure.reference), now):
        raise WrongStateError("Its page has ended. Send it again if it must go after all.")
    return page


_MAY_HAVE_GONE: Final = frozenset({"sent", "sent-by-hand", "arrival.confirmed", "unknown"})


def stands_until(entries: Iterable[Entry]) -> datetime | None:
    """Return when the days of a page end, None before its address was sent.

    They count from what the ledger says of the sending, also where nobody knows whether it
    arrived; a row decides nothing.
    """
    sent = [moment_of(one.moment) for one in entries if one.type in _MAY_HAVE_GONE]
    return max(sent) + LIVES if sent else None


def is_over(entries: Iterable[Entry], now: datetime) -> bool:
    """Say whether the days of a page have ended."""
    until = stands_until(entries)
    return until is not None and now >= until


def has_ended(page: Page, entries: Iterable[Entry], now: datetime) -> bool:
    """Say whether nothing is fetched from a page any more: ended, called back, or over."""
    about = tuple(entries)
    return page.ended is not None or called_back(about) is not None or is_over(about, now)


def fetches_of(entries: Iterable[Entry], reader: int) -> int:
    """Return how often a reader was given the document, as the ledger says."""
    return sum(one.type == "collected" and one.event["reader"] == reader for one in entries)


def was_fetched(entries: Iterable[Entry]) -> bool:
    """Say whether anybody was given the document from its page."""
    return any(one.type == "collected" for one in entries)


def _title(function: str) -> str:
    return " ".join(function.split())


def _ring_mark(made: NewPage, ring: Ring) -> bytes:
    key = key_for(made.id, made.token.encode(), RING)
    return seal_field(key, b"", ring_place(made.id, ring))


def _ring(tx: Transaction, disclosure: Disclosure) -> Ring:
    """Return whom a reader rings where nothing can be fetched: a lead of the sender's body."""
    own = [
        one
        for one in tx.directory.mailboxes()
        if one.agency == disclosure.sender
        and one.telephone
        and one.backing.retired_on is None
        and one.function in _LEADS
    ]
    first = min(own, key=lambda one: _LEADS.index(one.function), default=None)
    return NOBODY if first is None else Ring(title=first.title, telephone=first.telephone)
