"""`broker directory`: agencies and the mailboxes a pack may go to."""

import json
from datetime import date
from pathlib import Path

import click

from audit.format.plurals import counted
from broker.cli import session
from broker.cli.output import FILE, IDENTIFIER, item, json_option, read_file, say, show
from broker.cli.registers.contact_trials import BY, record_trial, set_profile, try_mailbox
from broker.domain.directory.backing import CallBack, NumberFrom, counts_until
from broker.domain.directory.functions import KINDS
from broker.domain.model import Agency, Mailbox, MailboxId
from broker.domain.times import day_text, uk_day
from broker.intake.documents import read_directory
from broker.packs.contents import title_of_purpose
from broker.registers.directory import Entries
from broker.registers.directory_views import (
    Alikes,
    agency_document,
    alike_document,
    brought_document,
    found_document,
    mailbox_document,
    presets_document,
)
from broker.registers.exchange.lines import lines_of
from broker.registers.exchange.open_referral import document_of, read_services
from broker.registers.exchange.table import read_table, written
from broker.registers.finding.look_alikes import all_look_alikes
from broker.registers.finding.searching import search
from broker.registers.presets import NAMES, presets
from broker.wiring import Services
from keys import PersonId


@click.group()
def directory() -> None:
    """Keep the directory of agencies and mailboxes."""


@directory.command("list")
@json_option
def list_directory(*, as_json: bool) -> None:
    """List every agency, and every mailbox."""
    with session.services() as services:
        entries, today = services.directory.entries(), uk_day(services.clock())
    alike = all_look_alikes(entries.mailboxes, entries.mailboxes)
    document = {
        "agencies": list(map(agency_document, entries.agencies)),
        "mailboxes": [mailbox_document(one, alike) for one in entries.mailboxes],
    }

    def in_words() -> None:
        for agency in entries.agencies:
            kind = KINDS.get(agency.kind, agency.kind)
            item(agency.id, f"{agency.name}, {kind}; {_agreement(agency)}")
        for mailbox in entries.mailboxes:
            said = (mailbox.title, mailbox.address, mailbox.telephone)
            item(mailbox.id, f"{', '.join(filter(None, said))}; {_state(mailbox, today)}")
        _say_alike(alike)
        if not entries.identifiers:
            say("The directory is empty. Add entries: broker directory add FILE --by PERSON")

    show(document, as_json=as_json, in_words=in_words)


@directory.command("add")
@click.argument("file", type=FILE)
@BY
@json_option
def add_to_directory(file: Path, by: str, *, as_json: bool) -> None:
    """Add the agencies and mailboxes of FILE (JSON); each must then be verified."""
    entries = _entries(file)
    with session.services() as services:
        services.directory.add(entries, services.rulebooks.in_force(), PersonId(by))
        alike = _alike(services, entries)
    _show_done("Added", entries, alike, as_json=as_json)


@directory.command("change")
@click.argument("file", type=FILE)
@BY
@json_option
def change_directory(file: Path, by: str, *, as_json: bool) -> None:
    """Replace the agencies and mailboxes of FILE (JSON) by what it says of them.

    What the file does not name stays as it is. A mailbox that says something else than before
    takes nothing until it is verified again. A new agreement or suitability check is entered so.
    """
    entries = _entries(file)
    with session.services() as services:
        services.directory.change(entries, services.rulebooks.in_force(), PersonId(by))
        alike = _alike(services, entries)
    _show_done("Changed", entries, alike, as_json=as_json)


@directory.command("verify")
@click.argument("mailbox", type=IDENTIFIER)
@click.option("--rang", required=True, help="The number that was rung.")
@click.option(
    "--from",
    "source",
    type=click.Choice([one.value for one in NumberFrom]),
    required=True,
    help="Where that number came from: never from who asked for the change.",
)
@click.option("--spoke-to", required=True, help="Whom, by function; never a name.")
@BY
@json_option
def verify_mailbox(  # noqa: PLR0913  # one parameter an option
    mailbox: str, rang: str, source: str, spoke_to: str, by: str, *, as_json: bool
) -> None:
    """Record that MAILBOX was checked with the recipient by telephone today; again, it renews.

    It counts for 12 months. Whoever entered it does not confirm it, and what changed is checked
    on the number that stood there before.
    """
    call = CallBack(number=rang, source=NumberFrom(source), spoke_to=spoke_to)
    with session.services() as services:
        today = services.directory.verify(MailboxId(mailbox), call, PersonId(by))
    document = {"mailbox": mailbox, "verified_on": day_text(today)}
    show(document, as_json=as_json, in_words=lambda: say(f"{mailbox} is verified from today."))


@directory.command("retire")
@click.argument("mailbox", type=IDENTIFIER)
@BY
@json_option
def retire_mailbox(mailbox: str, by: str, *, as_json: bool) -> None:
    """Let nothing go to MAILBOX any more; what was sent there stays as it is."""
    with session.services() as services:
        services.directory.retire(MailboxId(mailbox), PersonId(by))
    show(
        {"mailbox": mailbox, "retired": True},
        as_json=as_json,
        in_words=lambda: say(f"Nothing goes to {mailbox} any more. It stays in the list."),
    )


@directory.command("find")
@click.argument("words", nargs=-1, required=True)
@json_option
def find(words: tuple[str, ...], *, as_json: bool) -> None:
    """Find contacts by what they are called or are for; old words find today's function."""
    with session.services() as services:
        found = search(services.directory.entries(), " ".join(words))
        today = uk_day(services.clock())

    def in_words() -> None:
        for word in found.today_words:
            say(f"{word.old}: {word.note}")
        for mailbox in found.contacts:
            item(mailbox.id, f"{mailbox.title}; {_state(mailbox, today)}")
        _say_alike(found.alike)
        if not found.contacts:
            say("Nothing was found. Look for another word.")

    show(found_document(found), as_json=as_json, in_words=in_words)


@directory.group("preset")
def preset_commands() -> None:
    """Begin with functions as a source policy printed them: no names, nothing verified."""


@preset_commands.command("list")
@json_option
def list_presets(*, as_json: bool) -> None:
    """List the presets and their sources."""

    def in_words() -> None:
        for one in presets().values():
            item(
                one.id, f"{one.title}: {counted(len(one.contacts), 'contact')}, from {one.source}"
            )

    show(presets_document(), as_json=as_json, in_words=in_words)


@preset_commands.command("load")
@click.argument("name", type=click.Choice(NAMES))
@BY
@json_option
def load_preset(name: str, by: str, *, as_json: bool) -> None:
    """Enter what NAME brings and is not there yet; each must be filled in, then rung."""
    with session.services() as services:
        rulebook = services.rulebooks.in_force()
        loaded = services.keeping.presets.load(presets()[name], rulebook, PersonId(by))
    show(
        {"agencies": loaded.bodies, "mailboxes": loaded.contacts},
        as_json=as_json,
        in_words=lambda: say(
            f"Loaded {_counted(loaded.bodies, loaded.contacts)}. Fill them in, then "
            "somebody else rings them; until then nothing goes there."
        ),
    )


@directory.command("export")
@click.option("--as", "shape", type=click.Choice(["csv", "json"]), default="csv")
@click.argument("file", type=FILE)
def export_directory(file: Path, shape: str) -> None:
    """Write every contact to FILE: a table (csv), or the shape of Open Referral UK (json)."""
    with session.services() as services:
        entries = services.directory.entries()
    if shape == "csv":
        content = written(lines_of(entries))
    else:
        content = json.dumps(document_of(entries), ensure_ascii=False, indent=1).encode()
    file.write_bytes(content)
    say(f"Written to {file}.")


@directory.command("import")
@click.argument("file", type=FILE)
@BY
@json_option
def import_directory(file: Path, by: str, *, as_json: bool) -> None:
    """Enter what FILE says (csv, or Open Referral UK json): all of it, or none.

    A line with an id that is known changes that contact; every bad line is named.
    """
    content = read_file(file)
    is_table = not content.lstrip().startswith((b"{", b"["))
    lines = read_table(content) if is_table else read_services(content)
    with session.services() as services:
        rulebook = services.rulebooks.in_force()
        brought = services.keeping.files.bring_in(lines, rulebook, PersonId(by))

    def in_words() -> None:
        say(
            f"New: {_counted(brought.bodies, brought.new)}; changed: {brought.changed}. "
            "Somebody else rings each of them; until then nothing goes there."
        )
        _say_alike(brought.alike)

    show(brought_document(brought), as_json=as_json, in_words=in_words)


def _entries(file: Path) -> Entries:
    agencies, mailboxes = read_directory(read_file(file))
    return Entries(agencies=agencies, mailboxes=mailboxes)


def _show_done(done: str, entries: Entries, alike: Alikes, *, as_json: bool) -> None:
    agencies, mailboxes = len(entries.agencies), len(entries.mailboxes)
    next_step = "Somebody else rings each mailbox's team, then: broker directory verify MAILBOX"

    def in_words() -> None:
        say(f"{done} {_counted(agencies, mailboxes)}. {next_step}")
        _say_alike(alike)

    told = {"agencies": agencies, "mailboxes": mailboxes, "looks_like": alike_document(alike)}
    show(told, as_json=as_json, in_words=in_words)


def _alike(services: Services, entered: Entries) -> Alikes:
    """Return which addresses of a file look like others of the directory that they came into."""
    return all_look_alikes(entered.mailboxes, services.directory.entries().mailboxes)


def _say_alike(alike: Alikes) -> None:
    for id_, others in alike.items():
        say(
            f"LOOK-ALIKE: the address of {id_} looks like that of {', '.join(others)}. "
            "When you ring, have it spelt letter by letter."
        )


def _counted(bodies: int, contacts: int) -> str:
    return f"{counted(bodies, 'agency')} and {counted(contacts, 'mailbox')}"


def _state(mailbox: Mailbox, today: date) -> str:
    """Say whether something can go to a mailbox, and until when."""
    if mailbox.backing.retired_on is not None:
        return f"retired {mailbox.backing.retired_on}"
    if mailbox.verified_on is None:
        return "NOT VERIFIED"
    until = counts_until(mailbox.verified_on)
    counts = mailbox.counts_on(today)
    return f"verified {mailbox.verified_on}" if counts else f"LAPSED {until}: ring again"


def _agreement(agency: Agency) -> str:
    until = agency.sharing_agreement_until
    bases = ", ".join(dict.fromkeys(map(title_of_purpose, agency.bases))) or "none"
    return f"agreement {f'until {until}' if until else 'none'}; bases for: {bases}"


for _command in (try_mailbox, record_trial, set_profile):
    directory.add_command(_command)

COMMANDS = (directory,)
