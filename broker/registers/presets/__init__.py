"""Presets: functions as source policies print them, without names of people, all unverified.

Data beside this module, one file a preset; `old_words.toml` are the words of older policies. A
number stands there only as it was printed, and nobody dials it before somebody has checked it.

>>> preset("somerset").contacts[0].telephone
'01278 647435'
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from broker.domain.directory.backing import Listing
from broker.domain.directory.functions import Function, rules_word
from broker.domain.json_values import as_array, as_object, text
from broker.domain.model import Agency, Mailbox, MailboxId
from broker.registers.bodies.new import new_body
from keys import AgencyId

NAMES: Final = ("dh", "ecpt", "livewell", "set", "somerset")
"""Every preset, by the identifier of its source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """Bodies and contacts as one source printed them; `printed` is its year, if it has one."""

    id: str
    title: str
    source: str
    printed: int | None
    note: str
    bodies: tuple[Agency, ...]
    contacts: tuple[Mailbox, ...]


@cache
def presets() -> Mapping[str, Preset]:
    """Return every preset by its identifier."""
    return {name: _read(name) for name in NAMES}


def preset(id_: str) -> Preset:
    """Return one preset; raises `KeyError` for an identifier that there is not."""
    return presets()[id_]


def _read(name: str) -> Preset:
    stored = (files("broker.registers.presets") / f"{name}.toml").read_text("utf-8")
    document = tomllib.loads(stored)
    source, printed = text(document["source"]), document.get("printed")
    return Preset(
        id=name,
        title=text(document["title"]),
        source=source,
        printed=printed,
        note=text(document["note"]),
        bodies=tuple(_body(as_object(one)) for one in as_array(document["organisation"])),
        contacts=tuple(
            _contact(as_object(one), source, printed) for one in as_array(document["contact"])
        ),
    )


def _body(document: Mapping[str, object]) -> Agency:
    name = AgencyId(text(document["id"]))
    return new_body(name, text(document["name"]), text(document["kind"]))


def _contact(document: Mapping[str, object], source: str, printed: int | None) -> Mailbox:
    function = Function(text(document["kept_as"]))
    return Mailbox(
        id=MailboxId(text(document["id"])),
        agency=AgencyId(text(document["organisation"])),
        title=text(document["title"]),
        address="",
        type="role",
        accepts_encrypted="unknown",
        telephone=text(document.get("telephone", "")),
        function=rules_word(function),
        version=1,
        verified_on=None,
        verified_by=None,
        listing=Listing(
            kept_as=function.value,
            printed=printed,
            source=f"{source}, {text(document['paragraph'])}",
        ),
    )
