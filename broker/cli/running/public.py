"""`broker public`: the pages that need nothing else, as files for a web server in front."""

from pathlib import Path

import click

from audit.format.plurals import counted
from broker.cli import session
from broker.cli.output import item, say
from broker.domain.errors import NotInitialisedError
from broker.web.public import PublicPages
from broker.web.site import channels_of


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def public(folder: Path) -> None:
    """Write the pages that a web server shows while the broker is away into FOLDER.

    Everybody on this host may read them; they hold telephone numbers and nothing of anybody. Write
    them again after an upgrade, a change of the directory, BROKER_SERVICE_NAME or
    BROKER_BRAND_COLOUR.
    """
    pages = _pages()
    pages.write(folder, for_all=True)
    say(f"Written: {counted(len(pages.pages), 'page')}.")
    item("nginx", "root FOLDER; error_page 502 503 504 /now.html; see docs/operating.md")


def _pages() -> PublicPages:
    """Return the pages with the directory's channels, or without where there is no broker yet."""
    try:
        with session.as_it_stands() as services:
            return PublicPages.of(services.settings, channels_of(services))
    except NotInitialisedError:
        return PublicPages.of(session.settings())


COMMANDS = (public,)
