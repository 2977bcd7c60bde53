"""A group of commands of which only the one that is run is imported."""

from importlib import import_module

import click


class LazyGroup(click.Group):
    """A click group that knows commands of other modules by name and first sentence alone."""

    def announce(self, module: str, **commands: str) -> None:
        """Offer commands by name, with the start of their help; they stand in its COMMANDS."""
        for name, told in commands.items():
            self.add_command(Announced(name, module, told))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command itself, imported where it was only announced."""
        found = super().get_command(ctx, cmd_name)
        return found.load() if isinstance(found, Announced) else found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from what was announced, and import none of them."""
        click.Group(commands=self.commands).format_commands(ctx, formatter)


class Announced(click.Command):
    """What is known of a command before it is imported: where it is, and the start of its help."""

    def __init__(self, name: str, module: str, told: str) -> None:
        super().__init__(name, help=told)
        self.module = module

    def load(self) -> click.Command:
        """Return the command of this name among the COMMANDS of its module."""
        offered: tuple[click.Command, ...] = import_module(self.module).COMMANDS
        (command,) = (command for command in offered if command.name == self.name)
        return command
