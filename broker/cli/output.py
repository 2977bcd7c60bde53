"""How the command speaks: sentences for people, one JSON document for machines."""

import json
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import click

from broker.domain.form import FORM
from broker.domain.json_values import as_array, as_object, texts
from broker.domain.visible import visible, visible_json

WIDTH = 92
_LABELS = {field.id: field.label for field in FORM}

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
    """Print a command under its label on one line, to be copied."""
    item(label, "run")
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


def questions_in_words(document: Mapping[str, object]) -> None:
    """Print what a Guardian asked and the sender replied."""
    for one in map(as_object, as_array(document["questions"])):
        item("question", f"{one['question']} ({one['asked_by']}, {one['asked_on']})")
        reply = "(waits for a reply)" if one["reply"] is None else str(one["reply"])
        item("reply", reply)


def decision_in_words(decision: object) -> None:
    """Print the reasons of a decision: what stops it, what is withheld, what would be lawful."""
    found = as_object(decision)
    lines("because", _reasons(found))
    lines("lawful if", texts(found["lawful_if"]))
    released = texts(found["release"])
    if released:
        item("goes", "; ".join(map(_label_of, released)))
    for reason, fields in _by_reason(as_object(found["withheld"])).items():
        item("stays", f"{'; '.join(map(_label_of, fields))}: {reason}")
    obligations = [str(as_object(one)["type"]) for one in as_array(found["obligations"])]
    if obligations:
        item("obliges", ", ".join(obligations))


def _label_of(field: str) -> str:
    """Return what the form calls a field; what is no field of it keeps its code."""
    return _LABELS.get(field, field)


def _reasons(decision: Mapping[str, object]) -> Iterator[str]:
    for finding in map(as_object, as_array(decision["findings"])):
        is_reason = finding["effect"] in {"refuse", "refer", "waived"} or finding["rule"] == "R01"
        if is_reason and finding["status"] != "not-applicable":
            yield f"{finding['say']} ({finding['rule']})"


def _by_reason(withheld: Mapping[str, object]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for field, reason in withheld.items():
        grouped.setdefault(str(reason), []).append(field)
    return grouped


def complain(text: str) -> None:
    """Print what went wrong to standard error."""
    put(text, err=True)


def progress(text: str) -> None:
    """Print where a long task stands to standard error, over what stood there before."""
    click.echo(f"\r{visible(text)}", nl=False, err=True)


def show(document: object, *, as_json: bool, in_words: Callable[[], None]) -> None:
    """Print `document` as JSON, or the same in words."""
    if as_json:
        put(visible_json(json.dumps(document, ensure_ascii=False, indent=1)))
    else:
        in_words()


def read_file(path: Path) -> bytes:
    """Return the content of a file named on the command line; misuse if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"The file cannot be read: {error.strerror}. Check its path."
        raise click.UsageError(message) from None


class Identifier(click.ParamType[str]):
    """An opaque identifier: a to z, 0 to 9 and -, at most 64; never a name."""

    name = "ID"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return `value`, or fail with what an identifier looks like."""
        if not re.fullmatch(r"[a-z0-9-]{1,64}", value):
            self.fail("must be 1 to 64 of a-z, 0-9 and -, such as p-nurse-7.", param, ctx)
        return value


IDENTIFIER = Identifier()


FILE = click.Path(path_type=Path, dir_okay=False)


FOLDER = click.Path(path_type=Path, file_okay=False)


OPERATOR = "operator"
