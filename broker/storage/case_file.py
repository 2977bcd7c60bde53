"""What is about the person, encrypted under the key of its case and bound to its place."""

import json
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from audit.format.commitment import commit
from broker.domain.guardians.settling import Settlement, settled
from broker.domain.json_values import as_object, text
from broker.domain.model import Disclosure, Pack
from broker.domain.references import Reference
from broker.storage.case_fields import CaseFields
from broker.storage.disclosures import Store
from keys import (
    CannotOpenError,
    CaseKey,
    FieldName,
    KeyErasedError,
    Keystore,
    Place,
    open_field,
    seal_field,
)

_FIRST: Final = 1
_WITH_KEY_OF_ITS_OWN: Final = 2
"""The version of a field that goes before its case, sealed by a key that is destroyed with it."""


class Part(StrEnum):
    """The parts of a case file; the words are in each row and in what binds its ciphertext."""

    PACK = "pack"
    RECORD = "record"
    SEALED = "sealed"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a part, not a secret
    FACTS = "facts"
    RECIPIENT = "recipient"
    DECISION = "decision"
    RELEASE = "release"
    WITHHELD = "withheld"
    FINDINGS = "findings"
    OBLIGATIONS = "obligations"
    UNPERFORMED = "unperformed"
    QUESTION = "question"
    REPLY = "reply"
    REVIEW = "review"
    RETROSPECTIVE = "hindsight"
    WHY_TOLD_AGAIN = "why"
    SPOKEN_TO = "spoken"
    WHY_RECALLED = "stop"
    OF_A_DUTY = "duty"
    WHY_HELD = "hold"
    ADVICE_ASKED = "advice"
    ADVICE_GIVEN = "advice-given"
    WHY_CALLED_BACK = "call-back"
    WHY_RESENT = "resent"
    HAND_RECEIPT = "hand"
    COPY = "copy"
    PANEL_COPY = "panel-copy"
    DISPUTE = "dispute"
    ANSWER_HINDSIGHT = "answer-hindsight"
    PAGE = "page"
    PAGE_SECRET = "page-secret"  # noqa: S105 - the name of a part, not a secret
    PAGE_READER = "page-reader"
    PAGE_REPLY = "page-reply"
    PASSED_ON = "passed-on"

    def numbered(self, number: int) -> str:
        """Return the name of the part's copy `number`, counted from 1."""
        return f"{self}/{number}"

    def about(self, what: str) -> str:
        """Return the name of the part's copy about `what`, a code of ours."""
        return f"{self}/{what}"

    def at_random(self) -> str:
        """Return a name for a copy that nothing counts."""
        return f"{self}/{secrets.token_hex(4)}"


FOUND = (Part.RELEASE, Part.WITHHELD, Part.FINDINGS, Part.OBLIGATIONS, Part.UNPERFORMED)
"""What a decision found, in codes: parts of their own, since they may outlast a case's words."""


def passphrase_of(disclosure: Disclosure) -> FieldName:
    """Return by which name the keystore has the key of a disclosure's passphrase."""
    return FieldName(case=disclosure.case, field=f"{disclosure.reference}/{Part.PASSPHRASE}")


def copies_of(disclosure: Disclosure) -> FieldName:
    """Return by which name the keystore has the key of what a panel pack's copies show."""
    return FieldName(case=disclosure.case, field=f"{disclosure.reference}/{Part.PANEL_COPY}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cabinet:
    """Where a transaction keeps case files: their rows, and their keys.

    `committed` gives the names of the fields of a disclosure that the ledger says are kept.
    `doomed` gathers the keys that are to be destroyed once the transaction has committed.
    """

    store: Store
    fields: CaseFields
    keystore: Keystore
    committed: Callable[[Reference], Collection[str]]
    doomed: list[FieldName]


class CaseFile:
    """The encrypted fields of one disclosure, inside the caller's transaction.

    A field is bound to its case, its disclosure, its name and its version: a row that is moved,
    swapped or put back from an older backup does not open, and one that was taken away is missed.
    Readers raise `CannotOpenError` where a field was tampered with or is gone although the ledger
    commits to it, `UnknownKeyError` or `KeyErasedError` where the case was erased.
    """

    def __init__(
        self, cabinet: Cabinet, disclosure: Disclosure, key: CaseKey | None = None
    ) -> None:
        """Work on one disclosure; its key is taken from the keystore when it is first needed."""
        self.disclosure = disclosure
        self._cabinet = cabinet
        self._fields = cabinet.fields
        self._keystore = cabinet.keystore
        self._key = key
        self._ahead: dict[str, tuple[int, bytes] | None] = {}

    # What was submitted and decided

    def keep_pack(self, pack: Pack) -> str:
        """Keep the pack and return the commitment to it."""
        return self.commit(Part.PACK, pack.document())

    def pack(self) -> Pack:
        """Return the pack as it was submitted, with what its sender's replies settled since."""
        pack = self.submitted()
        for name in self._replies():
            pack = settled(pack, Settlement.of_document(self._committed(name)))
        return pack

    def submitted(self) -> Pack:
        """Return the pack as it was submitted, whatever was replied since."""
        return Pack.of_document(self._committed(Part.PACK))

    def _replies(self) -> list[str]:
        """Return the names of the replies that the ledger says were given, the first first."""
        names = self._committed_to()
        asked = sum(name.startswith(f"{Part.QUESTION}/") for name in names)
        replies = map(Part.REPLY.numbered, range(1, asked + 1))
        return [name for name in replies if name in names]

    def keep_decision(self, number: int, judged: Mapping[Part, object]) -> Mapping[Part, str]:
        """Keep each part of decision `number`; return the commitments that the ledger holds."""
        made = {part: _opening(part.numbered(number), value) for part, value in judged.items()}
        self.put_all({part.numbered(number): kept for part, (kept, _) in made.items()})
        return {part: committed for part, (_, committed) in made.items()}

    def facts(self, number: int | None = None) -> dict[str, object]:
        """Return the facts of decision `number`, the newest unless told."""
        return as_object(self._committed(self._of_decision(Part.FACTS, number)))

    def decision(self, number: int | None = None) -> dict[str, object]:
        """Return the answer of decision `number`, the newest unless told."""
        return as_object(self._committed(self._of_decision(Part.DECISION, number)))

    # What was sealed

    def keep_sealed(self, *, record: bytes, sealed: bytes, passphrase: str, now: datetime) -> None:
        """Keep the record copy, the sealed pack and the words that open it.

        The words get a key of their own, durable before the database commits what it sealed.
        """
        self.put(Part.RECORD, record)
        self.put(Part.SEALED, sealed)
        key = self._keystore.make_field_key(self._passphrase_name(), now)
        words = seal_field(key, passphrase.encode("ascii"), self._passphrase_place())
        self._fields.put(self.disclosure, Part.PASSPHRASE, _WITH_KEY_OF_ITS_OWN, words)

    def sealed(self) -> bytes | None:
        """Return the sealed pack, None before it was sealed."""
        return self.get(Part.SEALED)

    def passphrase(self) -> str | None:
        """Return the words that open the sealed pack, None before it was sealed and once gone.

        Raises `CannotOpenError` where words stand there whose key was destroyed: a row put back.
        """
        held = self._fields.find(self.disclosure, Part.PASSPHRASE)
        if held is None:
            return None
        try:
            key = self._keystore.field_key(self._passphrase_name())
        except KeyErasedError as error:
            raise CannotOpenError from error
        return open_field(key, held[1], self._passphrase_place()).decode("ascii")

    def destroy_passphrase(self) -> None:
        """Forget the words that open the sealed pack; their key goes after the commit.

        It goes even where there is no row: somebody may hold that, to put it back.
        """
        self._fields.drop(self.disclosure, Part.PASSPHRASE)
        self._cabinet.doomed.append(self._passphrase_name())

    def give_passphrase_its_key(self, now: datetime) -> None:
        """Seal words that an earlier release sealed by the case's key; may be repeated."""
        held = self._fields.find(self.disclosure, Part.PASSPHRASE)
        if held is None or held[0] != _FIRST:
            return
        words = open_field(self._case_key(), held[1], self._place(Part.PASSPHRASE, _FIRST))
        key = self._keystore.make_field_key(self._passphrase_name(), now)
        self._fields.drop(self.disclosure, Part.PASSPHRASE)
        anew = seal_field(key, words, self._passphrase_place())
        self._fields.put(self.disclosure, Part.PASSPHRASE, _WITH_KEY_OF_ITS_OWN, anew)

    # What a panel's members open, until the day after their meeting

    def keep_copy(self, blocks: object, now: datetime) -> None:
        """Keep what copies of a panel's pack show, under a key that goes with their day.

        The key is durable before the database commits what it sealed.
        """
        key = self._keystore.make_field_key(copies_of(self.disclosure), now)
        content = json.dumps(blocks, ensure_ascii=False).encode()
        place = self._place(Part.PANEL_COPY, _WITH_KEY_OF_ITS_OWN)
        sealed = seal_field(key, content, place)
        self._fields.put(self.disclosure, Part.PANEL_COPY, _WITH_KEY_OF_ITS_OWN, sealed)

    def panel_copy(self) -> object | None:
        """Return what copies of a panel's pack show, None where there is nothing (any more).

        Raises `KeyErasedError` where it stands there and its key was destroyed: a row put back.
        """
        held = self._fields.find(self.disclosure, Part.PANEL_COPY)
        if held is None:
            return None
        key = self._keystore.field_key(copies_of(self.disclosure))
        place = self._place(Part.PANEL_COPY, _WITH_KEY_OF_ITS_OWN)
        blocks: object = json.loads(open_field(key, held[1], place))
        return blocks

    def destroy_copies(self) -> None:
        """Forget what copies of a panel's pack show; the key goes after the commit."""
        self._fields.drop(self.disclosure, Part.PANEL_COPY)
        self._cabinet.doomed.append(copies_of(self.disclosure))

    # Fields in general

    def put(self, name: str, content: bytes) -> None:
        """Encrypt and keep a field for the first time."""
        self.put_all({name: content})

    def read_ahead(self, *names: str) -> None:
        """Read fields at once that will be asked for; each is opened when it is."""
        found = self._fields.some(self.disclosure, names)
        self._ahead |= {name: found.get(name) for name in names}

    def drop(self, name: str) -> None:
        """Forget a field, where there is one."""
        self._ahead.pop(name, None)
        self._fields.drop(self.disclosure, name)

    def get(self, name: str) -> bytes | None:
        """Return the content of a field, or None where there is none (any more)."""
        is_ahead = name in self._ahead
        held = self._ahead[name] if is_ahead else self._fields.find(self.disclosure, name)
        if held is None:
            return None
        version, sealed = held
        return open_field(self._case_key(), sealed, self._place(name, version))

    def commit(self, name: str, value: object) -> str:
        """Keep a JSON value with a fresh salt, and return the commitment that the ledger may hold.

        What is kept is the opening: a court that is given it can check it against the ledger.
        """
        kept, committed = _opening(name, value)
        self.put(name, kept)
        return committed

    def found(self, name: str) -> object | None:
        """Return a value kept by `commit`, or None if there is none, and never was."""
        opening = self.get(name)
        if opening is None:
            if name in self._committed_to():
                raise CannotOpenError
            return None
        value: object = json.loads(opening)["value"]
        return value

    def fields(self) -> list[str]:
        """Return the names of the fields that are kept."""
        return self._fields.names(self.disclosure)

    def opening(self, name: str) -> tuple[object, bytes]:
        """Return value and salt of what `commit` keeps."""
        value = self._committed(name)
        opening = as_object(json.loads(self.get(name) or b"{}"))
        return value, bytes.fromhex(text(opening["salt"]))

    def put_all(self, contents: Mapping[str, bytes]) -> None:
        """Encrypt and keep fields for the first time, in one statement."""
        key = self._case_key()
        sealed = {
            name: seal_field(key, content, self._place(name, _FIRST))
            for name, content in contents.items()
        }
        self._fields.put_all(self.disclosure, _FIRST, sealed)
        for name in sealed:
            self._ahead.pop(name, None)

    def _committed(self, name: str) -> object:
        value = self.found(name)
        if value is None:
            # The case may have been erased since the disclosure was read.
            if self._cabinet.store.is_erased(self.disclosure.case):
                raise KeyErasedError
            raise KeyError(name)
        return value

    def _committed_to(self) -> Collection[str]:
        return self._cabinet.committed(self.disclosure.reference)

    def _of_decision(self, part: Part, number: int | None) -> str:
        return part.numbered(number or self.disclosure.decision_number)

    def _case_key(self) -> CaseKey:
        if self._key is None:
            self._key = self._keystore.case_key(self.disclosure.case)
        return self._key

    def _passphrase_name(self) -> FieldName:
        return passphrase_of(self.disclosure)

    def _passphrase_place(self) -> Place:
        return self._place(Part.PASSPHRASE, _WITH_KEY_OF_ITS_OWN)

    def _place(self, name: str, version: int) -> Place:
        return Place(
            case=self.disclosure.case,
            field=f"{self.disclosure.reference}/{name}",
            version=version,
        )


def _opening(name: str, value: object) -> tuple[bytes, str]:
    """Return what is kept of a value with a fresh salt, and the commitment to it."""
    salt = secrets.token_bytes(32)
    kept = {"salt": salt.hex(), "value": value}
    return json.dumps(kept, ensure_ascii=False).encode(), commit(name, value, salt)
