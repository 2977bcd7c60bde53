"""`broker serve`: the gateway, until it is interrupted."""

import click

from broker.cli import session
from broker.cli.output import say
from broker.server import Server


@click.command()
def serve() -> None:
    """Serve the gateway on loopback until interrupted (behind a proxy: BROKER_BEHIND_PROXY=1)."""
    settings = session.settings()
    with session.services():
        pass
    say(f"The broker serves on http://127.0.0.1:{settings.port} until you press Ctrl-C.")
    Server(settings).run()


COMMANDS = (serve,)
