"""`broker serve`, which alone of the commands needs the web server."""

import sys

import click

from broker.cli import session
from broker.cli.output import say
from broker.server import Server, check_port


@click.command()
def serve() -> None:
    """Serve the gateway on loopback until interrupted (behind a proxy: BROKER_BEHIND_PROXY=1)."""
    settings = session.settings()
    with session.services():
        pass
    check_port(settings)

    def on_serving() -> None:
        say(f"The broker serves on http://127.0.0.1:{settings.port} until you press Ctrl-C.")
        sys.stdout.flush()

    Server(settings, on_serving).run()


COMMANDS = (serve,)
