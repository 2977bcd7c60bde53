"""`broker portal`: the pages for people without an account, served by a process of their own."""

import sys

import click

from broker.cli import session
from broker.cli.output import say
from broker.cli.portal.server import PortalServer
from broker.domain.errors import SettingsError
from broker.http_edge import check_free, host_of


@click.group()
def portal() -> None:
    """Look after the portal, where documents are fetched without an account."""


@portal.command("serve")
def serve_portal() -> None:
    """Serve the portal, and nothing else, on loopback until interrupted.

    It needs the database and no keystore; give it a role of its own there: broker db grants.
    """
    settings = session.settings()
    if settings.portal_url is None:
        raise SettingsError(
            ("BROKER_PORTAL_URL is not set: say under which address people open the portal.",)
        )
    check_free([(host_of(settings), settings.portal_port)])

    def on_serving() -> None:
        say(f"The portal serves on http://localhost:{settings.portal_port} until Ctrl-C.")
        sys.stdout.flush()

    PortalServer(settings, on_serving).run()


COMMANDS = (portal,)
