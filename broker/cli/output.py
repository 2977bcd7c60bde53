"""How the command speaks: sentences for people, one JSON document for machines."""

import json
import sys
import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import click

from audit.format.plurals import counted
from broker.domain.json_values import as_array, as_object
from broker.domain.references import is_identifier
from broker.packs.visible import visible, visible_json

C = TypeVar("C", bound=Callable[..., object])

WIDTH = 92
PROGRESS_WIDTH = 72
"""A line that is written over again and again must wrap on no terminal."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


def put(text: str = "", *, nl: bool = True, err: bool = False) -> None:
    """Print a text as it stands; everything that a command prints goes through here.

    What people wrote may be in it, so nothing that a terminal would obey comes out.
    """
    click.echo(visible(text), nl=nl, err=err)


def say(text: str = "") -> None:
    """Print a sentence, wrapped to the width of a page."""
    put(_filled(text) if text else "")


def item(label: str, text: str) -> None:
    """Print a labelled line, wrapped under its label."""
    lead = f"  {label:<13} "
    put(_filled(text, lead=lead))


def remark(text: str) -> None:
    """Print a sentence that a program passes over where the rest of the output is a file."""
    put(_filled(text, lead="# ", further="# "))


def command(label: str, text: str) -> None:
    """Print a command to be copied: whole beside its label, or on the next line if it is long."""
    lead = f"  {label:<13} "
    if len(lead) + len(text) <= WIDTH:
        put(f"{lead}{text}")
    else:
        item(label, "run the next line:")
        put(text)


def _filled(text: str, *, lead: str = "", further: str | None = None) -> str:
    # Paths, keys and the names of duties must survive copying: lines end at spaces alone.
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=" " * len(lead) if further is None else further,
        break_long_words=False,
        break_on_hyphens=False,
    )


def lines(label: str, told: Iterable[str]) -> None:
    """Print several lines under one label."""
    for index, text in enumerate(told):
        item(label if index == 0 else "", text)


def paragraphs(label: str, text: str) -> None:
    """Print a text under its label with the lines and paragraphs that it was written with."""
    for index, line in enumerate(text.splitlines() or [""]):
        item(label if index == 0 else "", line)


def questions_in_words(document: Mapping[str, object]) -> None:
    """Print what a Guardian asked and the sender replied."""
    for question in map(as_object, as_array(document["questions"])):
        paragraphs(
            "question", f"{question['question']} ({question['asked_by']}, {question['asked_on']})"
        )
        reply = "(waits for a reply)" if question["reply"] is None else str(question["reply"])
        paragraphs("reply", reply)


def complain(text: str) -> None:
    """Print what went wrong to standard error."""
    put(text, err=True)


def progress(text: str) -> None:
    """Print where a long task stands to standard error, over what stood there; "" clears it."""
    click.echo(f"\r{visible(text):<{PROGRESS_WIDTH}}\r", nl=False, err=True)


def show(document: object, *, as_json: bool, in_words: Callable[[], None]) -> None:
    """Print `document` as JSON, or the same in words."""
    if as_json:
        put(visible_json(json.dumps(document, ensure_ascii=False, indent=1)))
    else:
        in_words()


LONGEST_FILE = 24_000_000
"""The most bytes of a file named on the command line: more could not be sealed into a pack."""


def read_file(path: Path, most: int = LONGEST_FILE) -> bytes:
    """Return the content of a file named on the command line, of at most `most` bytes.

    It is misuse if it cannot be read or is longer, as a device that never ends.
    """
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        message = f"The file cannot be read: {error.strerror}. Check its path."
        raise click.UsageError(message) from None
    if len(content) > most:
        message = (
            f"The file is longer than {counted(most, 'byte')}, the most here. Check its path."
        )
        raise click.UsageError(message)
    return content


LONGEST_WORDS = 16_000
"""The most bytes of a text that a person writes: 4,000 characters of any script."""


def words_option(name: str, what: str, *, prompt: str = "") -> Callable[[C], C]:
    """Return the option `--NAME-file`: a text of a person's own, never on the command line itself.

    Everybody on a machine can read the arguments of a command. With `prompt` the text must be
    given, at the terminal if nowhere else; without, it may be left out.
    """

    def read(_ctx: click.Context, _param: click.Parameter, file: Path | None) -> str | None:
        return words_of(file, name, prompt) if file is not None or prompt else None

    otherwise = "; else you are asked." if prompt else "."
    return click.option(
        f"--{name}-file",
        name,
        type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
        callback=read,
        metavar="FILE",
        help=f"{what} In a file, or - for standard input{otherwise}",
    )


def words_of(file: Path | None, name: str, prompt: str) -> str:
    """Return a person's own text from a file, from standard input (-), or asked at the terminal.

    It is misuse without any of them, where it is too long or no text.
    """
    if file is None:
        if not sys.stdin.isatty():
            message = (
                f"{prompt} Write it into a file: --{name}-file FILE, or - for standard input."
            )
            raise click.UsageError(message)
        return _asked_for(prompt)
    if str(file) == "-":
        content = sys.stdin.buffer.read(LONGEST_WORDS + 1)
        if len(content) > LONGEST_WORDS:
            raise click.UsageError("The text on standard input is longer than 4,000 characters.")
    else:
        content = read_file(file, LONGEST_WORDS)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise click.UsageError("The text is not UTF-8. Save it as UTF-8.") from None
    return unicodedata.normalize("NFC", text).strip()


def _asked_for(prompt: str) -> str:
    put(f"{prompt} (end with an empty line)", err=True)
    written: list[str] = []
    with suppress(EOFError):
        written.extend(iter(input, ""))
    return "\n".join(written).strip()


class Identifier(click.ParamType[str]):
    """An opaque identifier: a to z, 0 to 9 and -, at most 64; never a name."""

    name = "ID"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return `value`, or fail with what an identifier looks like."""
        if not is_identifier(value):
            self.fail("must be 1 to 64 of a-z, 0-9 and -, such as p-nurse-7.", param, ctx)
        return value


IDENTIFIER = Identifier()


FILE = click.Path(path_type=Path, dir_okay=False)


FOLDER = click.Path(path_type=Path, file_okay=False)


OPERATOR = "operator"
