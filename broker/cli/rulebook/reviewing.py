"""Reviews of the rules in force: when the next is due, and on which papers they rest."""

from datetime import date
from pathlib import Path

import click

from broker.cli import session
from broker.cli.days import DAY
from broker.cli.output import item, json_option, read_file, say, show
from broker.domain.oversight.records import TRIGGERS_IN_WORDS, Trigger
from broker.rulebooks.reviews import digest_of_paper
from broker.rulebooks.views import reviews_document

PAPER = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command("review")
@click.option("--trigger", type=click.Choice([one.value for one in Trigger]), help="Why.")
@click.option("--due", type=DAY, help="The day of the next review.")
@click.option("--equality", type=PAPER, help="The equality impact assessment; its digest is kept.")
@click.option("--dpia", type=PAPER, help="The data protection impact assessment, likewise.")
@json_option
def review(
    trigger: str | None,
    due: date | None,
    equality: Path | None,
    dpia: Path | None,
    *,
    as_json: bool,
) -> None:
    """List the reviews of the rules, or keep a new one with --trigger and --due."""
    if (trigger is None) is not (due is None):
        raise click.UsageError("A new review says both --trigger and --due.")
    with session.services() as services:
        person, reviews = session.caller(services), services.oversight.reviews
        if trigger is not None and due is not None:
            reviews.review(
                Trigger(trigger),
                due,
                person,
                equality=None if equality is None else digest_of_paper(read_file(equality)),
                dpia=None if dpia is None else digest_of_paper(read_file(dpia)),
            )
        found = reviews.reviews()

    def in_words() -> None:
        for one in found:
            item(one.on.isoformat(), f"{TRIGGERS_IN_WORDS[one.trigger]}; next {one.due_on}")
        if not found:
            say("Nobody has reviewed the rules here yet.")

    show(reviews_document(found), as_json=as_json, in_words=in_words)


COMMANDS = (review,)
