"""Something has changed: who got a first is told, after a look at what each would read."""

import json
from collections.abc import Iterable
from typing import Final

from flask import Blueprint, Response, request

from broker.disclosures.step_keys import key_of_step
from broker.domain.errors import Fault, FaultyDocumentError
from broker.domain.form import label_of
from broker.domain.partner_requests.changes import ChangeNotice
from broker.domain.questions.follows import CHANGED_IN_WORDS
from broker.domain.references import parse_reference
from broker.domain.times import uk_day
from broker.intake.change_documents import read_change
from broker.ledger.readings import Entrance
from broker.partner_requests.changing import Changing
from broker.web import access
from broker.web.forms.days import day_params, day_problem, typed_of_day
from broker.web.forms.problems import Problem
from broker.web.menu import WRITERS
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.views.hiding import hidden
from broker.web.visitors import visitor
from broker.web.writing.changes import FIELD_OF, ChangeNotes, Typed, change_document

changed = Blueprint("changed", __name__)

_KNOWN: Final = {
    "seen": "Seen by somebody of ours",
    "told": "Told to us",
    "opinion": "It is somebody's opinion",
}
_DANGER: Final = {
    "none": "No",
    "unknown": "I do not know",
    "imminent": "Yes. I have rung 999",
}
_CHECK: Final = {
    "done": "Yes, they have looked at it",
    "not-asked": "No, nobody was asked",
    "cannot-wait": "It cannot wait for that",
}
_TOLD: Final = {
    "yes": "Yes",
    "no": "No, not yet",
    "risk": "No: telling them could put someone at risk",
}
_MUST: Final = {
    "what": "Select what has changed",
    "on-day": "Enter the day on which it changed",
    "known": "Select how you know",
    "source": "Enter who saw it, told it or thinks so",
    "words": "Enter what has changed",
    "danger": "Select whether somebody is in immediate danger",
    "why": "Enter why they need to know",
    "enough": "Enter why it is no more than they need",
    "check": "Select whether your lead has looked at it",
    "told": "Select whether the person knows",
}


@changed.get("/referrals/<reference>/changed")
@access.requires(*WRITERS)
def page(reference: str) -> Response:
    """Ask what has changed, and whom it is told to."""
    notes = _notes(reference)
    return _page(notes, notes.typed or {}, [])


@changed.post("/referrals/<reference>/changed")
@access.requires(*WRITERS)
def write(reference: str) -> Response:
    """Keep what was typed, and show what each would read once nothing is missing."""
    notes = _notes(reference)
    typed = {
        name: tuple(values) for name, values in request.form.lists() if not name.startswith("_")
    }
    notes = notes.keep(typed)
    if request.form.get("_action") == "hide":
        return hidden()
    problems = _missing(typed)
    if not problems:
        try:
            _changing().preview(_notice(notes), visitor().person)
        except FaultyDocumentError as error:
            problems = _wrong(error.faults)
    if problems:
        return _page(notes, typed, problems)
    return see_other(f"/referrals/{notes.about}/changed/look")


@changed.get("/referrals/<reference>/changed/look")
@access.requires(*WRITERS)
def look(reference: str) -> Response:
    """Show what each reader would read, before anything is told."""
    notes = _notes(reference)
    if notes.typed is None:
        return see_other(f"/referrals/{notes.about}/changed")
    try:
        would = _changing().look(_notice(notes), visitor().person, Entrance.PAGE)
    except FaultyDocumentError as error:
        return _page(notes, notes.typed, _wrong(error.faults))
    return show(
        "afterwards/changed_look.html",
        title="Check what they will read",
        would=would,
        label=label_of,
        back=f"/referrals/{notes.about}/changed",
    )


@changed.post("/referrals/<reference>/changed/look")
@access.requires(*WRITERS)
def tell(reference: str) -> Response:
    """Tell each reader; the same words are told once."""
    notes, services = _notes(reference), current_site().services
    if notes.typed is None:
        return see_other(f"/referrals/{notes.about}")
    try:
        notice = _notice(notes)
        content = json.dumps(change_document(notes.typed), sort_keys=True)
        key = key_of_step(services.idempotency, notes.key, "change", content)
        told = _changing().notify(notice, visitor().person, key)
    except FaultyDocumentError as error:
        return _page(notes, notes.typed, _wrong(error.faults))
    notes.forget()
    only = len(told) == 1
    return see_other(f"/referrals/{told[0].reference}" if only else "/referrals")


def _notes(reference: str) -> ChangeNotes:
    person, about = visitor().person, parse_reference(reference)
    # Whoever is no member of the case learns of no page about it either.
    _changing().readers(about, person)
    return ChangeNotes.of(current_site().services, person, about)


def _changing() -> Changing:
    return current_site().services.partner_requests.changing


def _notice(notes: ChangeNotes) -> ChangeNotice:
    services = current_site().services
    content = json.dumps(change_document(notes.typed or {}), ensure_ascii=False).encode()
    vocabulary = services.rulebooks.in_force().vocabulary
    return read_change(notes.about, content, vocabulary, uk_day(services.clock())).notice


def _missing(typed: Typed) -> list[Problem]:
    said = {name: values[0].strip() for name, values in typed.items() if values}
    found = [
        Problem(field=field, message=words)
        for field, words in _MUST.items()
        if not said.get(field)
    ]
    day = day_problem(said, "on", "The day")
    if said.get("check") == "cannot-wait" and not said.get("cannot_wait"):
        found.append(Problem(field="cannot_wait", message="Enter why it cannot wait"))
    if said.get("told") in {"no", "risk"} and not said.get("not_told"):
        found.append(Problem(field="not_told", message="Enter why they do not know yet"))
    if not typed.get("to"):
        found.append(Problem(field="to", message="Select whom you tell"))
    is_day_wrong = day is not None and all(one.field != "on-day" for one in found)
    return [*found, day] if is_day_wrong and day is not None else found


def _wrong(faults: Iterable[Fault]) -> list[Problem]:
    """Return what is wrong with a document, each at the field where it is put right."""
    return [
        Problem(
            field=next(
                (field for place, field in FIELD_OF.items() if fault.place.startswith(place)),
                "words",
            ),
            message=f"This {fault.problem}",
        )
        for fault in faults
    ]


def _page(notes: ChangeNotes, typed: Typed, problems: list[Problem]) -> Response:
    said = {name: values[0] for name, values in typed.items() if values}
    chosen = frozenset(typed.get("to", ()))
    readers = _changing().readers(notes.about, visitor().person)
    is_first = not typed
    return show(
        "afterwards/changed.html",
        title="Something has changed",
        problems=problems,
        readers=[
            {
                "value": str(one.reference),
                "text": f"{one.mailbox.title}, {one.body}",
                "hint": {"text": f"They got {one.reference}"},
                "checked": is_first or str(one.reference) in chosen,
            }
            for one in readers
        ],
        items={
            name: [
                {"value": str(code), "text": words, "checked": said.get(name) == code}
                for code, words in options.items()
            ]
            for name, options in (
                ("what", CHANGED_IN_WORDS),
                ("known", _KNOWN),
                ("danger", _DANGER),
                ("check", _CHECK),
                ("told", _TOLD),
            )
        },
        on=day_params({**typed_of_day("on", None), **said}, "on", problems),
        said=said,
        back=f"/referrals/{notes.about}",
        form_id="page",
    )
