"""Every command of the program, by the name that the table of who may do what has for it."""

from collections.abc import Iterator

import click

from broker.cli.lazy import Announced


def commands(group: click.Command, name: str = "broker") -> Iterator[str]:
    """Yield the name of every command below a group, the group's own before it."""
    command = group.load() if isinstance(group, Announced) else group
    if not isinstance(command, click.Group):
        yield name
        return
    if command.invoke_without_command:
        yield name
    for below, one in command.commands.items():
        yield from commands(one, f"{name} {below}")
