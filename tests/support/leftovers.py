"""Everything that a flow left behind, and a search through it for words in any spelling."""

import base64
import email
import email.policy
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse


@dataclass(slots=True)
class Left:
    """Everything that a flow left behind, by where it was found."""

    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    answers: dict[str, bytes] = field(default_factory=dict[str, bytes])
    entries: dict[str, bytes] = field(default_factory=dict[str, bytes])
    letters: dict[str, bytes] = field(default_factory=dict[str, bytes])
    log: io.StringIO = field(default_factory=io.StringIO)
    passphrases: dict[str, str] = field(default_factory=dict[str, str])
    released: dict[str, tuple[str, frozenset[str]]] = field(
        default_factory=dict[str, tuple[str, frozenset[str]]]
    )

    def everything(self) -> Iterator[tuple[str, bytes]]:
        for found in (self.files, self.answers, self.entries, self.letters):
            yield from found.items()
        yield "log", self.log.getvalue().encode()

    def heard(self, answer: TestResponse) -> dict[str, Any]:
        """Keep an answer whole, its headers too, and return its document."""
        name = f"answer {len(self.answers)} {answer.status_code}"
        self.answers[name] = str(answer.headers).encode() + answer.get_data()
        document: dict[str, Any] = json.loads(answer.get_data())
        return document


def collect(folder: Path, left: Left) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            left.files[str(path.relative_to(folder))] = path.read_bytes()
        left.files[f"name of {path.name}"] = path.name.encode()
    for path in folder.rglob("*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        left.letters[f"headers of {path.stem}"] = str(message.items()).encode()
        for part in message.walk():
            if not part.is_multipart():
                name = f"{path.stem} {part.get_content_type()}"
                content = part.get_payload(decode=True)
                assert isinstance(content, bytes)
                left.letters[name] = content


def spellings(word: str) -> Iterator[bytes]:
    """Every way in which a word might stand in a file: encodings, base 64 at any offset, hex."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        plain = word.encode(encoding)
        yield plain
        yield plain.hex().encode()
        for offset in range(3):
            # What depends on the neighbours is cut off at both ends, and no more than that: four
            # letters stand by chance in any longer message.
            shifted = bytes(offset) + plain
            first, end = -(-8 * offset // 6), 8 * len(shifted) // 6
            yield base64.b64encode(shifted)[first:end]


def hits(left: Left, *words: str) -> list[tuple[str, str]]:
    sought = [(word, spelling.lower()) for word in words for spelling in spellings(word)]
    found = {
        (place, word): None
        for place, content in left.everything()
        for lowered in [content.lower()]
        for word, spelling in sought
        if spelling in lowered
    }
    return list(found)


def places_of(left: Left, content: bytes) -> list[str]:
    return [place for place, found in left.everything() if content in found]
