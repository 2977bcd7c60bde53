"""Whether a directory entry may be believed at all, before anybody rings.

A number that is nobody's, a provider that is everybody's, and a host that looks like another's
are how a pack would reach a stranger. Pure; the lists are short on purpose and say what they are.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from broker.domain.directory.functions import Function, rules_word
from broker.domain.errors import Fault
from broker.domain.model import Agency, Mailbox
from broker.registers.contact_changes import digits_of
from keys import AgencyId
from policies import MailRegister, Verdict, Vocabulary, mail_verdict

OFFICIAL: Final = frozenset(
    {"police", "local-authority", "nhs", "education", "probation", "prison", "court"}
)
"""Kinds of body that have a domain of their own."""

PUBLIC_PROVIDERS: Final = frozenset(
    {
        "aol.com", "btinternet.com", "fastmail.com", "gmail.com", "gmx.co.uk", "gmx.com",
        "gmx.net", "googlemail.com", "hotmail.co.uk", "hotmail.com", "icloud.com", "live.co.uk",
        "live.com", "mac.com", "mail.com", "me.com", "msn.com", "ntlworld.com", "outlook.com",
        "pm.me", "proton.me", "protonmail.com", "rocketmail.com", "sky.com", "talktalk.net",
        "tiscali.co.uk", "tuta.com", "tutanota.com", "virginmedia.com", "yahoo.co.uk", "yahoo.com",
        "yandex.com", "ymail.com", "zoho.com",
    }
)  # fmt: skip
"""Where anybody can have an address within a minute."""

_SHORT: Final = {
    "999",
    "112",
    "911",
    "101",
    "105",
    "111",
    "116000",
    "116123",
    "119",
    "159",
    "18000",
}
_COSTLY: Final = re.compile(r"0(?:9|87[0-3]|84|70|118)|118")
_SUFFIXES: Final = ("police.uk", "gov.uk", "nhs.uk", "nhs.net", "sch.uk", "cjsm.net", "mod.uk")
_POLICE_SUFFIXES: Final = ("police.uk", "cjsm.net")
_LOOK: Final = str.maketrans({"0": "o", "1": "l", "3": "e", "5": "s", "-": None, ".": None})
_FEWEST_DIGITS: Final = 10


def entry_faults(
    agencies: Iterable[Agency],
    mailboxes: Iterable[Mailbox],
    known: Iterable[Agency],
    vocabulary: Vocabulary,
    register: MailRegister,
) -> tuple[Fault, ...]:
    """Return every fault of entries to be kept, by place; `known` are the bodies kept already.

    Places name entries by their own identifiers, since whoever mends them has the file.
    """
    agencies = tuple(agencies)
    kinds = {agency.id: agency.kind for agency in (*known, *agencies)}
    faults = [fault for agency in agencies for fault in _of_agency(agency, kinds, vocabulary)]
    faults += [fault for mailbox in mailboxes for fault in _of_mailbox(mailbox, kinds, register)]
    return tuple(faults)


def _of_agency(
    agency: Agency, known: Mapping[AgencyId, str], vocabulary: Vocabulary
) -> Iterator[Fault]:
    shapes, place = vocabulary.shapes, f"agencies.{agency.id}"
    kinds = shapes["sender.kind"].words
    if agency.kind not in kinds:
        yield _fault(f"{place}.kind", f"must be one of: {', '.join(kinds)}")
    if agency.check_purposes - {*shapes["purpose"].words}:
        listed = ", ".join(shapes["purpose"].words)
        yield _fault(f"{place}.check_purposes", f"may hold nothing but: {listed}")
    if agency.check == "before-sending" and not agency.check_purposes:
        yield _fault(f"{place}.check_purposes", "is empty; name the purposes that the lead checks")
    if agency.guardian_body is not None and agency.guardian_body not in known:
        yield _fault(f"{place}.guardian_body", "is no body of the directory; enter that one first")
    purposes = ("*", *shapes["purpose"].words)
    for purpose, basis in agency.bases.items():
        if purpose not in purposes:
            yield _fault(f"{place}.bases", f"names must be of: {', '.join(purposes)}")
        for name in ("article_6", "article_9", "schedule_1"):
            words = shapes[f"legal.{name}"].words
            if getattr(basis, name) not in words:
                yield _fault(f"{place}.bases.{name}", f"must be one of: {', '.join(words)}")


def _of_mailbox(
    mailbox: Mailbox, kinds: dict[AgencyId, str], register: MailRegister
) -> Iterator[Fault]:
    place = f"mailboxes.{mailbox.id}"
    kind = kinds.get(mailbox.agency, "")
    if mailbox.telephone and (problem := _telephone_problem(mailbox.telephone)) is not None:
        yield _fault(f"{place}.telephone", problem)
    kept_as = mailbox.listing.kept_as
    if kept_as is not None and rules_word(Function(kept_as)) != mailbox.function:
        yield _fault(f"{place}.function", f"must be {rules_word(Function(kept_as))} for {kept_as}")
    if not mailbox.address:
        return
    host = mailbox.address.rpartition("@")[2].casefold()
    if host in PUBLIC_PROVIDERS:
        if kind in OFFICIAL:
            yield _fault(f"{place}.address", f"is at a public provider, where no {kind} body is")
        elif mailbox.type != "personal-webmail":
            yield _fault(f"{place}.type", "must be personal-webmail at a public provider")
    elif mail_verdict(mailbox.address, register).verdict is not Verdict.SECURE:
        yield from _of_host(host, kind, f"{place}.address")


def _of_host(host: str, kind: str, place: str) -> Iterator[Fault]:
    if kind == "police" and not _is_under(host, _POLICE_SUFFIXES):
        yield _fault(place, f"is not under {' or '.join(_POLICE_SUFFIXES)}, as police mail is")
        return
    look = host.translate(_LOOK).replace("rn", "m").replace("vv", "w")
    imitated = [
        suffix
        for suffix in _SUFFIXES
        if suffix.translate(_LOOK) in look and not _is_under(host, (suffix,))
    ]
    if imitated:
        yield _fault(place, f"looks like {imitated[0]} and is not; ask for it by telephone")


def _telephone_problem(telephone: str) -> str | None:
    national = digits_of(telephone)
    if national in _SHORT:
        return "is a number for everybody; give the team's own"
    if _COSTLY.match(national):
        return "is a premium, service or personal number; give an ordinary one"
    if len(national.strip("+")) < _FEWEST_DIGITS:
        return "has fewer than 10 digits; give it with its area code"
    return None


def _is_under(host: str, suffixes: Iterable[str]) -> bool:
    return any(host == suffix or host.endswith(f".{suffix}") for suffix in suffixes)


def _fault(place: str, problem: str) -> Fault:
    return Fault(place=place, problem=problem)
