"""`broker meeting`: a panel's meetings, the pack of each, and one's own copy of it."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click

from broker.cli import session
from broker.cli.days import DAY
from broker.cli.in_words import guardian_state_in_words, outcome_in_words, pack_in_words
from broker.cli.output import (
    IDENTIFIER,
    item,
    json_option,
    lines,
    paragraphs,
    read_file,
    say,
    show,
)
from broker.domain.form import label_of
from broker.domain.json_values import as_array, as_object, text
from broker.domain.model import Person
from broker.domain.panels.meetings import AskedAs, Attends
from broker.domain.references import Prefix, Reference, parse_reference
from broker.intake.panels import read_panel_pack
from broker.intake.strict_json import MAX_JSON
from broker.ledger.readings import Entrance
from broker.panels.assembled import Panels
from broker.panels.calling import WantedMeeting
from broker.panels.views import meeting_document
from broker.wiring import Services
from keys import AgencyId, PersonId

FILE = click.Path(path_type=Path, dir_okay=False)
MEETING = click.argument("reference")
AS = click.Choice([AskedAs.MEMBER.value, AskedAs.REFERRER.value, AskedAs.INVITEE.value])
NOTED = click.Choice([one.value for one in Attends if one is not Attends.ASKED])


@click.group("meeting")
def meeting() -> None:
    """Keep a panel's meetings, build the pack of one, and open your copy of it."""


@meeting.command("list")
@json_option
def list_meetings(*, as_json: bool) -> None:
    """List the meetings that you keep or are asked to, the latest day first."""
    with session.services() as services:
        person, views = session.caller(services), services.panels.views
        found, waits = views.listed(person), views.waited_for(person)
    told: dict[str, object] = {
        "meetings": [
            {**meeting_document(one), "pack_asked_for": one.reference in waits} for one in found
        ]
    }

    def in_words() -> None:
        for one in found:
            asks = ". Its pack is asked for" if one.reference in waits else ""
            item(str(one.reference), f"{one.on}, {one.state.value}{asks}")
        if not found:
            say("You keep no meetings, and are asked to none.")

    show(told, as_json=as_json, in_words=in_words)


@meeting.command("show")
@MEETING
@json_option
def show_meeting(reference: str, *, as_json: bool) -> None:
    """Show who is asked to a meeting, whether its panel is valid, and where its pack stands."""
    with session.services() as services:
        _tell(services, session.caller(services), _read(reference), as_json=as_json)


@meeting.command("call")
@click.argument("case")
@click.option("--on", type=DAY, required=True, help="The day of the meeting.")
@click.option("--chair", type=IDENTIFIER, required=True, help="Who chairs it.")
@click.option("--home-area", type=IDENTIFIER, required=True, help="The police of the home area.")
@json_option
def call(case: str, on: date, chair: str, home_area: str, *, as_json: bool) -> None:
    """Call a meeting about CASE, which is of your council's panel."""
    with session.services() as services:
        person = session.caller(services)
        wanted = WantedMeeting(
            case=case,
            on=on,
            chair=PersonId(chair),
            home_area=AgencyId(home_area),
        )
        called = services.panels.meetings.call(wanted, person)
        _tell(services, person, called.reference, as_json=as_json)


@meeting.command("ask")
@MEETING
@click.argument("person", type=IDENTIFIER)
@click.option("--as", "asked_as", type=AS, required=True, help="As what they come.")
@json_option
def ask(reference: str, person: str, asked_as: str, *, as_json: bool) -> None:
    """Ask PERSON to a meeting, which makes them a member of its case."""
    with _step(reference, as_json=as_json) as (panels, about, by):
        panels.meetings.ask(about, by, PersonId(person), AskedAs(asked_as))


@meeting.command("answer")
@MEETING
@click.option("--comes/--apologies", required=True, help="Whether you come.")
@json_option
def answer(reference: str, *, comes: bool, as_json: bool) -> None:
    """Say that you come to a meeting, or send your apologies."""
    with _step(reference, as_json=as_json) as (panels, about, by):
        panels.meetings.answer(about, by, comes=comes)


@meeting.command("delegate")
@MEETING
@click.argument("person", type=IDENTIFIER)
@json_option
def delegate(reference: str, person: str, *, as_json: bool) -> None:
    """Send your apologies, and PERSON of your own body instead."""
    with _step(reference, as_json=as_json) as (panels, about, by):
        panels.meetings.send_delegate(about, by, PersonId(person))


@meeting.command("note")
@MEETING
@click.argument("person", type=IDENTIFIER)
@click.argument("attends", type=NOTED)
@json_option
def note(reference: str, person: str, attends: str, *, as_json: bool) -> None:
    """Note that PERSON comes, sent apologies, was present or absent."""
    with _step(reference, as_json=as_json) as (panels, about, by):
        panels.meetings.note(about, by, PersonId(person), Attends(attends))


@meeting.command("hold")
@MEETING
@json_option
def hold(reference: str, *, as_json: bool) -> None:
    """Hold a meeting on its day, as its chair; without its quorum it cannot be."""
    with _step(reference, as_json=as_json) as (panels, about, by):
        panels.meetings.hold(about, by)


@meeting.command("close")
@MEETING
@json_option
def close(reference: str, *, as_json: bool) -> None:
    """Close a meeting that was held."""
    with _step(reference, as_json=as_json) as (panels, about, by):
        panels.meetings.close(about, by)


@meeting.command("cancel")
@MEETING
@json_option
def cancel(reference: str, *, as_json: bool) -> None:
    """Cancel a meeting; no copy of its pack opens any more."""
    with _step(reference, as_json=as_json) as (panels, about, by):
        panels.meetings.cancel(about, by)


@meeting.group("pack")
def pack() -> None:
    """Ask for the one pack of a meeting; build it from what bodies released, and approve it."""


@pack.command("ask")
@MEETING
@json_option
def ask_for_pack(reference: str, *, as_json: bool) -> None:
    """Ask for the pack of a meeting that you are asked to; whoever keeps it is told."""
    with _step(reference, as_json=as_json) as (panels, about, by):
        panels.asking.ask_for(about, by)


@pack.command("released")
@MEETING
@json_option
def released(reference: str, *, as_json: bool) -> None:
    """Show what bodies released to the panel, which is all that can be picked; recorded."""
    with session.services() as services:
        person, about = session.caller(services), _read(reference)
        found = services.panels.packs.released(about, person, Entrance.CLI)
    told: dict[str, object] = {"released": [{"pick": one.key, **one.document()} for one in found]}

    def in_words() -> None:
        for one in found:
            item(one.key, f"{label_of(one.field)}, from {one.body}")
            paragraphs("", one.words)
        if not found:
            say("Nothing was released to this panel yet. Ask bodies: broker request issue")

    show(told, as_json=as_json, in_words=in_words)


@pack.command("build")
@MEETING
@click.argument("document", type=FILE)
@click.option("--preview", is_flag=True, help="Show what the rules say; keep nothing.")
@json_option
def build(reference: str, document: Path, *, preview: bool, as_json: bool) -> None:
    """Build the pack of a meeting from DOCUMENT (JSON); it replaces the one before."""
    wanted = read_panel_pack(read_file(document, MAX_JSON))
    with session.services() as services:
        person, about = session.caller(services), _read(reference)
        if not preview:
            services.panels.packs.build(about, person, wanted)
            _tell(services, person, about, as_json=as_json)
            return
        what = services.panels.packs.preview(about, person, wanted)
    told: dict[str, object] = {"kept": False, "what_goes": what.document()}

    def in_words() -> None:
        item("outcome", outcome_in_words(what.outcome))
        lines("they read", map(label_of, what.goes))
        lines("stays", (f"{label_of(field)}: {why}" for field, why in what.stays.items()))
        lines("to be right", what.lawful_if)

    show(told, as_json=as_json, in_words=in_words)


@pack.command("read")
@MEETING
@json_option
def read(reference: str, *, as_json: bool) -> None:
    """Read what stands in the pack of a meeting, which its chair approves; recorded."""
    with session.services() as services:
        person, about = session.caller(services), _read(reference)
        found = services.panels.reading.read(about, person, Entrance.CLI)

    def in_words() -> None:
        item("pack", f"{found.pack.disclosure}: {pack_in_words(found.pack.state)}")
        for one in found.blocks:
            item(label_of(one.field), f"from {one.body}")
            paragraphs("", one.words)
        lines("stays", (f"{label_of(field)}: {why}" for field, why in found.what.stays.items()))
        item("seen", found.seen)

    show(found.document(), as_json=as_json, in_words=in_words)


@pack.command("approve")
@MEETING
@click.option("--seen", required=True, help="What you read: `pack read` ends with it.")
@json_option
def approve(reference: str, *, seen: str, as_json: bool) -> None:
    """Approve the pack of a meeting that you read, as its chair; copies open from then on."""
    with _step(reference, as_json=as_json) as (panels, about, by):
        panels.approving.approve(about, by, seen)


@pack.command("withdraw")
@MEETING
@json_option
def withdraw(reference: str, *, as_json: bool) -> None:
    """Withdraw the pack of a meeting; no copy opens any more."""
    with _step(reference, as_json=as_json) as (panels, about, by):
        panels.packs.withdraw(about, by)


@meeting.command("copy")
@MEETING
@json_option
def copy(reference: str, *, as_json: bool) -> None:
    """Open your own copy of a meeting's pack; recorded, and with your name on it."""
    with session.services() as services:
        person = session.caller(services)
        opened = services.panels.copies.open(_read(reference), person, Entrance.CLI)
    told = opened.document()

    def in_words() -> None:
        whose = f"for {opened.name} of {opened.body} alone, opened {text(told['opened_at'])}"
        say(f"Copy {opened.number} of {opened.meeting.reference}, {whose}")
        for one in opened.blocks:
            item(label_of(one.field), f"from {one.body}")
            paragraphs("", one.words)
        say(f"It opens to the end of {opened.until}. Pass it to nobody.")

    show(told, as_json=as_json, in_words=in_words)


def _read(reference: str) -> Reference:
    return parse_reference(reference, Prefix.MEETING)


@contextmanager
def _step(reference: str, *, as_json: bool) -> Generator[tuple[Panels, Reference, Person]]:
    """Yield what a step of a meeting needs, and tell where it stands after it."""
    with session.services() as services:
        person, about = session.caller(services), _read(reference)
        yield services.panels, about, person
        _tell(services, person, about, as_json=as_json)


def _tell(services: Services, person: Person, about: Reference, *, as_json: bool) -> None:
    """Tell where a meeting stands."""
    told = services.panels.views.show(about, person).document()
    show(told, as_json=as_json, in_words=lambda: _in_words(told))


def _in_words(told: Mapping[str, object]) -> None:
    say(f"Meeting {told['meeting']} of {told['case']} on {told['on']}, {told['state']}")
    for one in map(as_object, as_array(told["asked"])):
        who = one["name"] or one["person"]
        item(text(one["attends"]), f"{who} ({one['person']}) of {one['body']}, {one['as']}")
        if one["asked_for_pack"] is not None:
            item("", f"waits for the pack since {one['asked_for_pack']}")
    lines("missing", map(text, as_array(as_object(told["quorum"])["lacks"])))
    pack = told["pack"]
    stands = "none yet" if pack is None else as_object(pack)
    if isinstance(stands, str):
        item("pack", stands)
    else:
        item("pack", f"{stands['reference']}: {pack_in_words(stands['state'])}")
        if stands["stands"] is not None:
            item("", guardian_state_in_words(stands["stands"]))


COMMANDS = (meeting,)
"""What the command line offers of this module."""
