"""The one page that a Guardian reads before they decide, and what stands before it."""

from itertools import groupby

from flask import Response
from werkzeug.exceptions import NotFound

from broker.domain.form import FIELD_BY_ID, WHOLE_RECORD, FormField, Kind, label_of
from broker.domain.grounds import PRINCIPLES, RELATIONS
from broker.domain.guardians.advice import TITLES
from broker.domain.model import AttachmentNote, Disclosure
from broker.domain.references import parse_reference
from broker.domain.states import State, leading_to
from broker.domain.times import uk_day
from broker.guardian.answer import VERDICTS_IN_WORDS
from broker.guardian.answers import answers_of, day_in_words, reasons_of
from broker.guardian.before_opening import deputies_for
from broker.guardian.columns import columns_of
from broker.guardian.findings import Weight, findings_of, laws_named
from broker.guardian.public_interest import PARTS
from broker.guardian.referral import Referral
from broker.ledger.readings import Entrance, readings_of
from broker.packs.contents import title_of_purpose
from broker.web import access
from broker.web.menu import GUARDIANS
from broker.web.reviewing.notes import Notes
from broker.web.reviewing.pages import RELATION
from broker.web.site import as_page, see_other
from broker.web.titles import GUARDIAN_STANDS
from broker.web.views.answers import show
from broker.web.views.reviews.blueprint import (
    guardian,
    name_of,
    notes_of,
    reviews,
    services,
    to_open,
    with_notes,
)
from broker.web.views.reviews.steps import show_step, take_step


@reviews.get("/reviews/<reference>/relation")
@access.requires(*GUARDIANS)
def relation(reference: str) -> Response:
    """Ask for their part in it, or say that a deputy decides where they have one."""
    about = parse_reference(reference)
    disclosure, notes = to_open(about), notes_of(about)
    is_own = disclosure.requester == guardian().id
    if not is_own and (not notes.relation or notes.is_independent):
        return show_step(notes, RELATION, back="/reviews")
    today = uk_day(services().clock())
    deputies = deputies_for(services().transaction, about, guardian(), today)
    return show(
        "reviews/deputy.html",
        title="A deputy must decide this",
        why="you submitted it yourself" if is_own else RELATIONS[notes.relation],
        deputies=[name_of(one) for one in deputies],
        again=None if is_own else f"{notes.base}/relation/again",
        back="/reviews",
    )


@reviews.get("/reviews/<reference>/relation/again")
@access.requires(*GUARDIANS)
def relation_again(reference: str) -> Response:
    """Ask once more for their part in it, where they chose wrongly."""
    about = parse_reference(reference)
    to_open(about)
    return show_step(notes_of(about), RELATION, back="/reviews")


@reviews.post("/reviews/<reference>/relation")
@reviews.post("/reviews/<reference>/relation/again")
@access.requires(*GUARDIANS)
def say_relation(reference: str) -> Response:
    """Keep their part in it; whoever has one is shown nothing."""
    about = parse_reference(reference)
    to_open(about)
    return take_step(notes_of(about), RELATION, _after_relation)


def _after_relation(notes: Notes) -> Response:
    return see_other(notes.base if notes.is_independent else f"{notes.base}/relation")


@reviews.get("/reviews/<reference>")
@access.requires(*GUARDIANS)
@with_notes
def review(notes: Notes) -> Response:
    """Show everything that a Guardian weighs, on one page; that they read it is recorded."""
    referral = services().referrals.show(notes.reference, guardian(), Entrance.PAGE)
    findings = findings_of(referral.decision, referral.rulebook)
    return show(
        "reviews/review.html",
        title=f"Review {notes.reference}",
        referral=referral,
        is_own=referral.is_own_of(guardian().id),
        purpose=title_of_purpose(referral.disclosure.purpose),
        stands=GUARDIAN_STANDS[referral.disclosure.state],
        sender_name=name_of(referral.disclosure.requester),
        checked_by=name_of(referral.mailbox.verified_by or ""),
        verdicts=VERDICTS_IN_WORDS,
        columns=columns_of(referral),
        label=label_of,
        reasons=reasons_of(referral.pack),
        answers=answers_of(referral.pack),
        sections=_sections(referral),
        files=_files(referral),
        deciding=[one for one in findings if one.weight is Weight.DECIDES],
        adding=[one for one in findings if one.weight is Weight.ADDS],
        holding=[one for one in findings if one.weight is Weight.HOLDS],
        laws=laws_named(findings),
        parts=PARTS,
        advice=services().advising.advices.about(notes.reference, guardian()),
        advisers=TITLES,
        case_purpose=title_of_purpose,
        case_stands=GUARDIAN_STANDS,
        principles=PRINCIPLES,
        name_of=name_of,
        iso_day=day_in_words,
        stops=_stops(referral.disclosure),
        looks_up=referral.disclosure.sender == guardian().agency,
        base=notes.base,
        back="/reviews",
        wide=True,
    )


def _stops(disclosure: Disclosure) -> str:
    """Return what stopping it is called where it stands, nothing where it cannot be stopped."""
    if disclosure.state is State.ACKNOWLEDGED:
        return "Ask them to delete it"
    return "Stop this sending" if disclosure.state in leading_to(State.RECALLED) else ""


@reviews.get("/reviews/<reference>/readers")
@access.requires(*GUARDIANS)
@with_notes
def readers(notes: Notes) -> Response:
    """Say who looked at what it holds, when and how."""
    found = readings_of(services().transaction, notes.reference, guardian())
    return show(
        "reviews/readers.html",
        title="Who has looked at it",
        readings=found,
        name_of=name_of,
        back=notes.base,
    )


@reviews.get("/reviews/<reference>/document")
@access.requires(*GUARDIANS)
@with_notes
def document(notes: Notes) -> Response:
    """Show the document as its recipient would see it; that it is read is recorded."""
    printed = services().advising.printing.as_it_would_go(
        notes.reference, guardian(), Entrance.PAGE
    )
    return show(
        "reviews/document.html",
        title="As the recipient would see it",
        pages=len(printed.pages),
        base=notes.base,
        back=notes.base,
        wide=True,
    )


@reviews.get("/reviews/<reference>/print/<int:number>.png")
@access.requires(*GUARDIANS)
def picture(reference: str, number: int) -> Response:
    """Give a page of what was printed last for this Guardian; it belongs to the page that did."""
    printed = services().advising.printing.at_hand(parse_reference(reference), guardian())
    if not 1 <= number <= len(printed.pages):
        raise NotFound
    return _file(printed.pages[number - 1], "image/png")


@reviews.get("/reviews/<reference>/print.pdf")
@access.requires(*GUARDIANS)
def pdf(reference: str) -> Response:
    """Give what was printed last for this Guardian as the PDF that it is."""
    printed = services().advising.printing.at_hand(parse_reference(reference), guardian())
    return _file(printed.pdf, "application/pdf")


def _file(content: bytes, kind: str) -> Response:
    response = as_page(content)
    response.content_type = kind
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _sections(referral: Referral) -> list[tuple[str, list[dict[str, object]]]]:
    """Return the words of the form by section, each with whether it would go."""
    goes = set(columns_of(referral).goes)
    fields = [FIELD_BY_ID[field] for field in referral.pack.form if field != WHOLE_RECORD]
    fields.sort(key=lambda field: list(FIELD_BY_ID).index(field.id))
    return [
        (
            section,
            [
                {
                    "label": field.label,
                    "text": _text_of(field, referral.pack.form[field.id]),
                    "goes": field.id in goes,
                }
                for field in grouped
            ],
        )
        for section, grouped in groupby(fields, key=lambda field: field.section)
    ]


def _text_of(field: FormField, text: str) -> str:
    return day_in_words(text) if field.kind is Kind.DATE else text


def _files(referral: Referral) -> list[dict[str, object]]:
    """Return each attachment with what it carries, why, what was taken off it, and if it goes."""
    kept = {one.number: one for one in referral.attachments}
    going = set(columns_of(referral).files_go)

    def told(number: int, note: AttachmentNote) -> dict[str, object]:
        summary = kept.get(number)
        return {
            "name": note.name,
            "carries": ", ".join(map(label_of, note.carries)),
            "why": note.why,
            "goes": note.name in going,
            "original": note.original,
            "remarks": [one.sentence for one in summary.remarks] if summary else [],
        }

    return [told(number, note) for number, note in enumerate(referral.pack.attachments, start=1)]
