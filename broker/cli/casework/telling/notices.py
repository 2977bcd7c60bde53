"""`broker notice`: what happened proposes notices to the regional Prevent team; a lead decides."""

import click

from broker.cli import session
from broker.cli.output import item, json_option, say, show
from broker.domain.partner_requests.notices import (
    KINDS_IN_WORDS,
    PANELS_IN_WORDS,
    NoticeKind,
    RegionalNotice,
)
from broker.domain.references import parse_reference
from broker.domain.times import day_text
from broker.partner_requests.noticing import notice_document

REFERENCE = click.argument("reference")
KIND = click.option(
    "--kind",
    type=click.Choice([kind.value for kind in NoticeKind]),
    required=True,
    help="Which of the four notices it is.",
)


@click.group("notice")
def notice() -> None:
    """Decide what the regional Prevent team is told; nobody is named in it."""


@notice.command("list")
@json_option
def list_them(*, as_json: bool) -> None:
    """List the notices that wait for a lead of your body, and what was decided."""
    with session.services() as services:
        shown = services.partner_requests.noticing.shown(session.caller(services))

    def in_words() -> None:
        for one in shown.waiting:
            panel = "" if one.panel is None else f" ({PANELS_IN_WORDS[one.panel]})"
            said = (
                f"{KINDS_IN_WORDS[one.kind]}{panel}, {day_text(one.on)}; --kind {one.kind.value}"
            )
            item(str(one.about), said)
        for decided in shown.decided:
            item(str(decided.about), f"{KINDS_IN_WORDS[decided.kind]}: {_stands(decided)}")
        if not shown.waiting:
            say("No notice waits to be decided.")
        if shown.to is None:
            say("The directory has no contact of the regional Prevent team that somebody rang.")

    show(shown.document(), as_json=as_json, in_words=in_words)


@notice.command("approve")
@REFERENCE
@KIND
@json_option
def approve(reference: str, kind: str, *, as_json: bool) -> None:
    """Tell the regional Prevent team of REFERENCE."""
    with session.services() as services:
        person, about = session.caller(services), parse_reference(reference)
        done = services.partner_requests.noticing.approve(about, NoticeKind(kind), person)
    _tell(done, as_json=as_json)


@notice.command("leave-out")
@REFERENCE
@KIND
@json_option
def leave_out(reference: str, kind: str, *, as_json: bool) -> None:
    """Say that the regional Prevent team is not told of REFERENCE."""
    with session.services() as services:
        person, about = session.caller(services), parse_reference(reference)
        done = services.partner_requests.noticing.leave_out(about, NoticeKind(kind), person)
    _tell(done, as_json=as_json)


def _tell(done: RegionalNotice, *, as_json: bool) -> None:
    show(
        notice_document(done),
        as_json=as_json,
        in_words=lambda: item(str(done.about), f"{KINDS_IN_WORDS[done.kind]}: {_stands(done)}"),
    )


def _stands(one: RegionalNotice) -> str:
    if one.mailbox is None:
        return "left out"
    if one.sent_at is None:
        return "approved, and not handed on yet; approve it again to hand it on"
    return f"told on {day_text(one.sent_at.date())}"


COMMANDS = (notice,)
"""What the command line offers of this module."""
