"""`broker sign-in`: the same session as in a browser, kept in a file of one's own."""

from pathlib import Path

import click

from audit.log.files import write_durably
from broker.cli import session
from broker.cli.output import FILE, item, json_option, say, show
from broker.domain.errors import NotAllowedError
from broker.domain.roles import Role

SIGNED_IN = "You are signed in: set BROKER_TOKEN_FILE to that file. Sign out: broker sign-in --out"


@click.command("sign-in")
@click.option("--to", type=FILE, required=True, help="Write the session there, for you alone.")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="Which of yours.")
@click.option("--out", is_flag=True, help="Sign out instead, everywhere.")
@json_option
def sign_in(to: Path, role: str | None, *, out: bool, as_json: bool) -> None:
    """Sign in at this terminal, as in a browser, for a quarter of an hour unused."""
    with session.services() as services:
        access = services.access
        if out:
            access.sessions.end(session.token_in(to))
            to.unlink()
            show({"signed_in": False}, as_json=as_json, in_words=lambda: say("Signed out."))
            return
        token = access.sign_in.sign_in(
            click.prompt("Work address", err=True),
            click.prompt("Password", hide_input=True, err=True),
            click.prompt("Code of your app", hide_input=True, err=True),
        )
        held = access.sessions.roles(token)
        chosen = [one for one in held if role is None or one.role.value == role]
        if len(chosen) == 1:
            token = access.sessions.choose(token, chosen[0].id)
    if len(chosen) != 1:
        raise NotAllowedError("Say in which of your roles: --role, of those that you hold.")
    write_durably(to, token.encode("ascii"))
    document = {"file": str(to), "role": chosen[0].role.value}

    def in_words() -> None:
        item("role", f"{chosen[0].role} of {chosen[0].agency}")
        say(SIGNED_IN)

    show(document, as_json=as_json, in_words=in_words)


COMMANDS = (sign_in,)
