"""How mail to an address may travel: the verdict that the rule R33 reads.

The text is judged as given; nothing is trimmed, repaired or decoded. Labels are compared from
the right, and of the entries that cover the host the one with most labels decides.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from importlib.resources import files
from typing import Final, assert_never

from email_validator import EmailNotValidError, validate_email

from policies.errors import RegisterError
from policies.reading.strict_toml import Faults, Section, Source, parse_source, top

MAIL_REGISTER: Final = "registers/mail.toml"
_LONGEST_LOCAL_PART: Final = 64  # RFC 5321, 4.5.3.1.1
_LONGEST_ADDRESS: Final = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets
_PRINTABLE: Final = re.compile(r"[!-~]+")
_LOCAL_PART: Final = re.compile(r"[A-Za-z0-9._'+-]+")
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,}")


class Verdict(StrEnum):
    """What may be done with an address."""

    SECURE = "secure"
    SEAL = "seal"
    RETIRED = "retired"
    HOLD = "hold"
    REJECT = "reject"


class Covers(StrEnum):
    """Which hosts an entry speaks of."""

    ITSELF = "itself"
    HOSTS_UNDER_IT = "hosts under it"
    BOTH = "itself and hosts under it"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailEntry:
    """One line of the register: a domain, what it covers, the verdict, and why."""

    domain: str
    covers: Covers
    verdict: Verdict
    note: str

    def speaks_of(self, labels: Sequence[str]) -> bool:
        """Say whether a host, as its labels, is covered."""
        own = self.domain.split(".")
        under = len(labels) > len(own) and list(labels[-len(own) :]) == own
        match self.covers:
            case Covers.ITSELF:
                return list(labels) == own
            case Covers.HOSTS_UNDER_IT:
                return under
            case Covers.BOTH:
                return under or list(labels) == own
            case _:
                assert_never(self.covers)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRegister:
    """The domains that the broker knows, and when it was last checked."""

    entries: tuple[MailEntry, ...]
    checked_on: date
    accredited_on: date | None = None

    @classmethod
    def shipped(cls) -> "MailRegister":
        """Return the register of the shipped rulebook, read alone; raise `RulebookError`."""
        faults, path = Faults(), files("policies").joinpath("rulebook", *MAIL_REGISTER.split("/"))
        register = read_mail_register(
            parse_source(MAIL_REGISTER, path.read_bytes(), faults), faults
        )
        faults.raise_any()
        return register

    def with_accredited_hosts(self, lines: Iterable[str], *, listed_on: date) -> "MailRegister":
        """Return a register in which the hosts of the NHS accredited list are secure.

        `lines` is the list as CSV with a column named `domain`; `listed_on` is its own date.
        Raise `RegisterError` naming the line that is no host, or lies under a closed domain.
        """
        accredited = tuple(_accredited(lines, self.entries))
        return replace(self, entries=(*self.entries, *accredited), accredited_on=listed_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailVerdict:
    """The verdict on one address; `rule` is the domain of the entry, or what was wrong."""

    verdict: Verdict
    rule: str
    say: str


def mail_verdict(address: str, register: MailRegister) -> MailVerdict:
    """Return how mail to an address may travel; any text gets a verdict."""
    fault = _fault(address)
    if fault is not None:
        say = f"This address cannot be used: {fault}. Choose it from the directory."
        return MailVerdict(verdict=Verdict.REJECT, rule="malformed", say=say)
    labels = address.rpartition("@")[2].lower().split(".")
    covering = [entry for entry in register.entries if entry.speaks_of(labels)]
    if not covering:
        say = "No entry covers this host: seal the pack and tell the passphrase by telephone."
        return MailVerdict(verdict=Verdict.SEAL, rule="not listed", say=say)
    entry = max(covering, key=lambda entry: len(entry.domain.split(".")))
    return MailVerdict(verdict=entry.verdict, rule=entry.domain, say=entry.note)


def read_mail_register(source: Source, faults: Faults) -> MailRegister:
    """Return the register of a rulebook; each entry must explain its own example address."""
    section = top(source, faults)
    entries = tuple(_entry(inner) for inner in section.sections("entries"))
    register = MailRegister(entries=entries, checked_on=section.day("checked-on"))
    for inner, entry in zip(section.sections("entries"), entries, strict=True):
        _check_example(inner, entry, register)
    section.finish()
    return register


def _check_example(section: Section, entry: MailEntry, register: MailRegister) -> None:
    # The domain stands twice in each entry, so that a slip in one is noticed.
    host = entry.domain if entry.covers is Covers.ITSELF else f"a.{entry.domain}"
    example = section.text("example")
    verdict = mail_verdict(example, register)
    if example != f"x@{host}" or verdict.rule != entry.domain:
        section.fault(f"The example must be x@{host}, and this entry decide on it.", at=example)


def _fault(address: str) -> str | None:
    if not _PRINTABLE.fullmatch(address):
        return "it must be plain letters, digits and signs, without spaces"
    local_part, _, host = address.rpartition("@")
    if len(local_part) > _LONGEST_LOCAL_PART or len(address) > _LONGEST_ADDRESS:
        return "it is longer than mail allows"
    if not _LOCAL_PART.fullmatch(local_part):
        return "the part before the @ holds a sign that is not used in mailboxes"
    labels = host.lower().split(".")
    if "" in labels or any(label.startswith("xn--") for label in labels):
        return "its domain has an empty or an encoded label"
    try:
        validate_email(
            address,
            allow_smtputf8=False,
            allow_quoted_local=False,
            allow_domain_literal=False,
            check_deliverability=False,
        )
    except EmailNotValidError:
        return "it is not a mail address"
    return None


def _entry(section: Section) -> MailEntry:
    section.text("example")
    section.text("source")
    section.optional_day("valid-from")
    section.optional_day("valid-to")
    entry = MailEntry(
        domain=section.text("domain"),
        covers=Covers(section.choice("covers", list(Covers))),
        verdict=Verdict(section.choice("verdict", list(Verdict))),
        note=section.text("note"),
    )
    section.finish()
    return entry


def _accredited(lines: Iterable[str], known: Sequence[MailEntry]) -> Iterator[MailEntry]:
    closed = [entry for entry in known if entry.verdict in {Verdict.RETIRED, Verdict.HOLD}]
    for number, host in _hosts(lines):
        if not _HOST.fullmatch(host):
            raise RegisterError(f"Line {number} of the list names no host; correct it.")
        if any(entry.speaks_of(host.split(".")) for entry in closed):
            raise RegisterError(
                f"Line {number} of the list lies under a closed domain; take it out."
            )
        note = "This host is on the accredited list of the NHS (DCB1596)."
        yield MailEntry(domain=host, covers=Covers.ITSELF, verdict=Verdict.SECURE, note=note)


def _hosts(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    rows = csv.DictReader(lines)
    try:
        if "domain" not in (rows.fieldnames or ()):
            raise RegisterError("The list needs a column named 'domain' in its first line.")
        for row in rows:
            yield rows.line_num, (row["domain"] or "").lower()
    except csv.Error as error:
        text = f"Line {rows.line_num + 1} of the list is not CSV; save the list anew."
        raise RegisterError(text) from error
