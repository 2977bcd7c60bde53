"""What stands in an entry of the record as people say it: names of people, bodies and contacts."""

from audit.errors import LedgerError
from broker.domain.errors import BrokerError
from broker.packs.contents import title_of_purpose
from broker.web.site import current_site
from broker.web.views.naming import named
from keys import KeyManagementError

_PEOPLE = frozenset({"by", "second", "first", "set_by", "person", "asker", "owner"})
_BODIES = frozenset({"agency", "sender", "asked", "asking"})


def in_words(name: str, value: str) -> str:
    """Return the value of a field of an entry in words, as it stands where there are none."""
    if name in _PEOPLE:
        return named(value)
    if name == "purpose":
        return title_of_purpose(value)
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
