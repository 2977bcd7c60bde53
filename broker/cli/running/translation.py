"""`broker translation`: the texts to be translated, and whether a translation is whole."""

from pathlib import Path

import click

from audit.format.plurals import counted
from broker.cli.output import item, say
from broker.domain.errors import BrokerError
from broker.web.languages.catalogue import LANGUAGES
from broker.web.languages.po import PoFaultError, read
from broker.web.languages.public_words import for_translators, public_words, standing


class TranslationFaultError(BrokerError):
    """Raised for a translation that cannot be shown, with what to do."""


@click.group()
def translation() -> None:
    """Have the pages that need no sign-in translated: nothing is shown before all of it is."""


@translation.command()
@click.argument("language", type=click.Choice(tuple(LANGUAGES)))
def export(language: str) -> None:
    """Print every text to be translated into LANGUAGE, with what is translated already (PO).

    Programs of translators read it. Whoever answers for the translation stands in its line
    Last-Translator; without a name there it is not shown.
    """
    click.echo(for_translators(language), nl=False)


@translation.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def check(file: Path) -> None:
    """Say whether the translation in FILE is whole, and what is missing."""
    try:
        found = standing(read(file.read_text(encoding="utf-8")))
    except (PoFaultError, UnicodeDecodeError) as error:
        said = str(error) if isinstance(error, PoFaultError) else "Save it as UTF-8."
        raise TranslationFaultError(f"{file} cannot be read. {said}") from None
    item("translated by", found.translator or "nobody yet: write a name into Last-Translator")
    for fault in found.faults:
        item("wrong", fault)
    if not found.is_offered:
        raise TranslationFaultError("It is not shown: half a language is none.")
    say(
        f"All of {counted(len(public_words()), 'text')} are there. "
        "Put it into broker/web/languages."
    )


COMMANDS = (translation,)
