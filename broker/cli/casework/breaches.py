"""`broker breach`: what went to the wrong place, or nearly, and what was done about it."""

from datetime import datetime

import click

from broker.cli import session
from broker.cli.days import MOMENT
from broker.cli.output import item, json_option, paragraphs, say, show, words_option
from broker.disclosures.breaches.opening import OPENED, Noticed
from broker.disclosures.breaches.views import (
    breach_document,
    breach_in_words_document,
    breach_list_document,
)
from broker.domain.breaches.record import (
    CHOICES,
    TAKES_A_MOMENT,
    WHY_LATE,
    Breach,
    Cause,
    Kind,
    Said,
    Step,
)
from broker.domain.breaches.words import CAUSES, CHOICES_IN_WORDS, KINDS, LATE, STEPS
from broker.domain.references import Prefix, parse_reference
from broker.domain.times import uk_time
from broker.ledger.readings import Entrance
from policies import LONDON

_EVERY_CHOICE = sorted({choice for choices in CHOICES.values() for choice in choices})


@click.group()
def breach() -> None:
    """Record what went to the wrong place, or nearly; the 72 hours run from certainty."""


@breach.command("open")
@click.option("--about", metavar="REFERENCE", help="The disclosure that it is about.")
@click.option("--kind", type=click.Choice([one.value for one in Kind]), required=True)
@click.option("--cause", type=click.Choice([one.value for one in Cause]), required=True)
@click.option("--certain-since", type=MOMENT, help="If it is certain already; London time.")
@words_option("words", "What happened, without a name.", prompt="What happened? Name nobody.")
@json_option
def open_one(  # noqa: PLR0913  # one parameter an option
    *,
    about: str | None,
    kind: str,
    cause: str,
    certain_since: datetime | None,
    words: str,
    as_json: bool,
) -> None:
    """Open a record; your Guardian and information governance hear of it."""
    noticed = Noticed(
        kind=Kind(kind),
        cause=Cause(cause),
        words=words,
        about=None if about is None else parse_reference(about),
        certain_at=_in_london(certain_since),
    )
    with session.services() as services:
        found = services.afterwards.breaches.open(noticed, session.caller(services))
        now = services.clock()
    _show(found, now, as_json=as_json)


@breach.command("list")
@json_option
def list_all(*, as_json: bool) -> None:
    """List the records of your body, the open ones first, and what may need one."""
    with session.services() as services:
        listed = services.afterwards.breaches.listed(session.caller(services))
        now = services.clock()
    document = breach_list_document(listed.records, listed.proposed, now)

    def in_words() -> None:
        for one in listed.records:
            item(str(one.id), _line(one, now))
        for lost in listed.proposed:
            item(
                "not recorded", f"{lost.reference} did not arrive: is it a breach or a near miss?"
            )
        if not listed.records and not listed.proposed:
            say("There is no breach record.")

    show(document, as_json=as_json, in_words=in_words)


@breach.command("show")
@click.argument("record")
@json_option
def show_one(record: str, *, as_json: bool) -> None:
    """Read RECORD with its words; that it is read is recorded."""
    with session.services() as services:
        found = services.afterwards.breaches.read(
            parse_reference(record, Prefix.BREACH), session.caller(services), Entrance.CLI
        )
        now = services.clock()

    def in_words() -> None:
        _in_words(found.breach, now)
        paragraphs("what happened", found.words[OPENED])
        for step in Step:
            if step in found.words:
                item(step.value, STEPS[step])
                paragraphs("", found.words[step])
        if WHY_LATE in found.words:
            paragraphs("why late", found.words[WHY_LATE])

    show(breach_in_words_document(found, now), as_json=as_json, in_words=in_words)


@breach.command("update")
@click.argument("record")
@click.argument("step", type=click.Choice([one.value for one in Step]))
@click.option("--as", "choice", type=click.Choice(_EVERY_CHOICE), help="What the step chooses.")
@click.option("--at", type=MOMENT, help="When, in London time; now where nothing is said.")
@words_option("words", "What the step asks for, without a name.", prompt="Write it; name nobody.")
@words_option("late", "Why the report comes after the 72 hours.")
@json_option
def update(  # noqa: PLR0913  # one parameter an option
    record: str,
    *,
    step: str,
    choice: str | None,
    at: datetime | None,
    words: str,
    late: str | None,
    as_json: bool,
) -> None:
    """Write STEP into RECORD, over what stood there."""
    with session.services() as services:
        person, now = session.caller(services), services.clock()
        said = Said(
            step=Step(step),
            choice=choice,
            at=_in_london(at) or (now if Step(step) in TAKES_A_MOMENT else None),
            words=words,
            late=late or "",
        )
        found = services.afterwards.breaches.write(
            parse_reference(record, Prefix.BREACH), said, person
        )
    _show(found, now, as_json=as_json)


@breach.command("close")
@click.argument("record")
@json_option
def close(record: str, *, as_json: bool) -> None:
    """Close RECORD once everything that it needs stands in it."""
    with session.services() as services:
        found = services.afterwards.breaches.close(
            parse_reference(record, Prefix.BREACH), session.caller(services)
        )
        now = services.clock()
    _show(found, now, as_json=as_json)


def _show(found: Breach, now: datetime, *, as_json: bool) -> None:
    show(breach_document(found, now), as_json=as_json, in_words=lambda: _in_words(found, now))


def _in_words(found: Breach, now: datetime) -> None:
    say(f"Breach record {found.id}")
    item("stands", _line(found, now))
    if found.about is not None:
        item("about", str(found.about))
    for late in found.late(now):
        item("LATE", LATE[late])
    for step, one in found.steps.items():
        if one.choice is not None:
            item(step.value, CHOICES_IN_WORDS[step][one.choice])
    for step in found.lacks() if found.is_open else ():
        item("to write", f"{STEPS[step]} ({step.value})")


def _line(found: Breach, now: datetime) -> str:
    due = found.report_due_at
    clock = ""
    if found.is_open and due is not None and Step.REGULATOR in found.lacks():
        clock = f"; the Commissioner hears by {uk_time(due):%d %B %Y %H:%M}"
    stands = "open" if found.is_open else "closed"
    late = ", LATE" if found.late(now) else ""
    return f"{KINDS[found.kind]}: {CAUSES[found.cause]}; {stands}{late}{clock}"


def _in_london(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=LONDON)


COMMANDS = (breach,)
