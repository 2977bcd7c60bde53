"""What can go wrong with the rules; a decision itself never raises."""

from collections.abc import Sequence
from dataclasses import dataclass


class PolicyError(Exception):
    """Something about the rules or a register is wrong; the message says what to do next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One fault of a rulebook: where it stands, what it is, and the nearest known word."""

    file: str
    line: int | None
    text: str
    suggestion: str | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        hint = "" if self.suggestion is None else f" Did you mean '{self.suggestion}'?"
        return f"{place}: {self.text}{hint}"


class RulebookError(PolicyError):
    """The rulebook cannot be used; `messages` holds every fault that was found."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = tuple(messages)
        super().__init__("\n".join(str(message) for message in self.messages))


class RegisterError(PolicyError):
    """A list that was offered for import cannot be read; the message names the line."""
