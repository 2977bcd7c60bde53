"""What becomes of a page on the ledger: a code told, conditions, fetching, a reply, its end."""

from dataclasses import dataclass

from audit.format import events as ledger
from broker.domain.model import Disclosure, Person
from broker.domain.portal.pages import CONDITIONS, PageForm
from broker.ledger.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldReader:
    """To which reader a code was told; `reader_c` commits to the function, the first time."""

    number: int
    again: bool
    reader_c: str | None
    why_c: str | None


def code_told(disclosure: Disclosure, person: Person, told: ToldReader) -> Event:
    """Return the event: a code was shown, to be read over the telephone to one reader."""
    return ledger.PassphraseRevealed(
        ref=str(disclosure.reference),
        by=person.id,
        again="yes" if told.again else "no",
        why_c=told.why_c,
        what="code",
        reader=told.number,
        reader_c=told.reader_c,
    ).event()


def conditions_accepted(disclosure: Disclosure, reader: int) -> Event:
    """Return the event: a reader accepted the conditions."""
    return ledger.ConditionsAccepted(
        ref=str(disclosure.reference), reader=reader, version=CONDITIONS
    ).event()


def collected(disclosure: Disclosure, reader: int, fetch: int, form: PageForm) -> Event:
    """Return the event: a reader is given the document, for the `fetch`-th time."""
    return ledger.Collected(
        ref=str(disclosure.reference), reader=reader, fetch=fetch, form=form.value
    ).event()


def page_answered(disclosure: Disclosure, reader: int, reply_c: str) -> Event:
    """Return the event: a reader wrote to the sender."""
    return ledger.PageAnswered(
        ref=str(disclosure.reference), reader=reader, reply_c=reply_c
    ).event()


def page_expired(disclosure: Disclosure, *, unused: bool) -> Event:
    """Return the event: the page was destroyed after its days."""
    return ledger.PageExpired(
        ref=str(disclosure.reference), unused="yes" if unused else "no"
    ).event()


def inbox_received(disclosure: Disclosure, person: Person) -> Event:
    """Return the event: it has arrived in the recipient's inbox, as somebody there says."""
    return ledger.InboxReceived(
        ref=str(disclosure.reference), by=person.id, agency=person.agency
    ).event()


def inbox_acknowledged(disclosure: Disclosure, person: Person) -> Event:
    """Return the event: it opened, as somebody of the recipient's body says."""
    return ledger.Acknowledged(
        ref=str(disclosure.reference), by=person.id, agency=person.agency
    ).event()


def inbox_passed_on(disclosure: Disclosure, person: Person, to_c: str) -> Event:
    """Return the event: it went on to a function of the recipient's body."""
    return ledger.InboxPassedOn(
        ref=str(disclosure.reference), by=person.id, agency=person.agency, to_c=to_c
    ).event()
