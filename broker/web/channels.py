"""Whom somebody can ring: the numbers of the channels page, as data."""

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from functools import cache
from importlib.resources import files

from broker.domain.model import Mailbox
from broker.registers.directory import Entries


@unique
class Function(StrEnum):
    """What a channel is for."""

    EMERGENCY = "emergency"
    POLICE_NON_EMERGENCY = "police-non-emergency"
    ANTI_TERRORIST_HOTLINE = "anti-terrorist-hotline"
    ANTI_TERRORIST_TEXTPHONE = "anti-terrorist-textphone"
    POLICE_PREVENT_ADVICE = "police-advice"
    SAFEGUARDING_INBOX = "safeguarding-inbox"
    OUT_OF_HOURS = "out-of-hours"


NATIONAL = frozenset({"999", "101", "0800 789 321", "0800 0324539"})
"""The numbers that hold in the whole country; every other stands with the year of its print."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way to reach somebody: its title, its number as people read it, what to know before.

    `printed` is the year in which a number was printed that nobody verified since, `lapsed` says
    that a call-back is too long ago: such a number is shown and never offered to be dialled.
    """

    function: Function
    title: str
    number: str
    note: str
    printed: int | None = None
    checked_on: date | None = None
    lapsed: bool = False

    @property
    def dialled(self) -> str:
        """The number for a telephone link, empty where it may not be one."""
        is_sure = self.printed is None and not self.lapsed
        return self.number.replace(" ", "") if is_sure else ""


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


def local_channels(entries: Entries, today: date) -> tuple[Channel, ...]:
    """Return whom the directory says that people can ring, by body and function.

    A number that somebody entered and nobody checked is not shown at all.
    """
    names = {body.id: body.name for body in entries.agencies if body.retired_on is None}
    shown = [
        _channel(contact, names[contact.agency], today)
        for contact in entries.mailboxes
        if contact.listing.kept_as in _LOCAL
        or (contact.listing.kept_as is None and contact.function in _LOCAL)
        if contact.agency in names and contact.telephone
        if contact.backing.retired_on is None
        if contact.verified_on is not None or contact.listing.printed is not None
    ]
    return tuple(sorted(shown, key=lambda one: (_LOCAL[one.function], one.title)))


def _channel(contact: Mailbox, body: str, today: date) -> Channel:
    is_checked = contact.verified_on is not None
    return Channel(
        function=Function(contact.listing.kept_as or contact.function),
        title=f"{contact.title}, {body}",
        number=contact.telephone,
        note=contact.listing.hours or "",
        printed=None if is_checked else contact.listing.printed,
        checked_on=contact.verified_on,
        lapsed=is_checked and not contact.counts_on(today),
    )


_LOCAL = {
    Function.POLICE_PREVENT_ADVICE: 0,
    Function.SAFEGUARDING_INBOX: 1,
    Function.OUT_OF_HOURS: 2,
}
"""The functions of the directory that stand on the page, in their order."""


@cache
def preset() -> tuple[Channel, ...]:
    """Return the channels that every installation begins with."""
    return read_preset((files("broker.web") / "channels.toml").read_text(encoding="utf-8"))
