"""The page from which a disclosure is fetched, for its sender: codes told, fetches, replies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from audit.format.entry import Entry
from broker.delivery.permission import permitted
from broker.delivery.portal.offering import (
    Reader,
    draw_code,
    has_ended,
    page_of,
    reader_for,
    readers_of,
    standing_page,
    stands_until,
    was_fetched,
)
from broker.disclosures.afterwards.acting import Acting
from broker.domain.errors import NotAllowedError, WrongStateError
from broker.domain.grounds import must_say_why
from broker.domain.json_values import as_object, text
from broker.domain.model import Disclosure, Person
from broker.domain.portal.pages import MOST_TRIES, PageForm, spelled
from broker.domain.references import Reference
from broker.domain.states import State
from broker.domain.times import Clock, moment_of, moment_text, rfc3339
from broker.ledger.changes import portal as events
from broker.ledger.readings import Content, Entrance, record_reading
from broker.storage.case_file import CaseFile, Part
from broker.storage.transaction import Transaction, Transactions

LONGEST_FUNCTION: Final = 80
_TOLD_WHILE: Final = (State.SENT, State.TOLD, State.ACKNOWLEDGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderStands:
    """What became of one reader's code: when it was told last, and when they fetched."""

    reader: Reader
    told_at: datetime
    fetched: tuple[datetime, ...]

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        return {
            "reader": self.reader.number,
            "function": self.reader.function,
            "told_at": rfc3339(self.told_at),
            "fetched_at": list(map(rfc3339, self.fetched)),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStands:
    """How the page of a disclosure stands, without what anybody wrote there.

    `until` is None before its address was sent.
    """

    form: PageForm
    until: datetime | None
    ended: bool
    wrong_codes: int
    readers: tuple[ReaderStands, ...]
    replies: int

    @property
    def is_locked(self) -> bool:
        """Say whether wrong codes have locked it until its sender tells one again."""
        return not self.ended and self.wrong_codes >= MOST_TRIES

    @property
    def was_fetched(self) -> bool:
        """Say whether anybody has the document from it."""
        return any(one.fetched for one in self.readers)

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        return {
            "form": self.form.value,
            "until": moment_text(self.until),
            "ended": self.ended,
            "locked": self.is_locked,
            "wrong_codes": self.wrong_codes,
            "readers": [one.document() for one in self.readers],
            "replies": self.replies,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTold:
    """A code to be told by telephone, the number to ring, and to whom it belongs."""

    reference: Reference
    telephone: str
    code: str
    function: str

    def __repr__(self) -> str:
        """Name the document, never the code."""
        return f"CodeTold(reference={self.reference!s})"

    def document(self) -> dict[str, object]:
        """Return it as JSON; whoever prints it keeps it off logs and disks."""
        return {
            "reference": str(self.reference),
            "telephone": self.telephone,
            "code": spelled(self.code),
            "function": self.function,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReply:
    """What a reader wrote to the sender, when, and by their function."""

    function: str
    at: datetime
    words: str

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        return {"function": self.function, "at": rfc3339(self.at), "words": self.words}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSteps:
    """What a sender does with the page of a disclosure; every method opens its own transaction."""

    transaction: Transactions
    clock: Clock

    def tell_code(
        self, reference: Reference, person: Person, function: str, reason: str | None = None
    ) -> CodeTold:
        """Return a new code for one function, to be told by telephone; recorded before.

        An earlier code of that function opens nothing any more, and a locked page is unlocked.
        Raises `ReasonNeededError` for a function that was told one, `WrongStateError` where there
        is no page (any more), and `NotAllowedError` for one function too many.
        """
        with self.transaction() as tx:
            acting = Acting(reference=reference, person=person, at=self.clock())
            return told_code(tx, acting, function, reason)

    def stands(self, reference: Reference, person: Person) -> PageStands | None:
        """Return how the page of a disclosure stands, None where it has none."""
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, person)
            return page_stands(tx, disclosure, tx.about(reference), self.clock())

    def replies(
        self, reference: Reference, person: Person, how: Entrance
    ) -> tuple[PageReply, ...]:
        """Return what readers wrote, the first first; that it is read is recorded before."""
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, person)
            entries = [one for one in tx.about(reference) if one.type == "page.answered"]
            found = tuple(_replies(tx.case_file(disclosure), entries))
            record_reading(tx, person, Content.QUESTIONS, how, reference)
        return found


def told_code(tx: Transaction, acting: Acting, function: str, reason: str | None) -> CodeTold:
    """Return a new code for a function, recorded in the caller's transaction.

    Raises as `PageSteps.tell_code`, before anything is written.
    """
    if not function.strip() or len(function) > LONGEST_FUNCTION:
        raise NotAllowedError(
            f"Say which function the person on the telephone has, in {LONGEST_FUNCTION} "
            "characters or less: duty officer, say. Never a name."
        )
    disclosure = tx.disclosure_for(acting.reference, acting.person)
    disclosure.must_be(*_TOLD_WHILE, else_say="A code is told once it was sent.")
    page = standing_page(tx, disclosure, acting.at)
    file = tx.case_file(disclosure)
    again = reader_for(file, function) is not None
    must_say_why(reason, again=again)
    telephone = permitted(tx, disclosure).recipient.telephone
    drawn = draw_code(tx, file, page, function)
    why = Part.WHY_TOLD_AGAIN.at_random()
    told = events.ToldReader(
        number=drawn.reader.number,
        again=again,
        reader_c=drawn.reader_c,
        why_c=file.commit(why, reason) if reason else None,
    )
    if disclosure.state is not State.ACKNOWLEDGED:
        tx.store.move(disclosure, State.TOLD, acting.at)
    tx.append(events.code_told(disclosure, acting.person, told))
    return CodeTold(
        reference=disclosure.reference,
        telephone=telephone,
        code=drawn.code,
        function=drawn.reader.function,
    )


def page_stands(
    tx: Transaction, disclosure: Disclosure, entries: Sequence[Entry], now: datetime
) -> PageStands | None:
    """Return how the page of a disclosure stands, in the caller's transaction."""
    page = tx.pages.of(disclosure.reference)
    if page is None:
        return None
    return PageStands(
        form=page.form,
        until=stands_until(entries),
        ended=has_ended(page, entries, now),
        wrong_codes=page.tries,
        readers=tuple(_readers(tx.case_file(disclosure), entries)),
        replies=sum(one.type == "page.answered" for one in entries),
    )


def refuse_words_of_a_page(tx: Transaction, disclosure: Disclosure) -> None:
    """Return if the words of a disclosure may be told: those of a page, once it was fetched.

    Raises `WrongStateError`.
    """
    page = page_of(tx, disclosure)
    if page is None:
        return
    if page.form is PageForm.OPEN:
        raise WrongStateError("It opens without words. Tell them the code of its page instead.")
    if not was_fetched(tx.about(disclosure.reference)):
        raise WrongStateError(
            "Tell the code of its page first; the words follow once it was fetched."
        )


def _readers(file: CaseFile, entries: Sequence[Entry]) -> list[ReaderStands]:
    return [
        ReaderStands(
            reader=reader,
            told_at=max(
                moment_of(one.moment)
                for one in entries
                if one.type == "revealed" and one.event.get("reader") == reader.number
            ),
            fetched=tuple(
                moment_of(one.moment)
                for one in entries
                if one.type == "collected" and one.event["reader"] == reader.number
            ),
        )
        for reader in readers_of(file)
    ]


def _replies(file: CaseFile, entries: Sequence[Entry]) -> list[PageReply]:
    functions = {one.number: one.function for one in readers_of(file)}
    found: list[PageReply] = []
    for number, entry in enumerate(entries, start=1):
        kept = as_object(file.found(Part.PAGE_REPLY.numbered(number)))
        found.append(
            PageReply(
                function=functions[int(str(kept["reader"]))],
                at=moment_of(entry.moment),
                words=text(kept["words"]),
            )
        )
    return found
