"""Translations in the file that translators' programs read and write (gettext PO): pure.

The part of the format that is needed here: comments, a `msgid` with its `msgstr`, texts over
several lines, the flag `fuzzy`. Whatever else stands in a file is a fault with its line.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_TRANSLATOR = "Last-Translator"
_HEADER = (
    ("Language", ""),
    (_TRANSLATOR, ""),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=UTF-8"),
    ("Content-Transfer-Encoding", "8bit"),
)


class PoFaultError(ValueError):
    """Raised for a file that cannot be read, with the line and what is wrong there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """What stands for one English text; `is_fuzzy` where a program guessed it."""

    english: str
    text: str
    is_fuzzy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PoFile:
    """What a file holds: its language, who answers for it (empty: nobody yet), its texts."""

    language: str
    translator: str
    texts: tuple[Translated, ...]

    def by_english(self) -> Mapping[str, Translated]:
        """Return the texts by the English that they stand for."""
        return {one.english: one for one in self.texts}


def read(content: str) -> PoFile:
    """Return what a file holds; raise `PoFaultError`."""
    header: dict[str, str] = {}
    texts: list[Translated] = []
    for english, text, is_fuzzy in _entries(content):
        if english == "":
            parts = (line.partition(":") for line in text.splitlines())
            header = {name: value.strip() for name, _, value in parts}
        elif any(one.english == english for one in texts):
            raise PoFaultError(f"{english[:40]!r} stands twice. Leave one of them.")
        else:
            texts.append(Translated(english=english, text=text, is_fuzzy=is_fuzzy))
    return PoFile(
        language=header.get("Language", ""),
        translator=header.get(_TRANSLATOR, ""),
        texts=tuple(texts),
    )


def written(file: PoFile) -> str:
    """Return a file's content, one text after the other as they are given."""
    known = {"Language": file.language, _TRANSLATOR: file.translator}
    header = "".join(f"{name}: {known.get(name, value)}\n" for name, value in _HEADER)
    blocks = [_block(Translated(english="", text=header))]
    blocks += [_block(one) for one in file.texts]
    return "\n".join(blocks)


def _block(one: Translated) -> str:
    flag = "#, fuzzy\n" if one.is_fuzzy else ""
    return f"{flag}msgid {_quoted(one.english)}\nmsgstr {_quoted(one.text)}\n"


def _quoted(text: str) -> str:
    lines = text.splitlines(keepends=True)
    if len(lines) <= 1:
        return json.dumps(text, ensure_ascii=False)
    return "\n".join(['""', *(json.dumps(line, ensure_ascii=False) for line in lines)])


def _entries(content: str) -> Iterator[tuple[str, str, bool]]:
    """Yield each pair of texts with its flag."""
    for block in _blocks(content.removeprefix("\ufeff").splitlines()):
        parts: dict[str, str] = {}
        is_fuzzy, now = False, ""
        for number, line in block:
            if line.startswith("#"):
                is_fuzzy = is_fuzzy or (line.startswith("#,") and "fuzzy" in line)
                continue
            word, _, rest = line.partition(" ") if not line.startswith('"') else (now, "", line)
            if word not in {"msgid", "msgstr"} or (word == "msgstr" and "msgid" not in parts):
                raise PoFaultError(f"Line {number}: expected msgid, then msgstr.")
            now = word
            parts[word] = parts.get(word, "") + _unquoted(rest, number)
        if parts:
            if "msgstr" not in parts:
                raise PoFaultError(f"Line {block[-1][0]}: a msgid without its msgstr.")
            yield parts["msgid"], parts["msgstr"], is_fuzzy


def _blocks(lines: Iterable[str]) -> Iterator[list[tuple[int, str]]]:
    """Yield the lines between two empty ones, each with its number."""
    block: list[tuple[int, str]] = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            block.append((number, line.strip()))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _unquoted(text: str, number: int) -> str:
    try:
        found = json.loads(text.strip())
    except ValueError:
        found = None
    if not isinstance(found, str):
        raise PoFaultError(f"Line {number}: expected a text in double quotes.")
    return found
