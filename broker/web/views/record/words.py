"""What stands in an entry of the record as people say it: names of people, bodies and contacts."""

from audit.errors import LedgerError
from broker.domain.errors import BrokerError
from broker.packs.contents import title_of_purpose
from broker.web.site import current_site
from broker.web.views.naming import named
from keys import KeyManagementError
from policies import Outcome, headline

_PEOPLE = frozenset({"by", "second", "first", "set_by", "person", "asker", "owner"})
_BODIES = frozenset({"agency", "sender", "asked", "asking"})
_LOOK_BACK = {
    "emergency": "it was an emergency",
    "override": "it went against a no",
    "sample": "one in eight is looked at, by chance",
    "none": "nothing asks for it",
}


def in_words(name: str, value: str) -> str:
    """Return the value of a field of an entry in words, as it stands where there are none."""
    if name in _PEOPLE:
        return named(value)
    if name == "purpose":
        return title_of_purpose(value)
    if name == "outcome" and value in {*Outcome}:
        return headline(Outcome(value))
    if name == "look_back":
        return _LOOK_BACK.get(value, value)
    if name in _BODIES or name == "recipient":
        return _entries().get(value, value)
    return value


def _entries() -> dict[str, str]:
    """Return what bodies and contacts are called; nothing while the directory cannot be read."""
    try:
        entries = current_site().services.directory.entries()
    except (BrokerError, LedgerError, KeyManagementError):
        return {}
    bodies = {str(one.id): one.name for one in entries.agencies}
    contacts = {str(one.id): f"{one.title}, {bodies[one.agency]}" for one in entries.mailboxes}
    return {**contacts, **bodies}
