"""The command that destroys for good what is kept of one case."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import click

from broker.cli import session
from broker.cli.output import json_option, say, show
from broker.domain.references import Reference
from broker.retention.erasure import REASONS, Why
from broker.wiring import Services
from keys import CaseId, PersonId


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


def _owed(unnoted: Sequence[Reference]) -> str:
    """Say whose note for the sender's own record nobody has made, and nothing where none is."""
    named = ", ".join(map(str, unnoted))
    return f"Nobody has said that {named} is noted in the sender's own record. " if unnoted else ""


COMMANDS = (erase,)
