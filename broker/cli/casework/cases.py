"""`broker case`: what belongs together, who works on it, and where it stands."""

from collections.abc import Callable

import click

from broker.cases.register import Cases
from broker.cases.views import (
    case_document,
    cases_document,
    opened_from_document,
    shown_document,
)
from broker.cli import session
from broker.cli.in_words import spaced
from broker.cli.output import (
    IDENTIFIER,
    item,
    json_option,
    lines,
    say,
    show,
    words_of,
    words_option,
)
from broker.domain.cases.cases import Case
from broker.domain.cases.likeness import ADDRESS, BIRTHDAY, CONTACT, NAME, NUMBER
from broker.domain.cases.stages import KINDS_IN_WORDS, CaseEnd, CaseKind, LinkKind, Stage
from broker.domain.json_values import as_array, as_object, text, texts
from broker.domain.model import Person
from broker.domain.references import parse_reference
from broker.domain.roles import Role
from keys import PersonId

CASE = click.argument("case")
KIND = click.Choice([kind.value for kind in CaseKind])
LINK = click.Choice([kind.value for kind in LinkKind])
STAGE = click.Choice([stage.value for stage in Stage if stage is not Stage.CLOSED])
END = click.Choice([end.value for end in CaseEnd if end is not CaseEnd.ERASED])
ROLE = click.Choice([role.value for role in Role])

_WHO = "Whom is the document about? Such as name: ..., birthday: 1991-11-02"
_LINES = {
    "name": NAME,
    "birthday": BIRTHDAY,
    "number": NUMBER,
    "contact": CONTACT,
    "address": ADDRESS,
}


@click.group("case")
def case_commands() -> None:
    """Look after cases: what belongs together, who works on it, and where it stands."""


@case_commands.command("list")
@json_option
def list_cases(*, as_json: bool) -> None:
    """List your newest cases; for a lead or Guardian those of their body."""
    with session.services() as services:
        person = session.caller(services)
        found = services.cases.of_body(person)

    def in_words() -> None:
        for case in found:
            item(case.id, f"{spaced(case.stage)}; {KINDS_IN_WORDS[case.kind]}")
        if not found:
            say("There are no cases of yours.")

    show(cases_document(found), as_json=as_json, in_words=in_words)


@case_commands.command("show")
@CASE
@json_option
def show_case(case: str, *, as_json: bool) -> None:
    """Show where CASE stands, what belongs to it and who works on it."""
    with session.services() as services:
        person = session.caller(services)
        document = shown_document(services.cases.show(person, case))
    show(document, as_json=as_json, in_words=lambda: _shown_in_words(document))


@case_commands.command("open")
@click.option("--kind", type=KIND, help="What it is about.")
@click.option("--from", "reference", help="Open your own case of what was sent to your body.")
@words_option("person", "With --from: a line each, such as birthday: 1991-11-02.")
@json_option
def open_case(
    kind: str | None, reference: str | None, *, person: str | None, as_json: bool
) -> None:
    """Open a case, or, for police and coordinators, your own of what was sent to you.

    With --from you type whom the document is about, a line each: name, birthday, number, contact,
    address. It is compared with what came to your body, and not kept.
    """
    if (kind is None) is (reference is None):
        raise click.UsageError(
            "Say either --kind, or --from with the reference that you received."
        )
    with session.services() as services:
        caller = session.caller(services)
        if kind is not None:
            _told(services.cases.open(caller, CaseKind(kind)), as_json=as_json)
            return
        typed = _identifiers(words_of(None, "person", _WHO) if person is None else person)
        opened = services.cases.open_from(caller, parse_reference(reference or ""), typed)
    document = opened_from_document(opened)

    def in_words() -> None:
        _case_in_words(document)
        lines("came before", [str(one.reference) for one in opened.earlier])

    show(document, as_json=as_json, in_words=in_words)


def _identifiers(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in filter(str.strip, text.splitlines()):
        name, colon, value = line.partition(":")
        if not colon or name.strip().casefold() not in _LINES or not value.strip():
            raise click.UsageError(
                f"Each line says one of {', '.join(_LINES)}, a colon, and what the document says."
            )
        found[_LINES[name.strip().casefold()]] = value.strip()
    return found


@case_commands.command("link")
@CASE
@click.argument("other")
@click.option("--kind", type=LINK, required=True, help="Why the two are linked.")
@json_option
def link(case: str, other: str, kind: str, *, as_json: bool) -> None:
    """Link CASE to OTHER; each keeps its own key and its own time."""
    _change(lambda cases, who: cases.link(who, case, other, LinkKind(kind)), as_json=as_json)


@case_commands.command("move")
@CASE
@click.argument("stage", type=STAGE)
@json_option
def move(case: str, stage: str, *, as_json: bool) -> None:
    """Move CASE to the next STAGE of its rail."""
    _change(lambda cases, who: cases.move(who, case, Stage(stage)), as_json=as_json)


@case_commands.command("close")
@CASE
@click.option("--as", "end", type=END, required=True, help="How it ends.")
@json_option
def close(case: str, end: str, *, as_json: bool) -> None:
    """Close CASE, in the role that you act in."""
    _change(lambda cases, who: cases.close(who, case, CaseEnd(end)), as_json=as_json)


@case_commands.group("member")
def member() -> None:
    """Say who works on a case."""


@member.command("add")
@CASE
@click.argument("person", type=IDENTIFIER)
@click.option("--role", type=ROLE, required=True, help="The role in which they work on it.")
@json_option
def add_member(case: str, person: str, role: str, *, as_json: bool) -> None:
    """Let PERSON work on CASE."""
    _change(
        lambda cases, who: cases.add_member(who, case, PersonId(person), Role(role)),
        as_json=as_json,
    )


@member.command("end")
@CASE
@click.argument("person", type=IDENTIFIER)
@json_option
def end_member(case: str, person: str, *, as_json: bool) -> None:
    """Let PERSON work on CASE no longer, from this moment."""
    _change(lambda cases, who: cases.end_member(who, case, PersonId(person)), as_json=as_json)


def _change(act: Callable[[Cases, Person], Case], *, as_json: bool) -> None:
    with session.services() as services:
        person = session.caller(services)
        after = act(services.cases, person)
    _told(after, as_json=as_json)


def _told(case: Case, *, as_json: bool) -> None:
    document = case_document(case)
    show(document, as_json=as_json, in_words=lambda: _case_in_words(document))


def _case_in_words(document: dict[str, object]) -> None:
    say(f"Case {document['case']}")
    item("kind", KINDS_IN_WORDS[CaseKind(text(document["kind"]))])
    item("stage", f"{spaced(document['stage'])}, since {document['stage_since']}")
    if document["closed_as"] is not None:
        item("closed", f"{document['closed_in_words']} ({document['closed_by']})")
    lines("can come to", map(spaced, texts(document["next_stages"])))


def _shown_in_words(document: dict[str, object]) -> None:
    _case_in_words(document)
    lines("references", texts(document["references"]))
    for one in map(as_object, as_array(document["members"])):
        until = "" if one["until"] is None else f", until {one['until']}"
        item("member", f"{one['person']} of {one['agency']}, {spaced(one['role'])}{until}")
    for one in map(as_object, as_array(document["links"])):
        item("linked", f"{one['other']} ({spaced(one['kind'])})")
    lines("known by", texts(document["known_by"]))


COMMANDS = (case_commands,)
