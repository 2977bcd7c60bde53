"""On which way a disclosure leaves, chosen by rule and told with its reason; pure.

>>> recipient = {"mail": "seal", "accepts_encrypted": "yes"}
>>> way_out({"sender": {"mail": "secure"}, "recipient": recipient}, "permit").way
<Way.SEALED_MAIL: 'sealed-mail'>
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from broker.domain.json_values import as_object
from broker.domain.portal.pages import PageForm


class Way(StrEnum):
    """The ways on which something leaves."""

    VERIFIED_MAIL = "verified-mail"
    SEALED_MAIL = "sealed-mail"
    PORTAL = "portal"
    BY_HAND = "by-hand"
    TELEPHONE = "telephone"


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """The way of one disclosure, why it is that one, and what comes before it in an emergency."""

    way: Way
    reason: str
    first: str | None = None

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        return {"way": self.way.value, "reason": self.reason, "first": self.first}


Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    way: Way
    when: Callable[[Facts], bool]
    reason: str


def _recipient(facts: Facts, name: str) -> object:
    return as_object(facts["recipient"]).get(name)


def _is_secure_at_both_ends(facts: Facts) -> bool:
    # Facts of before facts/2 say nothing of the sender's mail.
    sender = as_object(facts["sender"]).get("mail")
    return sender == "secure" and _recipient(facts, "mail") == "secure"


RULES: Final = (
    _Rule(
        way=Way.PORTAL,
        when=lambda facts: _recipient(facts, "accepts_encrypted") == "no",
        reason="The recipient takes no encrypted files, however safe their mail is, so they fetch "
        "it from a page with a code that is told by telephone. It opens without words there, over "
        "TLS alone.",
    ),
    _Rule(
        way=Way.VERIFIED_MAIL,
        when=_is_secure_at_both_ends,
        reason="Both mail systems are on the list of secure ones, and the connection between them "
        "is proved each time. The document is sealed all the same: mail proves no reader.",
    ),
    _Rule(
        way=Way.PORTAL,
        when=lambda facts: _recipient(facts, "accepts_encrypted") != "yes",
        reason="Nobody knows whether the recipient takes encrypted files by mail, so they fetch "
        "the sealed document from a page, with a code and then words that are told by telephone.",
    ),
    _Rule(
        way=Way.SEALED_MAIL,
        when=lambda facts: _recipient(facts, "mail") != "secure",
        reason="The recipient's mail is not on the list of secure ones, so the document is sealed "
        "and its words are told by telephone.",
    ),
    _Rule(
        way=Way.SEALED_MAIL,
        when=lambda _facts: True,
        reason="Nothing proves the way out of our own mail, so the document is sealed and its "
        "words are told by telephone.",
    ),
)
"""The one table, read from the top: the first rule that fits decides."""

_IN_AN_EMERGENCY: Final = (
    "Tell it by telephone now: 999 in danger, else the recipient's number. The document follows."
)

BY_HAND: Final = WayOut(
    way=Way.BY_HAND,
    reason="Mail did not reach the recipient, so its sender carried it and recorded the receipt.",
)


def page_form(facts: Facts, outcome: str) -> PageForm | None:
    """Return what the page of a disclosure gives, None for one that leaves by mail."""
    if way_out(facts, outcome).way is not Way.PORTAL:
        return None
    opens = _recipient(facts, "accepts_encrypted") == "no"
    return PageForm.OPEN if opens else PageForm.SEALED


def way_out(facts: Facts, outcome: str) -> WayOut:
    """Return the way of a disclosure by the facts that it was judged on, and its outcome."""
    rule = next(rule for rule in RULES if rule.when(facts))
    first = _IN_AN_EMERGENCY if outcome == "emergency" else None
    return WayOut(way=rule.way, reason=rule.reason, first=first)
