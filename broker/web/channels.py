"""Whom somebody can ring: the numbers of the channels page, as data."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum, unique
from functools import cache
from importlib.resources import files


@unique
class Function(StrEnum):
    """What a channel is for."""

    EMERGENCY = "emergency"
    POLICE_NON_EMERGENCY = "police-non-emergency"
    ANTI_TERRORIST_HOTLINE = "anti-terrorist-hotline"
    ANTI_TERRORIST_TEXTPHONE = "anti-terrorist-textphone"
    POLICE_PREVENT_ADVICE = "police-prevent-advice"
    SAFEGUARDING_INBOX = "safeguarding-inbox"
    OUT_OF_HOURS = "out-of-hours"
    REPORT_ONLINE = "report-online"


NATIONAL = frozenset({"999", "101", "0800 789 321", "0800 0324539"})
"""The numbers that hold in the whole country; every other stands with the year of its print."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way to reach somebody: its title, its number as people read it, what to know before.

    `printed` is the year in which a number was printed that nobody verified since; such a number
    is shown and never offered to be dialled.
    """

    function: Function
    title: str
    number: str
    note: str
    printed: int | None = None

    @property
    def dialled(self) -> str:
        """The number for a telephone link, empty where it may not be one."""
        return self.number.replace(" ", "") if self.printed is None else ""


class ChannelFaultError(ValueError):
    """Raised for a preset that offers a number which nobody verified as if somebody had."""


def read_preset(text: str) -> tuple[Channel, ...]:
    """Return the channels of a preset (TOML), in its order; raise `ChannelFaultError`."""
    channels = tuple(
        Channel(
            function=Function(entry["function"]),
            title=entry["title"],
            number=entry["number"],
            note=entry.get("note", ""),
            printed=entry.get("printed"),
        )
        for entry in tomllib.loads(text)["channel"]
    )
    for channel in channels:
        if channel.printed is None and channel.number not in NATIONAL:
            raise ChannelFaultError(
                f"The number of {channel.function} is not one of the country's. Say in which year "
                "it was printed."
            )
    return channels


@cache
def preset() -> tuple[Channel, ...]:
    """Return the channels that every installation begins with."""
    return read_preset((files("broker.web") / "channels.toml").read_text(encoding="utf-8"))
