"""`broker sharing-agreement`, `worker`, `clearance`: what is kept between bodies."""

from datetime import date
from pathlib import Path

import click

from broker.cli import session
from broker.cli.days import DAY
from broker.cli.output import IDENTIFIER, item, json_option, read_file, say, show
from broker.domain.directory.vetting import Clearance, ClearanceKind, DbsLevel, Worker
from broker.domain.json_values import as_array, as_object, texts
from broker.domain.times import uk_day
from broker.registers.bodies.between_views import (
    agreement_document,
    agreements_document,
    clearance_document,
    clearances_document,
    matrix_document,
    worker_document,
    workers_document,
)
from broker.registers.bodies.sharing import Signed, purposes_of
from broker.rulebooks.reviews import digest_of_paper
from keys import AgencyId, PersonId

PAPER = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.group("sharing-agreement")
def sharing_commands() -> None:
    """Keep the agreements that your body signed with others."""


@sharing_commands.command("list")
@json_option
def list_agreements(*, as_json: bool) -> None:
    """List the agreements of your body, those that end first at the top."""
    with session.services() as services:
        person = session.caller(services)
        today = uk_day(services.clock())
        document = agreements_document(services.keeping.between.sharing.listed(person), today)

    def in_words() -> None:
        found = as_array(document["sharing_agreements"])
        for one in map(as_object, found):
            with_whom = " and ".join(texts(one["between"]))
            item(str(one["id"]), f"{one['title']}: {with_whom}")
            purposes = ", ".join(texts(one["purposes"]))
            say(f"    {one['standing']}, until {one['ends_on']}; {purposes}")
        if not found:
            say("No agreement is kept here yet.")

    show(document, as_json=as_json, in_words=in_words)


@sharing_commands.command("add")
@click.option("--with", "other", type=IDENTIFIER, required=True, help="The other body.")
@click.option("--title", required=True, help="What it is called; never a person's name.")
@click.option("--purpose", multiple=True, required=True, help="What for; * for every purpose.")
@click.option("--prevent/--no-prevent", "names_prevent", required=True, help="Whether it says so.")
@click.option("--basis", "legal_basis", required=True, help="What it rests on in law.")
@click.option("--limits", default="", help="What it does not allow.")
@click.option("--signed", "signed_on", type=DAY, required=True, help="The day it was signed.")
@click.option("--review", "review_on", type=DAY, required=True, help="The day of its review.")
@click.option("--ends", "ends_on", type=DAY, required=True, help="Its last day.")
@click.option("--paper", type=PAPER, required=True, help="The signed paper; its digest is kept.")
@click.option("--owner", type=IDENTIFIER, required=True, help="Who hears before it ends.")
@json_option
def add_agreement(  # noqa: PLR0913  # an option each
    other: str,
    title: str,
    purpose: tuple[str, ...],
    *,
    names_prevent: bool,
    legal_basis: str,
    limits: str,
    signed_on: date,
    review_on: date,
    ends_on: date,
    paper: Path,
    owner: str,
    as_json: bool,
) -> None:
    """Enter an agreement that was signed; it counts once somebody else confirms it."""
    signed = Signed(
        other=AgencyId(other),
        title=title,
        purposes=purpose,
        names_prevent=names_prevent,
        legal_basis=legal_basis,
        limits=limits,
        signed_on=signed_on,
        review_on=review_on,
        ends_on=ends_on,
        sha256=digest_of_paper(read_file(paper)) or "",
        owner=PersonId(owner),
    )
    with session.services() as services:
        person = session.caller(services)
        purposes = purposes_of(services.rulebooks.in_force())
        new = services.keeping.between.sharing.enter(person, signed, purposes)
        document = agreement_document(new, uk_day(services.clock()))
    _agreement_told(document, as_json=as_json)


@sharing_commands.command("confirm")
@click.argument("agreement")
@json_option
def confirm_agreement(agreement: str, *, as_json: bool) -> None:
    """Say that you saw the signed paper of AGREEMENT, which somebody else entered."""
    with session.services() as services:
        person = session.caller(services)
        after = services.keeping.between.sharing.confirm(person, agreement)
        document = agreement_document(after, uk_day(services.clock()))
    _agreement_told(document, as_json=as_json)


@sharing_commands.command("end")
@click.argument("agreement")
@json_option
def end_agreement(agreement: str, *, as_json: bool) -> None:
    """End AGREEMENT at once: nothing more goes on it."""
    with session.services() as services:
        person = session.caller(services)
        after = services.keeping.between.sharing.end(person, agreement)
        document = agreement_document(after, uk_day(services.clock()))
    _agreement_told(document, as_json=as_json)


@sharing_commands.command("matrix")
@json_option
def show_matrix(*, as_json: bool) -> None:
    """Show with whom your body may share today on agreements, and for what."""
    with session.services() as services:
        person = session.caller(services)
        purposes = purposes_of(services.rulebooks.in_force())
        matrix = services.keeping.between.sharing.matrix(person, purposes)

    def in_words() -> None:
        for body, covered in matrix.rows.items():
            item(body, ", ".join(sorted(covered)) or "nothing today")
        if not matrix.rows:
            say("No agreement is kept here yet.")

    show(matrix_document(matrix), as_json=as_json, in_words=in_words)


def _agreement_told(document: dict[str, object], *, as_json: bool) -> None:
    def in_words() -> None:
        item(str(document["id"]), f"{document['title']}: {document['standing']}")
        if document["confirmed_by"] is None:
            say("Somebody else of your body says: broker sharing-agreement confirm ID")

    show(document, as_json=as_json, in_words=in_words)


@click.group("worker")
def worker_commands() -> None:
    """Keep what was checked of the named workers of providers."""


@worker_commands.command("list")
@json_option
def list_workers(*, as_json: bool) -> None:
    """List named workers, whose checks end first at the top."""
    with session.services() as services:
        session.caller(services)
        today = uk_day(services.clock())
        document = workers_document(services.keeping.between.vetting.workers(), today)

    def in_words() -> None:
        for one in map(as_object, as_array(document["workers"])):
            stands = "every check counts" if one["stands"] else "not every check counts"
            item(str(one["id"]), f"{one['provider']}; {stands}; next {one['dbs_review_on']}")
        if not as_array(document["workers"]):
            say("No worker is kept here yet.")

    show(document, as_json=as_json, in_words=in_words)


def _enter_worker(  # noqa: PLR0913  # an option each
    worker: str,
    provider: str,
    *,
    dbs: str,
    dbs_on: date,
    dbs_review: date,
    suitable_on: date,
    undertaking_on: date,
    registered_with: str | None,
    registered_until: date | None,
    as_json: bool,
) -> None:
    """Enter what was checked of WORKER, or renew it."""
    with session.services() as services:
        person = session.caller(services)
        checked = services.keeping.between.vetting.check(
            Worker(
                id=worker,
                agency=AgencyId(provider),
                dbs=DbsLevel(dbs),
                dbs_on=dbs_on,
                dbs_review_on=dbs_review,
                suitable_on=suitable_on,
                suitable_by=person.id,
                undertaking_on=undertaking_on,
                registered_with=registered_with,
                registered_until=registered_until,
                entered_by=person.id,
            )
        )
        document = worker_document(checked, uk_day(services.clock()))
    stands = "every check counts" if document["stands"] else "not every check counts"
    show(document, as_json=as_json, in_words=lambda: item(worker, stands))


_WORKER = (
    click.argument("worker", type=IDENTIFIER),
    click.option("--provider", type=IDENTIFIER, required=True, help="For whom they work."),
    click.option(
        "--dbs", type=click.Choice([one.value for one in DbsLevel]), required=True, help="Which."
    ),
    click.option("--dbs-on", type=DAY, required=True, help="The day of the check."),
    click.option("--dbs-review", type=DAY, required=True, help="The day it is made again."),
    click.option(
        "--suitable-on", type=DAY, required=True, help="The day you found them suitable."
    ),
    click.option("--undertaking-on", type=DAY, required=True, help="The day they signed it."),
    click.option("--registered-with", help="Which body registers them."),
    click.option("--registered-until", type=DAY, help="The last day of that."),
    json_option,
)


for _name, _help in (("add", "Enter a worker."), ("renew", "Enter newer checks of a worker.")):
    _command = _enter_worker
    for _option in reversed(_WORKER):
        _command = _option(_command)
    worker_commands.add_command(click.command(_name, help=_help)(_command))


@click.group("clearance")
def clearance_commands() -> None:
    """Keep which clearances of your body's people somebody saw."""


@clearance_commands.command("list")
@json_option
def list_clearances(*, as_json: bool) -> None:
    """List the clearances of your body's people, what ends first at the top."""
    with session.services() as services:
        person = session.caller(services)
        today = uk_day(services.clock())
        document = clearances_document(services.keeping.between.vetting.clearances(person), today)

    def in_words() -> None:
        for one in map(as_object, as_array(document["clearances"])):
            item(str(one["person"]), f"{one['kind']}, until {one['until']}")
        if not as_array(document["clearances"]):
            say("No clearance is kept here yet.")

    show(document, as_json=as_json, in_words=in_words)


@clearance_commands.command("add")
@click.argument("person", type=IDENTIFIER)
@click.option(
    "--kind", type=click.Choice([one.value for one in ClearanceKind]), required=True, help="Which."
)
@click.option("--until", type=DAY, required=True, help="Its last day.")
@json_option
def add_clearance(person: str, kind: str, until: date, *, as_json: bool) -> None:
    """Record that you saw a clearance of PERSON."""
    with session.services() as services:
        by = session.caller(services)
        seen = Clearance(
            person=PersonId(person),
            agency=by.agency,
            kind=ClearanceKind(kind),
            until=until,
            seen_by=by.id,
        )
        document = clearance_document(
            services.keeping.between.vetting.see(seen, by), uk_day(services.clock())
        )
    show(document, as_json=as_json, in_words=lambda: item(person, f"{kind}, until {seen.until}"))


COMMANDS = (sharing_commands, worker_commands, clearance_commands)
