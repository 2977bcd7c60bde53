"""Events of the installation itself: its log, keys, rules, tokens, directory and clock."""

from dataclasses import dataclass
from typing import ClassVar

from audit.format import field_kinds as kinds
from audit.format.event_types import RecordedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOpened(RecordedEvent):
    """The log begins; always entry 0, and only there."""

    type_name: ClassVar[str] = "log.open"
    origin: kinds.Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyActivated(RecordedEvent):
    """A rulebook comes into force."""

    type_name: ClassVar[str] = "policy.activate"
    rulebook: kinds.RulebookId
    engine: kinds.Version
    by: kinds.OpaqueId | None = None
    second: kinds.OpaqueId | None = None
    until: kinds.Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyExpired(RecordedEvent):
    """The day until which a rulebook was put in force has passed."""

    type_name: ClassVar[str] = "policy.expire"
    rulebook: kinds.RulebookId
    until: kinds.Day


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAdded(RecordedEvent):
    """A signing key comes into use."""

    type_name: ClassVar[str] = "key.add"
    purpose: kinds.KeyPurpose
    key: kinds.KeyId
    vkey: kinds.VerifierKeyText | None = None
    after: kinds.VerifierKeyText | None = None
    by: kinds.OpaqueId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRetired(RecordedEvent):
    """A signing key that another followed is used no more."""

    type_name: ClassVar[str] = "key.retire"
    purpose: kinds.KeyPurpose
    key: kinds.KeyId
    why: kinds.KeyEnd
    vkey: kinds.VerifierKeyText | None = None
    by: kinds.OpaqueId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenIssued(RecordedEvent):
    """A bearer token was handed out."""

    type_name: ClassVar[str] = "token.issued"
    by: kinds.OpaqueId
    person: kinds.OpaqueId
    agency: kinds.OpaqueId
    role: kinds.RoleName
    token: kinds.TokenId
    seconds: kinds.Count


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChanged(RecordedEvent):
    """What is said of the row that changed; without an authenticator the row is gone."""

    row: kinds.RowName | None = None
    row_mac: kinds.Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryChanged(RowChanged):
    """Somebody added, changed, verified or retired an entry of the directory."""

    type_name: ClassVar[str] = "directory.changed"
    by: kinds.OpaqueId
    entry: kinds.OpaqueId
    what: kinds.DirectoryChange


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsSealed(RowChanged):
    """Two people let a row count that was there before entries named rows."""

    type_name: ClassVar[str] = "rows.sealed"
    by: kinds.OpaqueId
    second: kinds.OpaqueId


@dataclass(frozen=True, slots=True, kw_only=True)
class Alive(RecordedEvent):
    """A gateway serves; once a day, so that silence can be told apart."""

    type_name: ClassVar[str] = "alive"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildRun(RecordedEvent):
    """A gateway serves from now on under another build than before."""

    type_name: ClassVar[str] = "build.run"
    build: kinds.Sha256
    by: kinds.OpaqueId


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockConfirmed(RecordedEvent):
    """A person confirmed the day, after the clock stood far from the entry before."""

    type_name: ClassVar[str] = "clock.confirmed"
    by: kinds.OpaqueId
    day: kinds.Day


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRestored(RecordedEvent):
    """Two people put the database back from a backup; the log goes on under another name."""

    type_name: ClassVar[str] = "restored"
    by: kinds.OpaqueId
    second: kinds.OpaqueId
    size: kinds.Count
    root: kinds.Sha256
    origin: kinds.Origin
    vkey: kinds.VerifierKeyText


@dataclass(frozen=True, slots=True, kw_only=True)
class StoresConfirmed(RecordedEvent):
    """Two people said which store is true, where those in older were older than the rest."""

    type_name: ClassVar[str] = "stores.confirmed"
    by: kinds.OpaqueId
    second: kinds.OpaqueId
    older: kinds.StoreList
    size: kinds.Count
    root: kinds.Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class KeystoreChanged(RecordedEvent):
    """The keys in the keystore changed; epoch counts how often, so that an older one is known."""

    type_name: ClassVar[str] = "keystore.changed"
    epoch: kinds.Count
    by: kinds.OpaqueId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsSetAside(RecordedEvent):
    """Two people took away rows that the broker had not written, and kept them as evidence."""

    type_name: ClassVar[str] = "foreign"
    by: kinds.OpaqueId
    second: kinds.OpaqueId
    count: kinds.Count
    sha256: kinds.Sha256
