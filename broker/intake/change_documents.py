"""What has changed, and what a region is told, as they are sent; every fault at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from broker.domain.errors import Fault, FaultyDocumentError
from broker.domain.json_values import is_object, texts
from broker.domain.partner_requests.answers import Known, Statement
from broker.domain.partner_requests.changes import ChangeNotice
from broker.domain.partner_requests.notices import NoticeKind
from broker.domain.references import MalformedReferenceError, Reference, parse_reference
from broker.domain.times import written_day
from broker.intake.documents import object_in
from broker.intake.pack_checks import pack_faults
from broker.intake.requests.shapes import ChangeModel, NoticeModel
from broker.intake.validation import validated
from policies import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadChange:
    """A notice of a change, and whether whoever gives it only wants to see what would be read."""

    notice: ChangeNotice
    preview: bool


def read_change(about: Reference, text: bytes, vocabulary: Vocabulary, today: date) -> ReadChange:
    """Return the notice of a JSON document, or raise `FaultyDocumentError` with every fault.

    `about` is a disclosure of the case. What is not asked anew the first has answered, so only
    what stands in the document is looked at.
    """
    document = object_in(text)
    try:
        model = validated(ChangeModel, document)
    except FaultyDocumentError as error:
        raise FaultyDocumentError((*error.faults, *_faults(document, vocabulary, today))) from None
    faults, to, on = [*_faults(document, vocabulary, today)], list[Reference](), today
    for place, one in enumerate(model.to):
        try:
            to.append(parse_reference(one))
        except MalformedReferenceError:
            problem = "is no reference of a disclosure, such as PRV-7Q4K-M2XH"
            faults.append(Fault(place=f"to[{place}]", problem=problem))
    if (day := written_day(model.statement.on)) is None:
        faults.append(Fault(place="statement.on", problem="is not a day in the calendar"))
    else:
        on = day
    if faults:
        raise FaultyDocumentError(tuple(faults))
    questions = dict(model.questions)
    confirmed = questions.pop("confirmed", [])
    statement = Statement(
        known=Known(model.statement.known),
        source=model.statement.source,
        on=on,
        words=model.statement.words,
    )
    notice = ChangeNotice(
        about=about,
        what=model.what,
        statement=statement,
        to=tuple(to),
        form=model.form,
        questions=questions,
        confirmed=frozenset(texts(confirmed)),
    )
    return ReadChange(notice=notice, preview=model.preview)


def read_notice(text: bytes) -> tuple[NoticeKind, bool]:
    """Return which notice is decided about and whether the region is told, or raise."""
    model = validated(NoticeModel, object_in(text))
    return model.kind, model.told


def _faults(
    document: Mapping[str, object], vocabulary: Vocabulary, today: date
) -> Iterator[Fault]:
    """Yield what is wrong with the fields and the answers that are given, none for the others."""
    questions, form = document.get("questions"), document.get("form")
    looked_at: dict[str, object] = {"questions": questions, "attachments": []}
    if form:
        looked_at["form"] = form
    for fault in pack_faults(looked_at, vocabulary, today):
        if _is_given(fault.place, document):
            yield fault


def _is_given(place: str, document: Mapping[str, object]) -> bool:
    """Say whether something stands at a place of a document."""
    if not place.startswith("questions."):
        return True
    found: object = document.get("questions")
    for name in place.split(".")[1:]:
        if not is_object(found) or name not in found:
            return False
        found = found[name]
    return True
