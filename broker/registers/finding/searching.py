"""Looking through the directory, also by words that are not used any more: pure over its data."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from broker.domain.directory.functions import TITLES, Function
from broker.domain.json_values import as_array, as_object, text
from broker.domain.model import Agency, Mailbox, MailboxId
from broker.registers.directory import Entries
from broker.registers.finding.look_alikes import all_look_alikes


@dataclass(frozen=True, slots=True, kw_only=True)
class OldWord:
    """A word of older policies, the function that does this today, and what became of it."""

    old: str
    now: Function
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found: bodies with contacts, and the old words that led to them.

    `alike` names, for each contact whose address looks like others of the directory, those.
    """

    bodies: tuple[Agency, ...]
    contacts: tuple[Mailbox, ...]
    today_words: tuple[OldWord, ...]
    alike: Mapping[MailboxId, tuple[MailboxId, ...]]


@cache
def old_words() -> tuple[OldWord, ...]:
    """Return the words that are not used any more."""
    stored = (files("broker.registers.presets") / "old_words.toml").read_text("utf-8")
    return tuple(map(_old_word, as_array(tomllib.loads(stored)["word"])))


def search(entries: Entries, asked: str) -> Found:
    """Return what holds every word that somebody looks for; all of it where they look for none.

    An old word finds the contacts of the function that does this today.
    """
    wanted = asked.casefold().split()
    if not wanted:
        return _found(entries, entries.agencies, entries.mailboxes, ())
    meant = tuple(word for word in old_words() if _meets(word.old, asked))
    functions = {word.now for word in meant}
    names: dict[str, str] = {body.id: body.name for body in entries.agencies}
    contacts = tuple(
        one
        for one in entries.mailboxes
        if _function(one) in functions or _holds(_text_of(one, names), wanted)
    )
    of_contacts = {one.agency for one in contacts}
    bodies = tuple(
        body
        for body in entries.agencies
        if body.id in of_contacts or _holds(f"{body.name} {body.kind}", wanted)
    )
    return _found(entries, bodies, contacts, meant)


def _found(
    entries: Entries,
    bodies: tuple[Agency, ...],
    contacts: tuple[Mailbox, ...],
    meant: tuple[OldWord, ...],
) -> Found:
    alike = all_look_alikes(contacts, entries.mailboxes)
    return Found(bodies=bodies, contacts=contacts, today_words=meant, alike=alike)


def _meets(old: str, asked: str) -> bool:
    one, other = _plain(old), _plain(asked)
    return one == other or f" {one} " in f" {other} " or (len(other) > 3 and other in one)  # noqa: PLR2004  # fewer letters stand in too much


def _plain(words: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in words.casefold()).split())


def _text_of(contact: Mailbox, names: Mapping[str, str]) -> str:
    function = _function(contact)
    said = (
        contact.title,
        contact.address,
        contact.telephone.replace(" ", ""),
        names.get(contact.agency, ""),
        "" if function is None else f"{function} {TITLES[function]}",
    )
    return " ".join(said)


def _function(contact: Mailbox) -> Function | None:
    word = contact.listing.kept_as or contact.function
    return Function(word) if word in {*Function} else None


def _holds(text_: str, wanted: list[str]) -> bool:
    folded = text_.casefold()
    return all(word in folded for word in wanted)


def _old_word(document: object) -> OldWord:
    word = as_object(document)
    return OldWord(old=text(word["old"]), now=Function(text(word["now"])), note=text(word["note"]))
