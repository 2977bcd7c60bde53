"""What either side is shown of a request: where it stands, and its words to whom they are for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from broker.disclosures.what_goes import WhatGoes
from broker.domain.form import label_of
from broker.domain.json_values import as_array, as_object, text
from broker.domain.model import Agency, Disclosure, MailboxId, Pack, Person
from broker.domain.panels.packs import PURPOSE as PANEL_ASSESSMENT
from broker.domain.partner_requests.answers import LetGo, Share
from broker.domain.partner_requests.copies import (
    QUESTION,
    WAITS,
    Copy,
    CopyName,
    Lateness,
    UnknownCopyError,
)
from broker.domain.partner_requests.days import SETS_THE_DAY, lateness_on
from broker.domain.questions.asked import Ask, InRequest
from broker.domain.references import Reference
from broker.domain.states import WAITING_FOR_A_GUARDIAN, State
from broker.domain.times import Clock, day_text, moment_text, uk_day
from broker.ledger.readings import Content, Entrance, record_reading
from broker.partner_requests.standing import (
    ANSWERERS,
    SEES_ALL_THAT_COMES,
    is_asked_by,
    is_with_partner,
    may_answer,
    put_to_us,
    that_have_come,
)
from broker.storage.case_file import CaseFile, Part
from broker.storage.transaction import Transaction, Transactions
from keys import KeyErasedError, PersonId

LISTED: Final = 100
"""How many copies a list holds."""

_TAKES_ANSWERS: Final = ("prevent-inbox", "panel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A copy in a list: codes and days, and the bodies by name; no content.

    `question` is where the disclosure that asks stands, `came` says whether it ever was let go to
    the body that is asked; `goes` is where what was shared stands, None where nothing was.
    """

    copy: Copy
    asking: str
    asked: str
    question: State
    came: bool
    goes: State | None
    today: date

    @property
    def lateness(self) -> Lateness:
        """How late it is today, if it still waits."""
        if not self.copy.waits:
            return Lateness.NONE
        return lateness_on(self.copy.due_on, self.today)

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        copy = self.copy
        return {
            "copy": str(copy.name),
            "state": copy.state.value,
            "due_on": day_text(copy.due_on),
            "lateness": self.lateness.value,
            "from": {"body": copy.asking, "name": self.asking},
            "to": {"body": copy.asked, "name": self.asked, "mailbox": copy.mailbox},
            "purpose": copy.purpose,
            "day_set_by": {"person": copy.set_by, "function": copy.function},
            "wanted_until": day_text(copy.wanted_until),
            "owner": copy.owner,
            "answer": None if copy.answer is None else copy.answer.value,
            "answered_by": copy.answered_by,
            "answered_on_a_page": copy.answered_on_a_page,
            "answered_at": moment_text(copy.answered_at),
            "answer_sent": self._sent(),
            "asks_the_same_as": copy.repeats,
        }

    def to_asker(self) -> dict[str, object]:
        """Return it as JSON for the body that asks, with where its question stands."""
        question = {"reference": str(self.copy.disclosure), "state": self.question.value}
        return {**self.document(), "question": question}

    def _sent(self) -> dict[str, object] | None:
        answer = self.copy.answer_disclosure
        if answer is None or self.goes is None:
            return None
        return {"reference": str(answer), "state": self.goes.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyContent:
    """What a copy says: who is asked about, what is asked and why, and what was said since.

    `contact` is of the body that asks, `their_contact` of the one that is asked.
    """

    line: Line
    pack: Pack
    request: InRequest
    identifiers: Mapping[str, str]
    power: str
    telephone: str
    contact: str
    their_telephone: str
    their_contact: str
    words: tuple[Mapping[str, object], ...]

    @property
    def asks(self) -> tuple[Ask, ...]:
        """The questions of this copy."""
        return self.request.asks

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        return {
            **self.line.document(),
            "about": [
                {"field": field, "label": label_of(field), "text": text}
                for field, text in self.identifiers.items()
            ],
            "statement": self.request.statement,
            "why_you": self.request.why,
            "power": self.power,
            "asks": [
                {**ask.document(), "label": label_of(ask.field)} for ask in self.request.asks
            ],
            "not_sure": f"Ring {self.telephone} ({self.contact}), the directory's number.",
            "no_answer": f"Ring {self.their_telephone} ({self.their_contact}).",
            "words": [dict(said) for said in self.words],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Somebody with a name, acting in a function for a body."""

    person: PersonId
    name: str
    function: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestViews:
    """Reads requests for either side; each method opens its own transaction."""

    transaction: Transactions
    clock: Clock

    def inbox(self, person: Person) -> tuple[Line, ...]:
        """Return what waits for an answer of the person's body, the first due first."""
        with self.transaction() as tx:
            found = tx.copies.waiting_at(person.agency, owner=_only(person), limit=LISTED)
            return self._that_came(tx, found, person)

    def due(self, person: Person, by: date) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
        """Return what is due by a day and unanswered, the first due first.

        First what the person's body is to answer, then what it asked.
        """
        with self.transaction() as tx:
            ours = tx.copies.waiting_at(
                person.agency, owner=_only(person), limit=LISTED, due_by=by
            )
            theirs = tx.copies.waited_for_by(person.agency, by, limit=LISTED)
            asked = self._lines(tx, [copy for copy in theirs if is_asked_by(copy, person)])
            return self._that_came(tx, ours, person), asked

    def answered(self, person: Person) -> tuple[Line, ...]:
        """Return what the person's body no longer has to answer, the newest first."""
        with self.transaction() as tx:
            found = tx.copies.answered_at(person.agency, owner=_only(person), limit=LISTED)
            return self._that_came(tx, found, person)

    def put_by_us(self, person: Person) -> tuple[Line, ...]:
        """Return what the person's body asked, the newest first."""
        with self.transaction() as tx:
            found = tx.copies.put_by(person.agency, limit=LISTED)
            return self._lines(tx, [copy for copy in found if is_asked_by(copy, person)])

    def day_setters(self) -> tuple[Acting, ...]:
        """Return who may set a day now: every chair and coordinator, by body and name."""
        today = uk_day(self.clock())
        with self.transaction() as tx:
            found = [
                Acting(person=one.id, name=one.name, function=role.value, body=agency.name)
                for agency in tx.directory.agencies()
                for role in sorted(SETS_THE_DAY)
                for one in tx.people.acting(agency.id, role, today)
            ]
        return tuple(sorted(found, key=lambda one: (one.body, one.name)))

    def must_wait_for(self, name: CopyName, person: Person) -> None:
        """Return if a copy waits for an answer that the person may give.

        Raises `UnknownCopyError`, `WrongStateError`.
        """
        with self.transaction() as tx:
            put_to_us(tx, name, person)[0].must_be(*WAITS)

    def colleagues(self, name: CopyName, person: Person) -> tuple[Acting, ...]:
        """Return to whom of the body a copy can be passed, by name; raises `UnknownCopyError`."""
        today = uk_day(self.clock())
        with self.transaction() as tx:
            copy, _ = put_to_us(tx, name, person)
            body = tx.directory.agency(copy.asked).name
            found = {
                one.id: Acting(person=one.id, name=one.name, function=role.value, body=body)
                for role in sorted(ANSWERERS)
                for one in tx.people.acting(copy.asked, role, today)
                if one.id != person.id
            }
        return tuple(sorted(found.values(), key=lambda one: one.name))

    def answer_to(self, person: Person, purpose: str) -> MailboxId | None:
        """Return the contact of the person's body to which answers go, None without one.

        A panel's comes first for what its panel assesses, and its Prevent inbox for the rest, each
        before the other; only one that was rung counts.
        """
        first = _TAKES_ANSWERS[::-1] if purpose == PANEL_ASSESSMENT else _TAKES_ANSWERS
        today = uk_day(self.clock())
        with self.transaction() as tx:
            own = [
                mailbox
                for mailbox in tx.directory.mailboxes()
                if mailbox.agency == person.agency and mailbox.counts_on(today)
            ]
        place = {function: number for number, function in enumerate(first)}
        own.sort(key=lambda one: (place.get(one.function, len(place)), one.id))
        return own[0].id if own else None

    def request(self, reference: Reference, person: Person) -> tuple[Line, ...]:
        """Return the copies of a request that the person's body asked, or its own one."""
        with self.transaction() as tx:
            lines = self._lines(
                tx,
                [
                    copy
                    for copy in tx.copies.of_request(reference)
                    if is_asked_by(copy, person) or may_answer(copy, person)
                ],
            )
            seen = tuple(line for line in lines if is_asked_by(line.copy, person) or line.came)
        if not seen:
            raise UnknownCopyError
        return seen

    def content(self, name: CopyName, person: Person, how: Entrance) -> CopyContent:
        """Return what a copy says, for either side; that it is read is recorded first.

        Raises `UnknownCopyError`, and `KeyErasedError` once its words are gone.
        """
        with self.transaction() as tx:
            copy = tx.copies.copy(name)
            is_asker = is_asked_by(copy, person)
            if not is_asker and not may_answer(copy, person):
                raise UnknownCopyError
            disclosure = tx.disclosure(copy.disclosure)
            (line,) = self._lines(tx, [copy])
            if not is_asker and not line.came:
                raise UnknownCopyError
            content = _content(tx, line, disclosure)
            record_reading(tx, person, Content.QUESTIONS, how, copy.disclosure)
        return content

    def content_of(
        self, tx: Transaction, copy: Copy, person: Person, how: Entrance
    ) -> CopyContent:
        """Return what a copy says to somebody who may read it, recorded by the caller's hand."""
        (line,) = self._lines(tx, [copy])
        content = _content(tx, line, tx.disclosure(copy.disclosure))
        record_reading(tx, person, Content.QUESTIONS, how, copy.disclosure)
        return content

    def _that_came(
        self, tx: Transaction, found: Iterable[Copy], person: Person
    ) -> tuple[Line, ...]:
        lines = self._lines(tx, [copy for copy in found if may_answer(copy, person)])
        return tuple(line for line in lines if line.came and line.question is not State.RECALLED)

    def _lines(self, tx: Transaction, copies: list[Copy]) -> tuple[Line, ...]:
        today, come = uk_day(self.clock()), that_have_come(tx, copies)
        names = {agency.id: agency.name for agency in tx.directory.agencies()}
        states = tx.store.states_of(
            one
            for copy in copies
            for one in (copy.disclosure, copy.answer_disclosure)
            if one is not None
        )
        return tuple(
            Line(
                copy=copy,
                asking=names.get(copy.asking, copy.asking),
                asked=names.get(copy.asked, copy.asked),
                question=states[copy.disclosure],
                came=copy.name in come,
                goes=None if copy.answer_disclosure is None else states[copy.answer_disclosure],
                today=today,
            )
            for copy in copies
        )


def _only(person: Person) -> PersonId | None:
    """Return whose copies alone a person sees, None where they see all of their body's."""
    return None if person.role in SEES_ALL_THAT_COMES else person.id


def _content(tx: Transaction, line: Line, disclosure: Disclosure) -> CopyContent:
    file, copy = tx.case_file(disclosure), line.copy
    pack = file.pack()
    if pack.in_request is None:
        raise UnknownCopyError
    # What its own Guardian still decides is shown to whoever wrote it, whole.
    goes = WhatGoes.of(file.decision(), pack).goes
    released = set(goes if is_with_partner(disclosure) else pack.form)
    mailbox, agency = tx.directory.mailbox(copy.answer_to), tx.directory.agency(copy.asking)
    theirs, let_go = tx.directory.mailbox(copy.mailbox), _let_go(tx, copy)
    return CopyContent(
        line=line,
        pack=pack,
        request=pack.in_request,
        identifiers={field: text for field, text in pack.form.items() if field in released},
        power=_power(agency),
        telephone=mailbox.telephone,
        contact=mailbox.title,
        their_telephone=theirs.telephone,
        their_contact=theirs.title,
        words=tuple(_with_what_goes(said, let_go) for said in _words(file, copy)),
    )


def _power(agency: Agency) -> str:
    basis = agency.bases.get(QUESTION) or agency.bases.get("*")
    return "" if basis is None else basis.power


def _words(file: CaseFile, copy: Copy) -> list[Mapping[str, object]]:
    """Return what was said about a copy, the oldest first."""
    found = (file.found(Part.COPY.numbered(number)) for number in range(1, copy.version + 1))
    return [as_object(said) for said in found if said is not None]


def _let_go(tx: Transaction, copy: Copy) -> LetGo:
    """Return what of an answer goes, as it was decided last; its words are not read."""
    if copy.answer_disclosure is None:
        return LetGo(fields=None)
    answer = tx.disclosure(copy.answer_disclosure)
    if answer.state in WAITING_FOR_A_GUARDIAN:
        return LetGo(fields=None, waits=True)
    if answer.state is State.REFUSED:
        return LetGo(fields=frozenset())
    file = tx.case_file(answer)
    try:
        return LetGo(fields=frozenset(WhatGoes.of(file.decision(), file.pack()).goes))
    except KeyErasedError:
        return LetGo(fields=None)


def _with_what_goes(said: Mapping[str, object], let_go: LetGo) -> Mapping[str, object]:
    """Return what was said, with what became of each field that was answered."""
    if "fields" not in said:
        return said
    fields = list[Mapping[str, object]]()
    for one in map(as_object, as_array(said["fields"])):
        share, field = Share(text(one["share"])), text(one["field"])
        stands, why = let_go.became(field, share, text(one["why"]))
        fields.append({**one, "stands": stands, "why": why})
    return {**said, "fields": fields}
