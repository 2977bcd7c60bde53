"""Identifiers and codes in the words of a page, where people read names and sentences."""

import re
from collections.abc import Iterator

from browsers import Window
from seen_gateways import Seen

from audit.errors import LedgerError
from broker.domain.roles import Role
from policies import Rulebook

_WORDS = """() => {
  const copy = document.querySelector('main').cloneNode(true);
  copy.querySelectorAll('pre, code, [data-identifier]').forEach((one) => one.remove());
  document.body.append(copy);
  const words = copy.innerText;
  copy.remove();
  return words;
}"""
"""What a page says, but for what is shown byte for byte and what is named as an identifier."""

_TOKEN = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)+")


def identifiers_shown(place: Seen, window: Window) -> list[str]:
    """Return the identifiers of people, bodies and contacts, and the codes, that a page says."""
    if window.page.locator("main").count() == 0:
        return []
    said = set(_TOKEN.findall(window.page.evaluate(_WORDS)))
    try:
        known = {*_known(place)}
    except LedgerError:  # Nobody reads a register while the ledger is at fault.
        return []
    return [f"an identifier or a code: {one}" for one in sorted(said & known)]


def _known(place: Seen) -> Iterator[str]:
    services = place.services
    yield from (one.person.id for one in services.access.people.listed())
    entries = services.directory.entries()
    yield from (one.id for one in entries.agencies)
    yield from (one.id for one in entries.mailboxes)
    yield from (role.value for role in Role if "-" in role)
    yield from (one for one in Rulebook.shipped().registers.purposes if "-" in one)
