"""What a member of the public wrote to a body that has somebody to read it each day.

Each report is a draft with a key of its own that nobody here owns. Leads of that body alone open
it, which is an entry; it becomes the draft of one of them, or goes, and goes by itself after 28
days. It is looked up in no index, and its writer is told the same whatever is known.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from broker.concerns.drafts import Drafts
from broker.delivery.person_notices import PersonNotice, PersonNotices
from broker.domain.concerns.drafts import Draft, DraftId, DraftRow, DraftText, UnknownDraftError
from broker.domain.deadlines import check_due
from broker.domain.errors import NotAllowedError
from broker.domain.model import Person
from broker.domain.roles import Role
from broker.domain.times import Clock, uk_day
from broker.ledger.readings import Content, Entrance, record_reading
from broker.registers.checkers import colleagues
from broker.storage.transaction import Transaction, Transactions
from keys import AgencyId, CaseId, PersonId

FORM: Final = "public/1"
PAGE: Final = "report"
LONGEST: Final = 4_000
"""The most characters of a report."""

_NOBODY: Final = PersonId("the-public")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report that waits: its random name, when it came, and by when somebody reads it."""

    name: DraftId
    came_on: date
    due_on: date
    goes_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicReports:
    """Takes reports for one body, None where none reads them, and gives them to its leads."""

    transaction: Transactions
    drafts: Drafts
    notices: PersonNotices
    clock: Clock
    body: AgencyId | None = None

    def take(self, words: str, contact: str) -> None:
        """Keep a report under a key of its own, and tell the leads that one came.

        Raises `NotAllowedError` where nobody reads them, and for a text of no or too many words.
        """
        if self.body is None:
            raise NotAllowedError("Nobody reads reports here. Ring 101, or in danger 999.")
        if not words.strip() or len(words) > LONGEST or len(contact) > LONGEST:
            raise NotAllowedError(
                f"Write what you saw or heard, in at most {LONGEST:,} characters."
            )
        nobody = Person(id=_NOBODY, agency=self.body, role=Role.PRACTITIONER)
        text = DraftText(answers={PAGE: {"words": words, "contact": contact}})
        self.drafts.begin(nobody, FORM, text)
        now = self.clock()
        with self.transaction() as tx:
            leads = colleagues(tx, self.body, (Role.LEAD,), uk_day(now))
        for lead in leads:
            self.notices.send(_came(lead.contact), now)

    def is_read_by(self, person: Person) -> bool:
        """Say whether somebody is a lead of the body that reads reports."""
        return person.role is Role.LEAD and person.agency == self.body

    def waiting(self, person: Person) -> tuple[Report, ...]:
        """Return the reports that wait, the oldest first; raises `NotAllowedError`."""
        with self.transaction() as tx:
            self._must_read(person)
            rows = tx.drafts.of_form(person.agency, FORM)
        return tuple(map(_report, rows))

    def open(self, person: Person, name: DraftId, how: Entrance) -> Draft:
        """Return a report to be read by a lead; recorded first. Raises `UnknownDraftError`."""
        with self.transaction() as tx:
            draft = self._theirs(tx, person, name)
            record_reading(tx, person, Content.CONCERN, how, None)
        return draft

    def end(self, person: Person, name: DraftId) -> None:
        """Forget a report that a lead has read, with its key; raises `UnknownDraftError`."""
        with self.transaction() as tx:
            self._theirs(tx, person, name)
            tx.drafts.remove((name,))
        self.transaction.keystore.destroy_draft_keys((CaseId(name),))

    def _theirs(self, tx: Transaction, person: Person, name: DraftId) -> Draft:
        self._must_read(person)
        draft = self.drafts.anybodys(tx, name)
        if draft is None or (draft.row.form, draft.row.agency) != (FORM, person.agency):
            raise UnknownDraftError
        return draft

    def _must_read(self, person: Person) -> None:
        if not self.is_read_by(person):
            raise NotAllowedError("Reports of the public are for the leads of the body they name.")


def _report(row: DraftRow) -> Report:
    due = check_due("none", "none", row.saved_on)
    return Report(name=row.id, came_on=row.saved_on, due_on=due.on, goes_on=row.expires_on)


def _came(to: str) -> PersonNotice:
    return PersonNotice(
        to=to,
        subject="A report of the public to read",
        sentences=("Somebody wrote on the public page.", "Read it within one working day."),
    )
