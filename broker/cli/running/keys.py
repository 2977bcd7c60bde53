"""`broker keys`: signing keys over time, and a case's key."""

from pathlib import Path

import click

from audit.log.files import write_durably
from broker.cases.earlier.reindex import Reindexing
from broker.cli import session
from broker.cli.lazy import LazyGroup
from broker.cli.output import FILE, IDENTIFIER, OPERATOR, item, json_option, put, say, show
from broker.cli.waiting import while_doing
from broker.domain.model import Person
from broker.domain.roles import Role
from broker.operations.restore_ceremony import admit
from keys import AgencyId, KeyId, PersonId, PublicKey, Purpose

TOLD = "The token is written. It counts for 15 minutes: set BROKER_TOKEN_FILE to that file."


@click.group("keys", cls=LazyGroup)
def key_commands() -> None:
    """Look after the keys of this installation."""


key_commands.announce(
    "broker.cli.running.keeping.erasing",
    erase="Destroy for good what is kept of CASE, named by its identifier or by a reference.",
)


@key_commands.command("list")
@json_option
def list_keys(*, as_json: bool) -> None:
    """List the public halves of the signing keys."""
    with session.services() as services:
        listed = services.signing_keys.all()
    document = {"keys": [_key(key) for key in listed]}

    def in_words() -> None:
        for key in listed:
            item(key.purpose.value, f"{key.kid} {key.state.value} since {key.created_at:%d %B %Y}")

    show(document, as_json=as_json, in_words=in_words)


@key_commands.command("rotate")
@click.option("--purpose", type=click.Choice([one.value for one in Purpose]), required=True)
@json_option
def rotate_key(purpose: str, *, as_json: bool) -> None:
    """Make a fresh signing key for a purpose; the ledger records who did it.

    A rotation that was cut short is finished. The ledger's old key signs beside the new one until
    `broker keys retire`, so that everyone can learn the new one meanwhile.
    """
    with session.services() as services:
        person = session.caller(services)
        key = services.signing_keys.rotate(Purpose(purpose), person)
        vkey = str(services.checkpoints.store.key) if key.purpose is Purpose.LEDGER else None

    def in_words() -> None:
        item(purpose, f"{key.kid} signs from now on")
        if vkey is not None:
            item("ledger key", vkey)
            say(
                "Give the new ledger key to everyone who checks the ledger, as you gave the old "
                "one. When they have it: broker keys retire OLD-KEY (broker keys list names it)"
            )

    document = {"purpose": purpose, "kid": key.kid, "ledger_key": vkey}
    show(document, as_json=as_json, in_words=in_words)


# A name may begin with a hyphen, and any letter may follow it: -h is not the help here.
@key_commands.command(
    "retire", context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]}
)
@click.argument("key")
@click.option("--compromised", is_flag=True, help="Somebody else may have the key.")
@json_option
def retire_key(key: str, *, compromised: bool, as_json: bool) -> None:
    """End the signing key KEY (its kid), which another followed; the ledger records who did it.

    Tokens that a retired key signed are refused at once.
    """
    with session.services() as services:
        person = session.caller(services)
        ended = services.checkpoints.retire_key(KeyId(key), person, compromised=compromised)

    def in_words() -> None:
        item(ended.purpose.value, f"{ended.kid} {ended.state.value}")
        if compromised and ended.purpose is Purpose.LEDGER:
            say(
                "Tell everyone who checks the ledger to strike the old key out of their policy, "
                "and to check receipts of before anew: broker ledger prove"
            )

    show(_key(ended), as_json=as_json, in_words=in_words)


@key_commands.command("reindex")
@json_option
def reindex(*, as_json: bool) -> None:
    """Mark anew by what earlier concerns are found; may be stopped and run again."""
    with session.services() as services:
        session.caller(services)
        index = services.earlier.index
        with while_doing("Marking every case anew"):
            done = Reindexing(
                transaction=services.transaction,
                index=index,
                forms=services.concerns.earlier.form_of,
            ).run()

    def in_words() -> None:
        say(f"{done.renewed} were marked anew.")
        if done.gone:
            say(f"The words of {done.gone} are gone; what marks them stays as it was.")

    document = {"renewed": done.renewed, "words_gone": done.gone}
    show(document, as_json=as_json, in_words=in_words)


@key_commands.command("rewrap")
@json_option
def rewrap_keys(*, as_json: bool) -> None:
    """Wrap every key of the keystore anew, by a fresh key-encryption key; no key itself changes.

    Where the keystore has no passphrase, its root in the file keystore.kek is drawn anew too.
    """
    with session.services() as services:
        person = session.caller(services)
        with while_doing("Wrapping every key anew"):
            services.signing_keys.rewrap(person)
            services.keystore.check_integrity()
    show(
        {"rewrapped": True},
        as_json=as_json,
        in_words=lambda: say("Every key is wrapped anew. Now back the keystore up: broker backup"),
    )


def _key(key: PublicKey) -> dict[str, object]:
    return {
        "purpose": key.purpose.value,
        "kid": key.kid,
        "state": key.state.value,
        "created_at": key.created_at.isoformat(),
    }


@click.group()
def tokens() -> None:
    """Issue bearer tokens: who may speak to the broker, for 15 minutes."""


@tokens.command("new")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--person", type=IDENTIFIER, required=True, help="Who it is; never a name.")
@click.option("--agency", type=IDENTIFIER, required=True, help="Of which agency.")
@click.option("--to", type=FILE, help="Write it there, for you alone, instead of printing it.")
@click.option(
    "--for-restore", is_flag=True, help="For `ledger restore-ceremony` alone, recorded by it."
)
@json_option
def new_token(  # noqa: PLR0913  # one parameter an option
    role: str, person: str, agency: str, to: Path | None, *, for_restore: bool, as_json: bool
) -> None:
    """Print a new token, or write it; the ledger records whom it speaks for."""
    holder = Person(id=PersonId(person), agency=AgencyId(agency), role=Role(role))
    with session.as_it_stands() if for_restore else session.services() as services:
        if not for_restore:
            services.directory.check_agency(holder.agency)
        token = (
            admit(services, holder) if for_restore else services.tokens.issue(holder, by=OPERATOR)
        )
    if to is not None:
        write_durably(to, token.encode("ascii"))
        show({"file": str(to), "seconds": 900}, as_json=as_json, in_words=lambda: say(TOLD))
        return
    show({"token": token, "seconds": 900}, as_json=as_json, in_words=lambda: put(token))


COMMANDS = (tokens, key_commands)
