r"""Trust policies: whose signatures make a checkpoint count (https://c2sp.org/tlog-policy).

>>> policy = TrustPolicy.parse(
...     b"log example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n"
...     b"quorum none\n"
... )
>>> [log.name for log in policy.logs], policy.quorum
(['example.com/foo'], 'none')
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from audit.errors import LedgerError, MalformedPolicyError, SignatureRefusedError
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.signed_checkpoint import SignedCheckpoint, read_checkpoint
from audit.format.notes.verifier_key import VerifierKey

MAX_POLICY_BYTES: Final = 1_000_000
NO_QUORUM: Final = "none"

_REFUSED_BYTES = re.compile(rb"[^\t\n -~\x80-\xff]")
_DECIMAL = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Counts as having witnessed once `threshold` of its members have."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustPolicy:
    """Logs, witnesses and groups of them by name, and the name of whoever must have witnessed."""

    logs: tuple[VerifierKey, ...]
    witnesses: Mapping[str, VerifierKey]
    groups: Mapping[str, Group]
    quorum: str

    @classmethod
    def parse(cls, policy: bytes) -> Self:
        """Return the policy of a file's bytes, or raise `MalformedPolicyError` naming the line."""
        if len(policy) > MAX_POLICY_BYTES or _REFUSED_BYTES.search(policy):
            raise MalformedPolicyError(
                "The trust policy is too long, or holds a control character such as a carriage "
                "return. Write it as plain lines."
            )
        draft = _Draft()
        # Names are compared octet by octet, which this keeps even where they are not UTF-8.
        lines = policy.decode("utf-8", "surrogateescape").split("\n")
        for number, line in enumerate(lines, start=1):
            words = line.replace("\t", " ").split(" ")
            draft.read(number, [word for word in words if word])
        if draft.quorum is None:
            raise MalformedPolicyError(
                "The trust policy has no quorum line, which says who must have "
                "witnessed. Where nobody need have, add the line: quorum none"
            )
        return cls(
            logs=tuple(draft.logs),
            witnesses=draft.witnesses,
            groups=draft.groups,
            quorum=draft.quorum,
        )

    def open_checkpoint(self, note: bytes) -> Checkpoint:
        """Return the checkpoint; raises as `read_checkpoint` does."""
        return self.read_checkpoint(note).checkpoint

    def read_checkpoint(self, note: bytes, *others: VerifierKey) -> SignedCheckpoint:
        """Return the checkpoint if a log of this policy signed it and the quorum witnessed it.

        `others` are keys that a log may have signed with besides; whether they may be believed
        is for `check_succession`. Raises `MalformedNoteError` or `SignatureRefusedError`.
        """
        signed = read_checkpoint(note, (*self.logs, *others), self.witnesses.values())
        if self.quorum != NO_QUORUM and not self._has_witnessed(self.quorum, signed.witnesses):
            raise SignatureRefusedError(
                "Too few witnesses have signed the checkpoint for the quorum of the trust policy."
            )
        return signed

    def _has_witnessed(self, name: str, signers: frozenset[VerifierKey]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return self.witnesses[name] in signers
        votes = sum(self._has_witnessed(member, signers) for member in group.members)
        return votes >= group.threshold


def policy_of(logs: Iterable[VerifierKey]) -> str:
    """Return the file of a policy that trusts `logs` and asks for no witness."""
    return "".join(f"log {key}\n" for key in logs) + f"quorum {NO_QUORUM}\n"


@dataclass(slots=True)
class _Draft:
    logs: list[VerifierKey] = field(default_factory=list[VerifierKey])
    witnesses: dict[str, VerifierKey] = field(default_factory=dict[str, VerifierKey])
    groups: dict[str, Group] = field(default_factory=dict[str, Group])
    members: set[str] = field(default_factory=set[str])
    quorum: str | None = None

    def read(self, number: int, words: list[str]) -> None:
        try:
            match words:
                case []:
                    pass
                case [first, *_] if first.startswith("#"):
                    pass
                case ["log", vkey] | ["log", vkey, _]:
                    self._add_log(vkey)
                case ["witness", name, vkey] | ["witness", name, vkey, _]:
                    self._add_witness(name, vkey)
                case ["group", name, threshold, *members]:
                    self._add_group(name, threshold, tuple(members))
                case ["quorum", name]:
                    self._set_quorum(name)
                case [vkey] if "+" in vkey:
                    raise MalformedPolicyError(
                        "it is a verifier key alone. Write before it what it is the key of: "
                        "log, or witness and a name"
                    )
                case _:
                    raise MalformedPolicyError("it is no log, witness, group or quorum line")
        except LedgerError as error:
            raise MalformedPolicyError(
                f"Line {number} of the trust policy cannot be used: {error}"
            ) from error

    def _add_log(self, vkey: str) -> None:
        key = VerifierKey.parse(vkey)
        if not key.fits_a_log:
            raise MalformedPolicyError("a log's key is of type 1 or 6")
        self._check_once(key, self.logs)
        self.logs.append(key)

    def _add_witness(self, name: str, vkey: str) -> None:
        self._check_new(name)
        key = VerifierKey.parse(vkey)
        if not key.fits_a_witness:
            raise MalformedPolicyError("a witness's key is of type 4 or 6")
        self._check_once(key, self.witnesses.values())
        self.witnesses[name] = key

    def _add_group(self, name: str, threshold: str, members: tuple[str, ...]) -> None:
        self._check_new(name)
        for member in members:
            self._check_defined(member)
            if member in self.members:
                raise MalformedPolicyError("a name is a member twice")
            self.members.add(member)
        count = len(members) if threshold == "all" else 1 if threshold == "any" else 0
        if _DECIMAL.fullmatch(threshold):
            count = int(threshold)
        if not 1 <= count <= len(members):
            raise MalformedPolicyError("the group's threshold is not all, any or 1 to its size")
        self.groups[name] = Group(threshold=count, members=members)

    def _set_quorum(self, name: str) -> None:
        if self.quorum is not None:
            raise MalformedPolicyError("there is a second quorum line")
        if name != NO_QUORUM:
            self._check_defined(name)
        self.quorum = name

    @staticmethod
    def _check_once(key: VerifierKey, others: Iterable[VerifierKey]) -> None:
        """Refuse a key that stands there already, also under another name (tlog-policy)."""
        if any(key.public_key == other.public_key for other in others):
            raise MalformedPolicyError("the same public key stands on another such line")

    def _check_new(self, name: str) -> None:
        if name == NO_QUORUM or name in self.witnesses or name in self.groups:
            raise MalformedPolicyError("the name is taken")

    def _check_defined(self, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise MalformedPolicyError("a name is used that no line before defines")
