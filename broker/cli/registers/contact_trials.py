"""`broker directory try`, `tried` and `profile`: whether and how a contact takes documents."""

import click

from broker.cli import session
from broker.cli.output import IDENTIFIER, item, json_option, say, show
from broker.domain.directory.profiles import (
    FEWEST_MEGABYTES,
    MOST_MEGABYTES,
    SEALED_AS,
    RecipientProfile,
    SealedAs,
)
from broker.domain.model import MailboxId, Person
from broker.domain.roles import Role
from broker.domain.trials.letters import FILTERS, PROGRAMMES, Filter, Programme
from keys import AgencyId, PersonId

BY = click.option(
    "--by", type=IDENTIFIER, required=True, help="Who does it; never a name. On the ledger."
)


@click.command("try")
@click.argument("mailbox", type=IDENTIFIER)
@click.option("--from", "ours", type=IDENTIFIER, required=True, help="The body that writes it.")
@BY
@json_option
def try_mailbox(mailbox: str, ours: str, by: str, *, as_json: bool) -> None:
    """Send MAILBOX a sealed test letter without content; ring then, and tell its words."""
    person = Person(id=PersonId(by), agency=AgencyId(ours), role=Role.KEEPER)
    with session.services() as services:
        letter = services.trying.send(MailboxId(mailbox), person)
    document = {
        "mailbox": mailbox,
        "reference": letter.trial.reference,
        "telephone": letter.telephone,
        "words": letter.words,
    }

    def in_words() -> None:
        say(f"A test letter went to {mailbox}. It holds nothing about anybody.")
        item("ring", letter.telephone)
        item("reference", letter.trial.reference)
        item("words", letter.words)
        item("next step", f"broker directory tried {mailbox} --opened PROGRAM, or --failed")

    show(document, as_json=as_json, in_words=in_words)


@click.command("tried")
@click.argument("mailbox", type=IDENTIFIER)
@click.option("--opened", type=click.Choice(sorted(PROGRAMMES)), help="In what it opened.")
@click.option("--failed", is_flag=True, help="It did not come, or did not open.")
@click.option("--filter", "filters", multiple=True, type=click.Choice(sorted(FILTERS)))
@BY
@json_option
def record_trial(  # noqa: PLR0913  # one parameter an option
    mailbox: str,
    opened: str | None,
    filters: tuple[str, ...],
    by: str,
    *,
    failed: bool,
    as_json: bool,
) -> None:
    """Record whether the test letter to MAILBOX opened, in what, and what touched it."""
    if (opened is None) != failed:
        raise click.UsageError("Say --opened and in what, or --failed.")
    touched, keeper = frozenset(map(Filter, filters)), PersonId(by)
    with session.services() as services:
        trying, id_ = services.trying, MailboxId(mailbox)
        if opened is None:
            trial = trying.failed(id_, touched, keeper)
        else:
            trial = trying.opened(id_, Programme(opened), touched, keeper)
    document = {"mailbox": mailbox, "end": trial.end.value, "opened_in": trial.programme}
    show(document, as_json=as_json, in_words=lambda: say(f"{mailbox}: {trial.end.value}."))


@click.command("profile")
@click.argument("mailbox", type=IDENTIFIER)
@click.option("--as", "form", type=click.Choice([one.value for one in SealedAs]), required=True)
@click.option(
    "--most-megabytes",
    type=click.IntRange(FEWEST_MEGABYTES, MOST_MEGABYTES),
    help="How large a message may be there; leave it out where nobody knows.",
)
@click.option(
    "--takes-originals",
    is_flag=True,
    help="They need some files as they were sent, and take them (the police alone get any).",
)
@BY
@json_option
def set_profile(  # noqa: PLR0913  # one parameter an option
    mailbox: str,
    form: str,
    most_megabytes: int | None,
    by: str,
    *,
    takes_originals: bool,
    as_json: bool,
) -> None:
    """Enter as what documents are sealed for MAILBOX, how large, and with which files."""
    profile = RecipientProfile(
        sealed_as=SealedAs(form), most_megabytes=most_megabytes, takes_originals=takes_originals
    )
    with session.services() as services:
        services.keeping.profiles.set(MailboxId(mailbox), profile, PersonId(by))
    document = {
        "mailbox": mailbox,
        "sealed_as": form,
        "most_megabytes": most_megabytes,
        "takes_originals": takes_originals,
    }

    def in_words() -> None:
        say(f"{mailbox}: {SEALED_AS[profile.sealed_as]}.")
        item("next step", f"broker directory try {mailbox}: does it open there?")

    show(document, as_json=as_json, in_words=in_words)
