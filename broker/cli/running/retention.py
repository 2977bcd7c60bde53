"""The commands that end what is kept, and those that have it kept: erase, hold, retention."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import click

from audit.format.plurals import counted
from broker.cli import session
from broker.cli.days import DAY
from broker.cli.output import FILE, IDENTIFIER, item, json_option, say, show, words_option
from broker.domain.cases.retention_classes import RetentionClass
from broker.domain.cases.stages import CaseKind
from broker.domain.grounds import must_be_a_reason
from broker.domain.references import Reference, parse_reference
from broker.domain.times import day_text, rfc3339
from broker.retention.disposal import DueDisposal, RetainedCase
from broker.retention.erasure import REASONS, Why
from broker.retention.legal_holds import HoldRequest
from broker.wiring import Services
from keys import CaseId, PersonId

REFERENCE = click.argument("reference")
OWNER = click.option(
    "--owner", type=IDENTIFIER, required=True, help="Who needs it kept; never a name."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """What `erase` destroys: of which case, what of it has no note yet, and how it goes."""

    case: CaseId
    references: tuple[Reference, ...]
    unnoted: tuple[Reference, ...]
    ends: Callable[[PersonId, Why], bool]

    def __str__(self) -> str:
        return f"The content of {', '.join(map(str, self.references))}"


@click.command()
@click.argument("case")
@click.option("--why", type=click.Choice(REASONS), required=True, help="What it is erased for.")
@click.option("--yes", is_flag=True, help="Do not ask whether you mean it.")
@json_option
def erase(case: str, why: Why, *, yes: bool, as_json: bool) -> None:
    """Destroy for good what is kept of CASE, named by its identifier or by a reference."""
    with session.services() as services:
        person = session.caller(services)
        content = _content_of(services, case, why)
        if not yes:
            question = f"{content} cannot be brought back. {_owed(content.unnoted)}Erase it?"
            click.confirm(question, abort=True, err=True)
        was_there = content.ends(person.id, why)
    document = {
        "case": content.case,
        "references": list(map(str, content.references)),
        "erased_before": not was_there,
        "note_owed": list(map(str, content.unnoted)),
    }

    def in_words() -> None:
        when = "is erased" if was_there else "was erased before"
        say(f"{content} {when}. Destroy older backups of the keystore within 30 days.")
        if content.unnoted:
            say(_owed(content.unnoted))

    show(document, as_json=as_json, in_words=in_words)


def _content_of(services: Services, named: str, why: Why) -> _Content:
    """Return what there is of a case: a concern that nobody sent, or what was sent of it."""
    left, erasures = services.concerns.left, services.retention.erasures
    concern = left.erasable(named)
    if concern is not None:
        reference = concern.reference
        return _Content(
            case=concern.case,
            references=(reference,),
            unnoted=(),
            ends=partial(left.erase, str(reference)),
        )
    disclosures = erasures.erasable(named, why)
    case = disclosures[0].case
    return _Content(
        case=case,
        references=tuple(one.reference for one in disclosures),
        unnoted=erasures.without_a_note(disclosures),
        ends=partial(erasures.erase, case),
    )


@click.group()
def hold() -> None:
    """Have cases kept although their time has come, for whoever needs them."""


@hold.command("set")
@REFERENCE
@OWNER
@click.option("--until", type=DAY, required=True, help="The last day on which it is needed.")
@words_option("why", "Why, in your own words; kept with the case.", prompt="Why is it kept?")
@json_option
def set_hold(reference: str, owner: str, until: date, *, why: str, as_json: bool) -> None:
    """Keep the case of REFERENCE until a day; the same owner again extends or shortens it."""
    must_be_a_reason(why)
    claim = HoldRequest(owner=PersonId(owner), until=until, why=why)
    with session.services() as services:
        person = session.caller(services)
        kept = services.retention.legal_holds.hold(parse_reference(reference), person.id, claim)
    show(
        {"case": kept.case, "owner": kept.owner, "until": day_text(kept.until)},
        as_json=as_json,
        in_words=lambda: say(f"Nothing erases this case until {kept.until} is over."),
    )


@hold.command("lift")
@REFERENCE
@OWNER
@json_option
def lift_hold(reference: str, owner: str, *, as_json: bool) -> None:
    """Let the case of REFERENCE go, which its owner needs no longer."""
    with session.services() as services:
        person = session.caller(services)
        services.retention.legal_holds.lift(parse_reference(reference), person.id, PersonId(owner))
    document = {"reference": str(parse_reference(reference)), "owner": owner}
    show(document, as_json=as_json, in_words=lambda: say(f"{owner} has it kept no longer."))


@hold.command("list")
@json_option
def list_holds(*, as_json: bool) -> None:
    """List every hold that was not lifted, the first to end first."""
    with session.services() as services:
        today = services.retention.erasures.today()
        holds = [
            {
                "reference": str(reference),
                "case": one.case,
                "owner": one.owner,
                "until": day_text(one.until),
                "set_at": rfc3339(one.set_at),
                "expired": not one.stands_on(today),
            }
            for reference, one in services.retention.legal_holds.all()
        ]

    def in_words() -> None:
        for one in holds:
            end = "EXPIRED, keeps nothing, on" if one["expired"] else "until"
            item(str(one["reference"]), f"for {one['owner']} {end} {one['until']}")
        if not holds:
            say("No case is held.")

    show({"holds": holds}, as_json=as_json, in_words=in_words)


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
@OWNER
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
@REFERENCE
@json_option
def keep(reference: str, *, as_json: bool) -> None:
    """Record that you looked at REFERENCE and that it must be kept on."""
    with session.services() as services:
        person = session.caller(services)
        until = services.retention.disposals.keep(parse_reference(reference), person.id)
    document = {"reference": str(parse_reference(reference)), "until": day_text(until)}
    show(document, as_json=as_json, in_words=lambda: say(f"It is kept until {until}."))


@click.group()
def clock() -> None:
    """Look at the clock, by which passphrases and cases are destroyed, and confirm it."""


@clock.command("show")
@json_option
def show_clock(*, as_json: bool) -> None:
    """Show what the clock says and whether it is believed."""
    with session.services() as services:
        now, doubted = services.clock(), services.clock_guard.is_doubted()
    document = {"now": rfc3339(now), "doubted": doubted}

    def in_words() -> None:
        item("clock", f"{now:%d %B %Y, %H:%M} UTC")
        say(
            "It is far from the ledger's last moment, so it destroys nothing. If the day is "
            "right: broker clock confirm DAY. If not, set the clock first."
            if doubted
            else "It is near the ledger's last moment, and believed."
        )

    show(document, as_json=as_json, in_words=in_words)


@clock.command("confirm")
@click.argument("day", type=DAY)
@json_option
def confirm(day: date, *, as_json: bool) -> None:
    """Confirm that today is DAY (2026-11-29), read from a calendar and not from this machine.

    It takes a token of the role operator, whose person stands on the ledger. What is over
    goes with the next round.
    """
    with session.services() as services:
        person = session.caller(services)
        services.clock_guard.confirm(day, person.id)
    document = {"day": day_text(day), "doubted": False}
    show(document, as_json=as_json, in_words=lambda: say("The clock is believed again."))


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


def _owed(unnoted: Sequence[Reference]) -> str:
    """Say whose note for the sender's own record nobody has made, and nothing where none is."""
    named = ", ".join(map(str, unnoted))
    return f"Nobody has said that {named} is noted in the sender's own record. " if unnoted else ""


COMMANDS = (erase, hold, clocks, clock)
