"""`broker client`: the machines of a body, and the keys by which they show who they are."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from broker.cli import session
from broker.cli.output import FILE, IDENTIFIER, item, json_option, put, read_file, say, show
from broker.domain.machines.clients import ClientId, ClientKey
from broker.domain.times import day_text
from broker.intake.machines.documents import read_client, read_key
from broker.registers.machines.clients import ListedClient
from keys import KeyId

_KEY: Final = re.compile(r"-[A-Za-z0-9_-]{42}")
_NO_OPTIONS_FOLLOW: Final = "--"


class TakesKey(click.Command):
    """A command that takes the name of a key, one in 64 of which begins as an option does."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read such a name as a name, last of all."""
        keys = [one for one in args if _KEY.fullmatch(one)]
        if keys and _NO_OPTIONS_FOLLOW not in args:
            others = [one for one in args if one not in keys]
            args = [*others, _NO_OPTIONS_FOLLOW, *keys]
        return super().parse_args(ctx, args)


@click.group()
def client() -> None:
    """Keep the machines of your body: who they are, and by which keys they show it."""


@client.command("list")
@json_option
def list_clients(*, as_json: bool) -> None:
    """List the machines of your body with every key that they ever had."""
    with session.services() as services:
        found = services.access.machines.clients.listed(session.caller(services))
    show(
        {"clients": list(map(_listed, found))},
        as_json=as_json,
        in_words=lambda: _in_words(found),
    )


@client.command("register")
@click.argument("file", type=FILE)
@json_option
def register(file: Path, *, as_json: bool) -> None:
    """Register the machine of FILE (JSON); its keys wait for a second administrator."""
    new = read_client(read_file(file))
    with session.services() as services:
        listed = services.access.machines.clients.register(new, session.caller(services))
    show(_listed(listed), as_json=as_json, in_words=lambda: _in_words([listed]))


@client.command("add-key")
@click.argument("name", type=IDENTIFIER)
@click.argument("file", type=FILE)
@json_option
def add_key(name: str, file: Path, *, as_json: bool) -> None:
    """Add the public key (JWK) of FILE to the machine NAME; it waits for a second person."""
    members = read_key(read_file(file))
    with session.services() as services:
        caller = session.caller(services)
        key = services.access.machines.clients.add_key(ClientId(name), members, caller)
    _show_done(name, key, "waits for a second administrator", as_json=as_json)


@client.command("confirm", cls=TakesKey)
@click.argument("name", type=IDENTIFIER)
@click.argument("key")
@json_option
def confirm(name: str, key: str, *, as_json: bool) -> None:
    """Let KEY of the machine NAME count, which another administrator added."""
    with session.services() as services:
        caller = session.caller(services)
        services.access.machines.clients.confirm(ClientId(name), KeyId(key), caller)
    _show_done(name, key, "counts from now on", as_json=as_json)


@client.command("remove-key", cls=TakesKey)
@click.argument("name", type=IDENTIFIER)
@click.argument("key")
@json_option
def remove_key(name: str, key: str, *, as_json: bool) -> None:
    """Let KEY of the machine NAME count no more, nor any token got by it: at once."""
    with session.services() as services:
        caller = session.caller(services)
        services.access.machines.clients.remove_key(ClientId(name), KeyId(key), caller)
    _show_done(name, key, "counts no more", as_json=as_json)


@client.command("disable")
@click.argument("name", type=IDENTIFIER)
@json_option
def disable(name: str, *, as_json: bool) -> None:
    """Let the machine NAME do nothing any more, at once."""
    with session.services() as services:
        services.access.machines.clients.disable(ClientId(name), session.caller(services))
    _show_done(name, None, "is disabled, and so is every token of it", as_json=as_json)


@client.command("enable")
@click.argument("name", type=IDENTIFIER)
@json_option
def enable(name: str, *, as_json: bool) -> None:
    """Let the machine NAME, which was disabled, work again."""
    with session.services() as services:
        services.access.machines.clients.enable(ClientId(name), session.caller(services))
    _show_done(name, None, "may work again", as_json=as_json)


@client.command("webhook")
@click.argument("name", type=IDENTIFIER)
@click.argument("url")
@json_option
def webhook(name: str, url: str, *, as_json: bool) -> None:
    """Send the machine NAME word at URL of what happens from now on; prints its secret once."""
    with session.services() as services:
        caller = session.caller(services)
        secret = services.access.machines.webhooks.set(ClientId(name), url, caller)

    def in_words() -> None:
        say("Each word is signed with this secret. It is shown once; set it anew for another.")
        put(secret)

    show({"client": name, "secret": secret}, as_json=as_json, in_words=in_words)


@client.command("end-webhook")
@click.argument("name", type=IDENTIFIER)
@json_option
def end_webhook(name: str, *, as_json: bool) -> None:
    """Send the machine NAME no word any more."""
    with session.services() as services:
        services.access.machines.webhooks.end(ClientId(name), session.caller(services))
    _show_done(name, None, "is sent no word any more", as_json=as_json)


def _show_done(name: str, key: str | None, what: str, *, as_json: bool) -> None:
    subject = name if key is None else f"{key} of {name}"
    show({"client": name, "key": key}, as_json=as_json, in_words=lambda: say(f"{subject} {what}."))


def _in_words(found: Sequence[ListedClient]) -> None:
    for one in found:
        state = "active" if one.client.disabled_on is None else "DISABLED"
        roles = ", ".join(sorted(role.value for role in one.client.roles))
        names = ", names people" if one.client.names_people else ""
        item(one.client.id, f"{roles}; {one.client.algorithm}; {state}{names}")
        for key in one.keys:
            item("", f"{key.id} {_state_of(key)}")
    if not found:
        say("Your body has no machines here. Register one: broker client register FILE")


def _state_of(key: ClientKey) -> str:
    if key.removed_on is not None:
        return f"removed on {key.removed_on}"
    if key.confirmed_by is not None:
        return f"counts, since {key.confirmed_by} confirmed it"
    return "waits for a second administrator: broker client confirm"


def _listed(one: ListedClient) -> dict[str, object]:
    return {
        "client": one.client.id,
        "agency": one.client.agency,
        "algorithm": one.client.algorithm.value,
        "roles": sorted(role.value for role in one.client.roles),
        "names_people": one.client.names_people,
        "registered_by": one.client.registered_by,
        "disabled_on": day_text(one.client.disabled_on),
        "keys": [
            {
                "key": key.id,
                "added_by": key.added_by,
                "added_on": key.added_on.isoformat(),
                "confirmed_by": key.confirmed_by,
                "removed_on": day_text(key.removed_on),
                "counts": key.counts,
            }
            for key in one.keys
        ],
    }


COMMANDS = (client,)
