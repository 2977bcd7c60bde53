"""Read TOML tables strictly, gathering every fault with its file and line."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from policies.errors import Message, RulebookError
from policies.kinds import nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file of the rulebook: its name, its text if there is one, and its table."""

    name: str
    text: str
    table: Mapping[str, object]

    def line_of(self, snippet: str) -> int | None:
        """Return the first line that holds the snippet, counted from one."""
        for number, line in enumerate(self.text.splitlines(), start=1):
            if snippet in line:
                return number
        return None


@dataclass(frozen=True, slots=True)
class Faults:
    """The faults found so far; reading goes on so that all are told at once."""

    messages: list[Message] = field(default_factory=list[Message])

    def add(self, source: Source, text: str, *, at: str, known: Sequence[str] = ()) -> None:
        """Note a fault, at the line that holds `at`, with the known word most like it."""
        self.messages.append(
            Message(
                file=source.name,
                line=source.line_of(at),
                text=text,
                suggestion=nearest(at, tuple(known)),
            )
        )

    def raise_any(self) -> None:
        """Raise `RulebookError` with every fault, if there is one."""
        if self.messages:
            raise RulebookError(self.messages)


def parse_source(name: str, content: bytes, faults: Faults) -> Source:
    """Return a file with its table, empty (and the fault noted) if it is not TOML."""
    try:
        text = content.decode()
        table: dict[str, object] = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.messages.append(Message(file=name, line=None, text=f"This is not TOML: {error}."))
        return Source(name=name, text="", table={})
    return Source(name=name, text=text, table=table)


class Section:
    """One table of a file; every key must be asked for, and every value be of its type."""

    def __init__(self, source: Source, table: Mapping[str, object], faults: Faults) -> None:
        self.source = source
        self.faults = faults
        self._table = table
        self._asked: list[str] = []

    def has(self, key: str) -> bool:
        """Say whether the key is there."""
        self._asked.append(key)
        return key in self._table

    def text(self, key: str) -> str:
        """Return a text that must be there and say something."""
        value = self._value(key)
        if isinstance(value, str) and value.strip():
            return value
        self.fault(f"'{key}' must be a text that says something.", at=self._place_of(key))
        return ""

    def optional_text(self, key: str) -> str | None:
        """Return a text, or None where the key is absent."""
        return self.text(key) if self.has(key) else None

    def choice(self, key: str, known: Sequence[str]) -> str:
        """Return a text that must be one of the known, or the first of them with a fault."""
        written = self.text(key)
        if written in known:
            return written
        self.fault(f"'{written}' is not one of: {', '.join(known)}.", at=written, known=known)
        return known[0]

    def day(self, key: str) -> date:
        """Return a day that must be there, written as 2026-03-16."""
        written = self.text(key)
        try:
            return date.fromisoformat(written)
        except ValueError:
            self.fault(f"'{key}' must be a day like 2026-03-16.", at=key)
            return date.min

    def optional_day(self, key: str) -> date | None:
        """Return a day, or None where the key is absent."""
        return self.day(key) if self.has(key) else None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts that must be there, without repeats; it may be empty."""
        value = self._value(key)
        if isinstance(value, list):
            items = cast("list[object]", value)
            texts = tuple(item for item in items if isinstance(item, str))
            if len(texts) == len(items) == len(set(texts)):
                return texts
        self.fault(f"'{key}' must be a list of texts, each once.", at=self._place_of(key))
        return ()

    def optional_texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty where the key is absent."""
        return self.texts(key) if self.has(key) else ()

    def flag(self, key: str) -> bool:
        """Return true where the key is there; it may only be written as true."""
        if not self.has(key):
            return False
        if self._table[key] is not True:
            self.fault(f"'{key}' is written only where it is true.", at=key)
        return True

    def number(self, key: str) -> int:
        """Return a whole number that must be there."""
        value = self._value(key)
        if type(value) is int:
            return value
        self.fault(f"'{key}' must be a whole number.", at=self._place_of(key))
        return 0

    def items(self, key: str) -> tuple[object, ...]:
        """Return a list of anything, empty where the key is absent."""
        if not self.has(key):
            return ()
        value = self._table[key]
        if isinstance(value, list):
            return tuple(cast("list[object]", value))
        self.fault(f"'{key}' must be a list.", at=key)
        return ()

    def section(self, key: str) -> "Section":
        """Return a table that must be there."""
        value = self._value(key)
        if isinstance(value, dict):
            return self._inner(cast("dict[str, object]", value))
        self.fault(f"'{key}' must be a table.", at=self._place_of(key))
        return self._inner({})

    def optional_section(self, key: str) -> "Section":
        """Return a table, empty where the key is absent."""
        return self.section(key) if self.has(key) else self._inner({})

    def sections(self, key: str) -> tuple["Section", ...]:
        """Return a list of tables, empty where the key is absent."""
        tables = self.items(key)
        if not all(isinstance(table, dict) for table in tables):
            self.fault(f"'{key}' must be a list of tables.", at=key)
            return ()
        return tuple(self._inner(cast("dict[str, object]", table)) for table in tables)

    def each(self) -> Iterator[tuple[str, "Section"]]:
        """Yield every key with its table; for tables whose keys are names."""
        for key in self._table:
            yield key, self.section(key)

    def names(self) -> tuple[str, ...]:
        """Return every key, as names; they count as asked for."""
        self._asked.extend(self._table)
        return tuple(self._table)

    def values(self) -> Mapping[str, object]:
        """Return the table as it is, for whoever checks it by another rule."""
        return self._table

    def finish(self) -> None:
        """Note every key that nobody asked for."""
        for key in self._table:
            if key not in self._asked:
                self.fault(f"'{key}' is not a heading here.", at=key, known=self._asked)

    def fault(self, text: str, *, at: str, known: Sequence[str] = ()) -> None:
        """Note a fault of this file."""
        self.faults.add(self.source, text, at=at, known=known)

    def _value(self, key: str) -> object:
        if self.has(key):
            return self._table[key]
        return None

    def _place_of(self, key: str) -> str:
        # A key that is absent has no line: point at the longest text of its table instead.
        texts = [value for value in self._table.values() if isinstance(value, str)]
        return key if key in self._table else max(texts, key=len, default=key)

    def _inner(self, table: Mapping[str, object]) -> "Section":
        return Section(self.source, table, self.faults)


def top(source: Source, faults: Faults) -> Section:
    """Return the whole table of a file."""
    return Section(source, source.table, faults)
