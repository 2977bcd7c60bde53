"""`broker bounces`: take in what came back by mail about messages of ours."""

from pathlib import Path

import click

from broker.cli import session
from broker.cli.output import item, json_option, read_file, say, show
from broker.delivery.bounces import Became, files_of

_WORDS = {
    Became.DELIVERED: "notices that one of ours was delivered",
    Became.REJECTED: "notices that one of ours was refused",
    Became.NOTHING_NEW: "notices that told nothing new",
    Became.NOT_OURS: "messages that are no notice about one of ours",
}


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@json_option
def bounces(path: Path, *, as_json: bool) -> None:
    """Read delivery notices from PATH (a message, a folder or a Maildir), each recorded once."""
    counted: dict[Became, int] = {}
    with session.services() as services:
        for file in files_of(path) if path.is_dir() else (path,):
            became = services.bounces.take(read_file(file))
            counted[became] = counted.get(became, 0) + 1
    document = {became.value: counted.get(became, 0) for became in Became}

    def in_words() -> None:
        if not counted:
            say("There is nothing in it.")
        for became, number in counted.items():
            item(str(number), _WORDS[became])

    show(document, as_json=as_json, in_words=in_words)


COMMANDS = (bounces,)
