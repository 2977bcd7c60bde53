"""The portal's half of a page: no key, no ledger, three tables; it gives what the code opens.

Nothing is given before the gateway says that it is recorded.
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from sqlalchemy.exc import IntegrityError

from broker.domain.json_values import as_object
from broker.domain.portal.asking import (
    ASKS,
    MOST_ASKED,
    MOST_ASKED_WITHIN,
    Answer,
    Asker,
    Asking,
    Refused,
    Wanted,
    ask_name,
)
from broker.domain.portal.errors import (
    AskRefusedError,
    NotRecordedError,
    PageEndedError,
    PageLockedError,
    UnknownPageError,
    WrongCodeError,
)
from broker.domain.portal.pages import (
    CONTENT,
    MOST_TRIES,
    NOBODY,
    RING,
    Page,
    PageStanding,
    content_place,
    page_id,
    ring_place,
    secret_place,
)
from broker.domain.references import as_characters
from broker.domain.times import Clock
from broker.settings import Settings
from broker.storage.database import Database
from broker.storage.rows.portal import Ask, PageRows
from keys import CannotOpenError, joined, key_for, open_field, told_key

WAIT_SECONDS: Final = 3.0
"""How long a reader waits until the gateway has recorded what they ask."""

_PAUSE_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalFront:
    """Gives documents to who has token and code; every method opens its own transactions.

    Raises `StoreUnavailableError` where the database is away.
    """

    database: Database
    clock: Clock
    pause: Callable[[float], None] = time.sleep

    def page(self, token: str) -> Page:
        """Return the page of a token that gives something; it is only looked at.

        Raises `UnknownPageError`, `PageEndedError` and `PageLockedError`.
        """
        with self.database.transaction() as connection:
            stored = PageRows(connection).find(page_id(token))
        if stored is None:
            raise UnknownPageError
        found = _with_true_ring(stored, token)
        match found.stands(self.clock()):
            case PageStanding.ENDED:
                raise PageEndedError(found.ring)
            case PageStanding.LOCKED:
                raise PageLockedError(found.ring)
            case PageStanding.OPEN:
                return found

    def enter(self, token: str, code: str) -> Asker:
        """Return who was told this code; a wrong one counts, whoever types it.

        Raises `WrongCodeError` and, from the fifth on, `PageLockedError`; and as `page`.
        """
        page = self.page(token)
        with self.database.transaction() as connection:
            rows = PageRows(connection)
            # Counted before it is tried, so that fifty at once have no more tries than one.
            if not rows.take_try(page.id):
                raise PageLockedError(page.ring)
            readers = rows.readers(page.id)
        key = told_key(page.id, token.encode(), as_characters(code), page.salt)
        for number, sealed in readers:
            try:
                secret = open_field(key, sealed, secret_place(page, number))
            except CannotOpenError:
                continue
            with self.database.transaction() as connection:
                PageRows(connection).give_try_back(page.id)
            return Asker(page=page.id, reader=number, secret=secret)
        with self.database.transaction() as connection:
            counted = PageRows(connection).find(page.id)
        left = 0 if counted is None else MOST_TRIES - counted.tries
        if left <= 0:
            raise PageLockedError(page.ring)
        raise WrongCodeError(left)

    def accept(self, page: Page, asker: Asker, form: str) -> bool:
        """Have it recorded that a reader accepts the conditions; raises as `fetch`.

        Return whether the document puts a question that can be answered here.
        """
        return self._asked(page, asker, form, Wanted.CONDITIONS).words == ASKS

    def reply(self, page: Page, asker: Asker, form: str, words: str) -> None:
        """Have the words of a reader kept for the sender; raises as `fetch`."""
        self._asked(page, asker, form, Wanted.REPLY, words)

    def about_the_question(
        self, page: Page, asker: Asker, form: str, wanted: Wanted, words: str = ""
    ) -> Mapping[str, object]:
        """Return what the gateway says of the question that a page puts; raises as `fetch`.

        However often a form is sent with the same words, it is asked once.
        """
        digest = hashlib.sha256(words.encode()).hexdigest()
        answer = self._asked(page, asker, f"{form} {digest}", wanted, words)
        return as_object(json.loads(answer.words))

    def fetch(self, page: Page, asker: Asker, form: str) -> bytes:
        """Return the document once the gateway has recorded that this reader fetches it.

        However often the same form is sent, it is fetched once. Raises `AskRefusedError`,
        `PageEndedError`, and `NotRecordedError` where the gateway does not answer.
        """
        answer = self._asked(page, asker, form, Wanted.DOCUMENT)
        with self.database.transaction() as connection:
            content = PageRows(connection).content(page.id)
        if content is None:
            raise PageEndedError(page.ring)
        try:
            key = key_for(page.id, joined(asker.secret, answer.half), CONTENT)
            return open_field(key, content, content_place(page))
        except (CannotOpenError, ValueError) as error:
            raise PageEndedError(page.ring) from error

    def _asked(
        self, page: Page, asker: Asker, form: str, wanted: Wanted, words: str = ""
    ) -> Answer:
        now = self.clock()
        name = ask_name(page.id, f"{asker.reader} {wanted} {form}")
        box = asker.seal(name, Asking(wanted=wanted, at=now, words=words))
        ask = Ask(id=name, page=page.id, reader=asker.reader, box=box)
        try:
            with self.database.transaction() as connection:
                rows = PageRows(connection)
                if rows.asked_since(page.id, now - MOST_ASKED_WITHIN) >= MOST_ASKED:
                    raise AskRefusedError(Refused.NO_MORE)
                rows.ask(ask, now)
        except IntegrityError:
            # The same form came twice at once: it is asked, and both wait.
            pass
        answer = self._awaited(page, asker, name)
        match answer.refused:
            case None:
                return answer
            case Refused.ENDED:
                raise PageEndedError(page.ring)
            case refused:
                raise AskRefusedError(refused)

    def _awaited(self, page: Page, asker: Asker, name: str) -> Answer:
        for _ in range(round(WAIT_SECONDS / _PAUSE_SECONDS)):
            with self.database.reading(brief=True) as connection:
                box = PageRows(connection).answer_to(name)
            if box is not None:
                break
            self.pause(_PAUSE_SECONDS)
        else:
            raise NotRecordedError
        try:
            return asker.open_answer(name, box)
        except CannotOpenError as error:
            raise PageEndedError(page.ring) from error


def _with_true_ring(page: Page, token: str) -> Page:
    """Return a page that names whom to ring only where the gateway wrote that.

    Whoever writes in the database knows no token, and would have readers ring themselves.
    """
    try:
        open_field(
            key_for(page.id, token.encode(), RING), page.ring_mark, ring_place(page.id, page.ring)
        )
    except CannotOpenError:
        return replace(page, ring=NOBODY)
    return page


def front_of(settings: Settings) -> PortalFront:
    """Return the portal of an installation; no keystore is looked for."""
    database = Database(settings.database_url, threads=settings.threads)
    return PortalFront(database=database, clock=lambda: datetime.now(UTC))
