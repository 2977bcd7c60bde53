"""`broker request`: partners are asked about one person, and answer."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import click

from broker.cli import session
from broker.cli.days import DAY
from broker.cli.in_words import (
    answer_in_words,
    lateness_in_words,
    outcome_in_words,
    spaced,
    state_in_words,
)
from broker.cli.output import (
    IDENTIFIER,
    item,
    json_option,
    lines,
    paragraphs,
    read_file,
    say,
    show,
    words_option,
)
from broker.disclosures.step_keys import key_of_step
from broker.domain.form import label_of
from broker.domain.json_values import as_array, as_object, text
from broker.domain.model import Person
from broker.domain.partner_requests.copies import Copy, CopyName, UnknownCopyError
from broker.domain.partner_requests.wanted import WantedRequest
from broker.domain.references import Prefix, Reference, parse_reference
from broker.domain.times import uk_day
from broker.intake.request_documents import read_answer, read_request
from broker.intake.strict_json import MAX_JSON
from broker.ledger.readings import Entrance
from broker.wiring import Services
from keys import PersonId

FILE = click.Path(path_type=Path, dir_okay=False)
COPY = click.argument("copy")
WHY = words_option("why", "Why, in your own words; it is kept.", prompt="Why?")
REASONS = click.Choice(["too-broad", "unclear", "no-purpose", "wrong-body"])


_SAID = {
    "passed": "passed on",
    "returned": "sent back",
    "asked-for-time": "more time",
    "answered": "cannot say",
}
"""What was said about a copy since it was put, as its line begins."""


@click.group("request")
def request() -> None:
    """Ask partners about one person, and answer what your body is asked."""


@request.command("new")
@click.argument("document", type=FILE)
@json_option
def new_request(document: Path, *, as_json: bool) -> None:
    """Say what the request DOCUMENT (JSON) still lacks; nothing is kept or sent."""
    with session.services() as services:
        person, wanted = session.caller(services), _wanted(services, document)
        judged = services.partner_requests.asking.preview(wanted, person)
    told: dict[str, object] = {
        "kept": False,
        "bodies": [
            {"mailbox": body.mailbox, "decision": judgement.document()}
            for body, judgement in zip(wanted.bodies, judged, strict=True)
        ],
    }

    def in_words() -> None:
        for body, judgement in zip(wanted.bodies, judged, strict=True):
            item(body.mailbox, outcome_in_words(judgement.decision.outcome))
            lines("to be right", judgement.decision.lawful_if)
        say("Nothing is missing and nothing was sent. Next: broker request issue")

    show(told, as_json=as_json, in_words=in_words)


@request.command("issue")
@click.argument("document", type=FILE)
@json_option
def issue(document: Path, *, as_json: bool) -> None:
    """Issue the request DOCUMENT (JSON) to every body that it names, or to none."""
    content = read_file(document, MAX_JSON)
    with session.services() as services:
        person, wanted = session.caller(services), _wanted(services, document)
        # The same file again is the same request.
        name = f"request-{hashlib.sha256(content).hexdigest()[:40]}"
        key = key_of_step(services.idempotency, name, "request", content.hex())
        reference = services.partner_requests.asking.issue(wanted, person, key)
        told = _request_document(services, reference, person)
    show(told, as_json=as_json, in_words=lambda: _copies_in_words(told))


@request.command("list")
@json_option
def list_requests(*, as_json: bool) -> None:
    """List what waits for your body, the first due first, and what your body asked."""
    with session.services() as services:
        person, views = session.caller(services), services.partner_requests.views
        told: dict[str, object] = {
            "to_answer": [line.document() for line in views.inbox(person)],
            "answered": [line.document() for line in views.answered(person)],
            "asked": [line.to_asker() for line in views.put_by_us(person)],
        }

    def in_words() -> None:
        for title, name in (
            ("To answer:", "to_answer"),
            ("Answered:", "answered"),
            ("Asked by you:", "asked"),
        ):
            found = as_array(told[name])
            if found:
                say(title)
            _lines_in_words(found)
        if not any(as_array(found) for found in told.values()):
            say("There are no requests to you, and none of yours.")

    show(told, as_json=as_json, in_words=in_words)


@request.command("show")
@click.argument("reference")
@json_option
def show_request(reference: str, *, as_json: bool) -> None:
    """Show where the copies of REFERENCE stand; of one copy (REQ-....1) what it says, recorded."""
    with session.services() as services:
        person, views = session.caller(services), services.partner_requests.views
        if "." in reference:
            content = views.content(CopyName.read(reference), person, Entrance.CLI)
            told = content.document()
            show(told, as_json=as_json, in_words=lambda: _content_in_words(told))
            return
        about = parse_reference(reference, Prefix.REQUEST)
        told = _request_document(services, about, person)
    show(told, as_json=as_json, in_words=lambda: _copies_in_words(told))


@request.command("take")
@COPY
@json_option
def take(copy: str, *, as_json: bool) -> None:
    """Take COPY (REQ-....1) in hand."""
    with session.services() as services:
        person = session.caller(services)
        after = services.partner_requests.answering.take(CopyName.read(copy), person)
        _tell(services, after, person, as_json=as_json)


@request.command("pass")
@COPY
@click.argument("person", type=IDENTIFIER)
@WHY
@json_option
def pass_on(copy: str, person: str, why: str, *, as_json: bool) -> None:
    """Pass COPY to PERSON of your body."""
    with session.services() as services:
        who, name = session.caller(services), CopyName.read(copy)
        after = services.partner_requests.answering.pass_on(name, who, PersonId(person), why)
        _tell(services, after, who, as_json=as_json)


@request.command("return")
@COPY
@click.option("--reason", type=REASONS, required=True, help="What stands in the way.")
@WHY
@json_option
def give_back(copy: str, reason: str, why: str, *, as_json: bool) -> None:
    """Send COPY back because it cannot be answered as it stands."""
    with session.services() as services:
        person, name = session.caller(services), CopyName.read(copy)
        after = services.partner_requests.answering.give_back(name, person, reason, why)
        _tell(services, after, person, as_json=as_json)


@request.command("answer")
@COPY
@click.argument("document", type=FILE)
@click.option("--preview", is_flag=True, help="Show what would be read; keep and send nothing.")
@json_option
def answer(copy: str, document: Path, *, preview: bool, as_json: bool) -> None:
    """Answer COPY with the answer DOCUMENT (JSON)."""
    content = read_file(document, MAX_JSON)
    with session.services() as services:
        person, name = session.caller(services), CopyName.read(copy)
        vocabulary = services.rulebooks.in_force().vocabulary
        given = read_answer(content, vocabulary, uk_day(services.clock()))
        answering = services.partner_requests.answering
        if not (preview or given.preview):
            after = answering.answer(name, person, given.given)
            _tell(services, after, person, as_json=as_json)
            return
        what = answering.preview(name, person, given.given)
    told: dict[str, object] = {
        "kept": False,
        "what_goes": None if what is None else what.document(),
    }

    def in_words() -> None:
        if what is None:
            say("Nothing is shared. They read that, and your reasons.")
            return
        item("outcome", outcome_in_words(what.outcome))
        lines("they read", map(label_of, what.goes))
        lines("stays", (f"{label_of(field)}: {why}" for field, why in what.stays.items()))

    show(told, as_json=as_json, in_words=in_words)


@request.command("extend")
@COPY
@click.option("--until", type=DAY, required=True, help="The later day.")
@WHY
@json_option
def extend(copy: str, until: date, why: str, *, as_json: bool) -> None:
    """Ask for a later day for COPY, before its day."""
    with session.services() as services:
        person, name = session.caller(services), CopyName.read(copy)
        after = services.partner_requests.answering.ask_for_time(name, person, until, why)
        _tell(services, after, person, as_json=as_json)


@request.command("settle")
@COPY
@click.option("--grant/--decline", "granted", required=True, help="Whether they get more time.")
@json_option
def settle(copy: str, *, granted: bool, as_json: bool) -> None:
    """Grant the later day that was asked for, or do not; for whoever set the day."""
    with session.services() as services:
        person, name = session.caller(services), CopyName.read(copy)
        after = services.partner_requests.answering.settle_time(name, person, granted=granted)
        _tell(services, after, person, as_json=as_json)


@request.command("withdraw")
@COPY
@json_option
def withdraw(copy: str, *, as_json: bool) -> None:
    """Stop asking what COPY asks."""
    with session.services() as services:
        person = session.caller(services)
        after = services.partner_requests.asking.withdraw(CopyName.read(copy), person)
        _tell(services, after, person, as_json=as_json)


@request.command("close")
@COPY
@json_option
def close(copy: str, *, as_json: bool) -> None:
    """Confirm that the answer to COPY came, which closes it."""
    with session.services() as services:
        person = session.caller(services)
        after = services.partner_requests.asking.close(CopyName.read(copy), person)
        _tell(services, after, person, as_json=as_json)


def _wanted(services: Services, document: Path) -> WantedRequest:
    vocabulary = services.rulebooks.in_force().vocabulary
    content = read_file(document, MAX_JSON)
    return read_request(content, vocabulary, uk_day(services.clock()))


def _request_document(
    services: Services, reference: Reference, person: Person
) -> dict[str, object]:
    found = services.partner_requests.views.request(reference, person)
    return {
        "reference": str(reference),
        "copies": [
            line.to_asker() if line.copy.asking == person.agency else line.document()
            for line in found
        ],
    }


def _tell(services: Services, copy: Copy, person: Person, *, as_json: bool) -> None:
    """Tell where a copy stands after a step; who passed on what was theirs sees it no more."""
    told: Mapping[str, object]
    try:
        told = _request_document(services, copy.name.request, person)
    except UnknownCopyError:
        told = {"reference": str(copy.name.request), "copies": []}
    show(told, as_json=as_json, in_words=lambda: _copies_in_words(told))


def _copies_in_words(told: Mapping[str, object]) -> None:
    say(f"Request {told['reference']}")
    _lines_in_words(as_array(told["copies"]))


def _lines_in_words(found: Iterable[object]) -> None:
    for line in map(as_object, found):
        late = lateness_in_words(line["lateness"])
        late = late and f" ({late.lower()})"
        answer = line["answer"]
        sent = None if line["answer_sent"] is None else as_object(line["answer_sent"])["state"]
        stands = spaced(line["state"]) if answer is None else answer_in_words(answer, sent)
        asking, asked = as_object(line["from"])["name"], as_object(line["to"])["name"]
        item(text(line["copy"]), f"{stands}, due {line['due_on']}{late}; {asking} asks {asked}")
        question = line.get("question")
        if question is not None and line["answer"] is None:
            about = as_object(question)
            item("", f"its question {about['reference']}: {state_in_words(about['state'])}")
        if line["asks_the_same_as"] is not None:
            item("", f"asks the same as {line['asks_the_same_as']}")


def _content_in_words(told: Mapping[str, object]) -> None:
    _lines_in_words([told])
    item("what for", text(told["statement"]))
    item("power", text(told["power"]))
    item("why you", text(told["why_you"]))
    day = as_object(told["day_set_by"])
    item("day set by", f"{day['person']}, {day['function']}")
    for one in map(as_object, as_array(told["about"])):
        paragraphs(text(one["label"])[:13], text(one["text"]))
    for ask in map(as_object, as_array(told["asks"])):
        item("asked", f"{ask['label']} ({ask['field']}), {ask['from']} to {ask['until']}")
        item("", text(ask["sentence"]))
    item("not sure?", text(told["not_sure"]))
    for said in map(as_object, as_array(told["words"])):
        if said["what"] == "issued" and said.get("why"):
            item("why so soon", text(said["why"]))
        if said.get("text"):
            paragraphs(_SAID[text(said["what"])], text(said["text"]))
        for one in map(as_object, as_array(said.get("fields", []))):
            item(text(one["stands"]), f"{label_of(text(one['field']))}. {one['why']}".rstrip())


COMMANDS = (request,)
"""What the command line offers of this module."""
