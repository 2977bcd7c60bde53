"""The commands that say how long what is kept stays, and that end what is over."""

from datetime import date
from pathlib import Path

import click

from audit.format.plurals import counted
from broker.cli import session
from broker.cli.days import DAY
from broker.cli.output import FILE, IDENTIFIER, item, json_option, say, show
from broker.domain.cases.retention_classes import RetentionClass
from broker.domain.cases.stages import CaseKind
from broker.domain.references import parse_reference
from broker.domain.times import day_text
from broker.retention.disposal import DueDisposal, RetainedCase
from keys import PersonId


@click.group("retention")
def clocks() -> None:
    """Look at what is kept and for how long; end what is over."""


@clocks.command("classes")
@json_option
def list_classes(*, as_json: bool) -> None:
    """List for how long your body keeps each kind of case, and on what that rests."""
    with session.services() as services:
        person = session.caller(services)
        found = list(map(_class, services.retention.classes.of_body(person.agency)))

    def in_words() -> None:
        for one in found:
            item(
                str(one["kind"]),
                f"{counted(int(str(one['delivered'])), 'day')} after an opening, "
                f"{one['undelivered']} otherwise; "
                f"remembered for {one['memory']} more; {one['basis']}; owner {one['owner']}; "
                f"looked at again by {one['review_on']}",
            )
        if not found:
            say("Your body has set nothing, so the periods of the installation hold.")

    show({"classes": found}, as_json=as_json, in_words=in_words)


@clocks.command("set")
@click.argument("kind", type=click.Choice([kind.value for kind in CaseKind]))
@click.option("--delivered", type=int, required=True, help="Days after an opening.")
@click.option("--undelivered", type=int, required=True, help="Days of whatever was not opened.")
@click.option("--memory", type=int, required=True, help="Days that it is remembered after.")
@click.option("--basis", required=True, help="The law or policy that it rests on.")
@click.option("--owner", type=IDENTIFIER, required=True, help="Who owns it; never a name.")
@click.option("--review-on", type=DAY, required=True, help="When it is looked at, within a year.")
@click.option("--second", type=FILE, help="The token file of a second person: longer takes two.")
@json_option
def set_class(  # noqa: PLR0913  # one option for each thing that a period rests on
    kind: str,
    *,
    delivered: int,
    undelivered: int,
    memory: int,
    basis: str,
    owner: str,
    review_on: date,
    second: Path | None,
    as_json: bool,
) -> None:
    """Set for how long your body keeps KIND of case; a longer period takes two people."""
    with session.services() as services:
        person = session.caller(services)
        other = None if second is None else session.bearer(services, second)
        new = RetentionClass(
            agency=person.agency,
            kind=CaseKind(kind),
            delivered=delivered,
            undelivered=undelivered,
            memory=memory,
            basis=basis,
            owner=PersonId(owner),
            review_on=review_on,
            set_by=person.id,
            second=None,
        )
        document = _class(services.retention.classes.set(new, person, other))
    show(document, as_json=as_json, in_words=lambda: say(f"Set for every case of kind {kind}."))


@clocks.command("forget")
@click.argument("case")
@json_option
def forget(case: str, *, as_json: bool) -> None:
    """Forget CASE, whose words are gone: no earlier concern of it is found any more."""
    with session.services() as services:
        services.retention.memories.end(session.caller(services), case)
    show({"forgotten": True}, as_json=as_json, in_words=lambda: say("It is forgotten."))


def _class(one: RetentionClass) -> dict[str, object]:
    return {
        "kind": one.kind.value,
        "delivered": one.delivered,
        "undelivered": one.undelivered,
        "memory": one.memory,
        "basis": one.basis,
        "owner": one.owner,
        "review_on": day_text(one.review_on),
        "set_by": one.set_by,
        "second": one.second,
    }


@clocks.command("list")
@json_option
def list_retention(*, as_json: bool) -> None:
    """List what somebody must look at, and what goes within 30 days."""
    with session.services() as services:
        disposals = services.retention.disposals
        reviews, endings, today = disposals.to_review(), disposals.ending(), disposals.today()
    document = {"to_review": list(map(_case, reviews)), "ending": list(map(_ending, endings))}

    def in_words() -> None:
        for kept in reviews:
            item(
                _references(kept),
                f"look whether it must be kept; due {kept.review_on}, goes on {kept.erase_on}",
            )
        for ending in endings:
            on = ending.kept.erase_on
            stays = "stays" if on <= today else f"would go on {on}, and stays"
            _say_ending(ending, f"goes on {on}", stays)
        if not (reviews or endings):
            say("Nothing is to be looked at, and nothing goes within 30 days.")

    show(document, as_json=as_json, in_words=in_words)


@clocks.command("run")
@click.option("--dry-run", is_flag=True, help="Show what would go, and erase nothing.")
@json_option
def run_retention(*, dry_run: bool, as_json: bool) -> None:
    """Erase what has been kept long enough; `broker serve` does it by itself."""
    with session.services() as services:
        if not dry_run:
            services.clock_guard.check()
        ended = (
            services.retention.disposals.ending(within_days=0)
            if dry_run
            else services.retention.disposals.run()
        )
    document = {"dry_run": dry_run, "ended": list(map(_ending, ended))}

    def in_words() -> None:
        for one in ended:
            _say_ending(one, "would be erased" if dry_run else "is erased")
        if not ended:
            say("Nothing has been kept too long.")

    show(document, as_json=as_json, in_words=in_words)


@clocks.command("keep")
@click.argument("reference")
@json_option
def keep(reference: str, *, as_json: bool) -> None:
    """Record that you looked at REFERENCE and that it must be kept on."""
    with session.services() as services:
        person = session.caller(services)
        until = services.retention.disposals.keep(parse_reference(reference), person.id)
    document = {"reference": str(parse_reference(reference)), "until": day_text(until)}
    show(document, as_json=as_json, in_words=lambda: say(f"It is kept until {until}."))


def _ending(ending: DueDisposal) -> dict[str, object]:
    return {**_case(ending.kept), "stays_because": ending.obstacle}


def _case(kept: RetainedCase) -> dict[str, object]:
    return {
        "case": kept.case,
        "references": list(map(str, kept.references)),
        "review_on": day_text(kept.review_on),
        "erase_on": day_text(kept.erase_on),
    }


def _say_ending(ending: DueDisposal, goes: str, stays: str = "stays") -> None:
    said = goes if ending.obstacle is None else f"{stays}: {ending.obstacle}"
    item(_references(ending.kept), said)


def _references(kept: RetainedCase) -> str:
    return ", ".join(map(str, kept.references))


COMMANDS = (clocks,)
