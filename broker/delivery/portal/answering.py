"""The gateway answers what readers of pages ask: recorded first, then the half of a key.

What it answers is decided by the ledger and the case: a row of the portal decides nothing.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from broker.cases.closing import close_as_opened
from broker.delivery.permission import permitted
from broker.delivery.person_notices import PersonNotice, PersonNotices
from broker.delivery.portal.hearing import HearsReaders, PageReader, ReadsAnswers
from broker.delivery.portal.offering import (
    fetches_of,
    half_for,
    has_ended,
    is_over,
    page_of,
    readers_of,
    take_away,
    was_fetched,
)
from broker.domain.errors import (
    BrokerError,
    RowDisagreesError,
    StoreUnavailableError,
    UnknownReferenceError,
)
from broker.domain.model import Disclosure
from broker.domain.portal.asking import (
    ABOUT_A_QUESTION,
    ASKS,
    LONGEST_ASKED,
    Answer,
    Asker,
    Asking,
    Refused,
    Wanted,
)
from broker.domain.portal.pages import (
    ASKED_AT_MOST,
    LONGEST_REPLY,
    MOST_FETCHES,
    MOST_REPLIES,
    Page,
    PageEnd,
    PageForm,
)
from broker.domain.states import UNDER_WAY, State
from broker.domain.times import Clock
from broker.ledger.changes import portal as events
from broker.ledger.events import Event
from broker.storage.case_file import CaseFile, Part
from broker.storage.rows.portal import Ask, PageRows
from broker.storage.transaction import Transaction, Transactions
from keys import CannotOpenError, KeyErasedError, UnknownKeyError

_GIVES: Final = frozenset({State.TOLD, State.ACKNOWLEDGED})
_FORGOTTEN_AFTER: Final = timedelta(minutes=10)
_ENDED: Final = Answer(refused=Refused.ENDED)
_NO_MORE: Final = Answer(refused=Refused.NO_MORE)
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAnswers:
    """Answers readers of pages, and ends pages; every method opens its own transactions."""

    transaction: Transactions
    hears: HearsReaders
    notices: PersonNotices
    clock: Clock

    def answer_all(self, read: ReadsAnswers) -> int:
        """Answer whatever readers wait for, and return how many asked.

        `read` reads what is answered to a question. Raises `StoreUnavailableError`, and
        `LedgerError` while the ledger is at fault: nothing is given then.
        """
        with self.transaction.database.reading(brief=True) as connection:
            waiting = tuple(PageRows(connection).waiting())
        one_round = _Round(
            transaction=self.transaction,
            hears=self.hears,
            read=read,
            notices=self.notices,
            clock=self.clock,
        )
        for ask in waiting:
            one_round.answer(ask)
        return len(waiting)

    def end_over(self) -> int:
        """Destroy the pages whose seven days have ended, and return how many.

        The days count from what the ledger says of the sending; a row that brings its day forward
        destroys nothing.
        """
        now = self.clock()
        with self.transaction() as tx:
            tx.pages.sweep(now - _FORGOTTEN_AFTER)
            over = tuple(tx.pages.over_at(now))
        return sum(self._end(page, now) for page in over)

    def _end(self, found: Page, now: datetime) -> bool:
        with self.transaction() as tx:
            try:
                disclosure = tx.disclosure(found.reference)
            except BrokerError as error:
                _log.error("page-doubted", error=type(error).__name__)
                return False
            entries = tx.about(disclosure.reference)
            stands = any(one.ended is None for one in tx.pages.all_of(disclosure.reference))
            if not stands or disclosure.state in UNDER_WAY or not is_over(entries, now):
                return False
            unused = disclosure.state in {State.SENT, State.TOLD} and not was_fetched(entries)
            take_away(tx, disclosure, PageEnd.EXPIRED)
            if unused:
                tx.case_file(disclosure).destroy_passphrase()
                tx.store.move(disclosure, State.EXPIRED, now)
            if disclosure.state is not State.ERASED:
                tx.append(events.page_expired(disclosure, unused=unused))
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """One look at what readers ask: each is answered in a transaction of its own."""

    transaction: Transactions
    hears: HearsReaders
    read: ReadsAnswers
    notices: PersonNotices
    clock: Clock
    to_tell: list[PersonNotice] = field(default_factory=list[PersonNotice])

    def answer(self, ask: Ask) -> None:
        """Answer what one reader asks; what is not believed keeps nobody else waiting."""
        self.to_tell.clear()
        try:
            with self.transaction() as tx:
                if tx.pages.find_to_answer(ask):
                    tx.pages.answer(ask, self._box(tx, ask))
        except StoreUnavailableError:
            raise
        except BrokerError as error:
            _log.error("page-doubted", error=type(error).__name__)
            with self.transaction() as tx:
                tx.pages.answer(ask, b"")
            return
        for notice in self.to_tell:
            self.notices.send(notice, self.clock())

    def _box(self, tx: Transaction, ask: Ask) -> bytes:
        try:
            return self._answered(tx, ask)
        except (CannotOpenError, KeyErasedError, UnknownKeyError, UnknownReferenceError):
            # Somebody wrote it who was told no code, or there is nothing to ask about.
            _log.warning("page-asking-refused")
            return b""

    def _answered(self, tx: Transaction, ask: Ask) -> bytes:
        """Return the answer, sealed, with its entry made; raises for what was put in by others."""
        found = tx.pages.find(ask.page)
        if found is None:
            raise UnknownReferenceError
        disclosure = tx.disclosure(found.reference)
        page = page_of(tx, disclosure)
        if page is None or page.id != ask.page:
            raise RowDisagreesError(f"portal_page/{disclosure.reference}")
        file = tx.case_file(disclosure)
        secret = file.get(Part.PAGE_SECRET.numbered(ask.reader))
        if secret is None:
            raise CannotOpenError
        asker = Asker(page=page.id, reader=ask.reader, secret=secret)
        asking = asker.open(ask.id, ask.box)
        answer, event = self._heard(tx, file, page, asker, asking)
        box = asker.seal_answer(ask.id, answer)
        if event is not None:
            tx.append(event)
        return box

    def _heard(
        self, tx: Transaction, file: CaseFile, page: Page, asker: Asker, asking: Asking
    ) -> tuple[Answer, Event | None]:
        disclosure, now = file.disclosure, self.clock()
        entries = tx.about(disclosure.reference)
        is_late = now - asking.at > ASKED_AT_MOST
        if has_ended(page, entries, now) or disclosure.state not in _GIVES or is_late:
            return _ENDED, None
        permitted(tx, disclosure)
        if asking.wanted in ABOUT_A_QUESTION:
            return self._about_a_question(tx, file, asker, asking), None
        match asking.wanted:
            case Wanted.CONDITIONS:
                said = ASKS if self.hears.is_asked(tx, disclosure) else ""
                accepted = events.conditions_accepted(disclosure, asker.reader)
                return Answer(words=said), accepted
            case Wanted.REPLY:
                return _replied(tx, file, asker, asking.words)
            case _:
                return self._given(tx, file, page, asker)

    def _about_a_question(
        self, tx: Transaction, file: CaseFile, asker: Asker, asking: Asking
    ) -> Answer:
        """Hear a reader who answers; what it puts on the ledger is there when this returns."""
        disclosure = file.disclosure
        if not self.hears.is_asked(tx, disclosure):
            return Answer(refused=Refused.NOT_ASKED)
        if fetches_of(tx.about(disclosure.reference), asker.reader) == 0:
            return Answer(refused=Refused.DOCUMENT_FIRST)
        if len(asking.words.encode()) > LONGEST_ASKED:
            return _NO_MORE
        function = next(one.function for one in readers_of(file) if one.number == asker.reader)
        reader = PageReader(disclosure=disclosure, number=asker.reader, function=function)
        heard = self.hears.hear(tx, reader, asking, self.read)
        if heard.notice is not None:
            self.to_tell.append(heard.notice)
        return heard.answer

    def _given(
        self, tx: Transaction, file: CaseFile, page: Page, asker: Asker
    ) -> tuple[Answer, Event | None]:
        disclosure = file.disclosure
        entries = tx.about(disclosure.reference)
        if not any(
            one.type == "conditions.accepted" and one.event["reader"] == asker.reader
            for one in entries
        ):
            return Answer(refused=Refused.CONDITIONS_FIRST), None
        before = fetches_of(entries, asker.reader)
        half = half_for(file, page, asker.reader)
        if half is None or before >= MOST_FETCHES:
            return _NO_MORE, None
        if page.form is PageForm.OPEN and disclosure.state is State.TOLD:
            # It opens without words, so whoever has it has opened it.
            close_as_opened(tx, file, self.clock())
        return Answer(half=half), events.collected(disclosure, asker.reader, before + 1, page.form)


def _replied(
    tx: Transaction, file: CaseFile, asker: Asker, words: str
) -> tuple[Answer, Event | None]:
    disclosure: Disclosure = file.disclosure
    told = sum(one.type == "page.answered" for one in tx.about(disclosure.reference))
    if told >= MOST_REPLIES or not words.strip() or len(words) > LONGEST_REPLY:
        return _NO_MORE, None
    name = Part.PAGE_REPLY.numbered(told + 1)
    reply_c = file.commit(name, {"reader": asker.reader, "words": words})
    return Answer(), events.page_answered(disclosure, asker.reader, reply_c)
