"""The words of one copy: who is asked about, what and why, what was said, and what of it goes."""

from collections.abc import Mapping
from dataclasses import dataclass

from broker.disclosures.what_goes import WhatGoes
from broker.domain.form import label_of
from broker.domain.json_values import as_array, as_object, text
from broker.domain.model import Agency, Disclosure, Pack
from broker.domain.partner_requests.answers import LetGo, Share
from broker.domain.partner_requests.copies import QUESTION, Copy, UnknownCopyError
from broker.domain.questions.asked import Ask, InRequest
from broker.domain.states import WAITING_FOR_A_GUARDIAN, State
from broker.partner_requests.shown.lines import Line
from broker.partner_requests.standing import is_with_partner
from broker.storage.case_file import CaseFile, Part
from broker.storage.transaction import Transaction
from keys import KeyErasedError


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


def content_of(tx: Transaction, line: Line, disclosure: Disclosure) -> CopyContent:
    """Return what a copy says, which the disclosure asks; whoever shows it records a reading.

    Raises `KeyErasedError` once its words are gone.
    """
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
