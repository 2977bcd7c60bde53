"""Earlier concerns: two blind indexes, looked up once for each submission by its own body.

One index is under the body that entered a concern, over what its people wrote; the other under the
body that received it, over what was released to it. Equal people in two bodies give different
digests. What matches is a list for people, never a number about a person.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from audit.log.known import CASE, REF, Known
from broker.domain.cases.earlier import NO_CONCERNS, Call, Match, Side
from broker.domain.cases.likeness import MarkKind, marks_of
from broker.domain.concerns.concerns import Concern
from broker.domain.facts import Earlier
from broker.domain.judgement import JudgementRequest
from broker.domain.model import Approval, Disclosure
from broker.domain.references import Reference, parse_any_reference
from broker.domain.times import moment_of
from broker.storage.rows.indexes.earlier import StoredMark
from broker.storage.rows.indexes.marked import ends_memory, marked_by
from broker.storage.transaction import Transaction
from keys import AgencyId, CaseId, IndexKey, IndexPurpose, Keystore, PersonId

EDITION: Final = 1
"""The edition of what is looked up and how names are compared; a new one asks for a reindex."""

_READ: Final = "read"
_NOTED: Final = "concern.noted"
_CHECKED: Final = "concern.checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierIndex:
    """Marks what was entered and received, and looks it up; works in the caller's transaction."""

    identifiers: IndexKey
    look_alikes: IndexKey

    @classmethod
    def of(cls, keystore: Keystore) -> Self:
        """Return the indexes that the keystore of an installation keys."""
        return cls(
            identifiers=keystore.index_key(IndexPurpose.IDENTIFIERS),
            look_alikes=keystore.index_key(IndexPurpose.LOOK_ALIKES),
        )

    def __call__(
        self, tx: Transaction, asked: JudgementRequest, approval: Approval | None
    ) -> Earlier:
        """Return what the sender's own body knows of earlier concerns about the person."""
        body, case = asked.person.agency, asked.pack.case
        marks = self.marks(body, Side.ENTERED, asked.pack.form)
        names = _names(tx, case, asked.about)
        # Nobody can have confirmed a look-alike of what has no reference yet, so none counts.
        called = {*MarkKind} if names else {MarkKind.EXACT}
        digests = {one.digest for one in marks if one.kind in called}
        found = [
            one
            for one in self._matches(tx, body, digests, names)
            if one.counts and one.case != case
        ]
        readers = {asked.person.id, *(() if approval is None else (approval.approver,))}
        if case is not None:
            readers |= _checkers(tx, case)
        return Earlier(concerns=len(found), seen=_seen(tx, found, readers), was_looked_up=True)

    def marks(self, body: AgencyId, side: Side, form: Mapping[str, str]) -> frozenset[StoredMark]:
        """Return the digests of what is looked up in a form, under one body's index."""
        keys = {MarkKind.EXACT: self.identifiers, MarkKind.ALIKE: self.look_alikes}
        return frozenset(
            StoredMark(
                digest=keys[mark.kind].digest(
                    f"{body}\0{side.value}\0{mark.what}\0{mark.value}".encode()
                ),
                kind=mark.kind,
            )
            for mark in marks_of(form)
        )

    def note_entered(
        self, tx: Transaction, disclosure: Disclosure, form: Mapping[str, str]
    ) -> str | None:
        """Mark what a body entered, where it is about a concern; return what its event says."""
        if disclosure.purpose in NO_CONCERNS:
            return None
        marks = self.marks(disclosure.sender, Side.ENTERED, form)
        return tx.earlier.put(disclosure.reference, disclosure.case, Side.ENTERED, marks, EDITION)

    def note_concern(self, tx: Transaction, concern: Concern, form: Mapping[str, str]) -> str:
        """Mark what somebody was asked about, by a form that is empty where it was sent.

        What was sent is marked itself, and counts once. Returns as `note_entered`.
        """
        marks = self.marks(concern.agency, Side.ENTERED, form)
        return tx.earlier.put(concern.reference, concern.case, Side.ENTERED, marks, EDITION)

    def note_received(
        self, tx: Transaction, disclosure: Disclosure, body: AgencyId, released: Mapping[str, str]
    ) -> str | None:
        """Mark what is released to a body, and nothing else of the form; as `note_entered`."""
        if disclosure.purpose in NO_CONCERNS:
            return None
        marks = self.marks(body, Side.RECEIVED, released)
        return tx.earlier.put(disclosure.reference, disclosure.case, Side.RECEIVED, marks, EDITION)

    def before(
        self, tx: Transaction, body: AgencyId, disclosure: Disclosure, side: Side
    ) -> tuple[Match, ...]:
        """Return what a body knows from before a disclosure, the newest first, on one side.

        Raises `RowDisagreesError` where its marks are not those that its entries vouch for.
        """
        digests = {mark.digest for mark in marks_on(tx, disclosure, side)}
        names = _names(tx, disclosure.case, disclosure.reference)
        found = self._matches(tx, body, digests, names)
        began = tx.about(disclosure.reference)[0].seq
        return tuple(one for one in found if one.case != disclosure.case and one.number < began)

    def known_of(
        self, tx: Transaction, concern: Concern, form: Mapping[str, str]
    ) -> tuple[Match, ...]:
        """Return what a body knows about the person of a form outside a concern's case by now.

        The newest first: what came while it is checked too.
        """
        digests = {one.digest for one in self.marks(concern.agency, Side.ENTERED, form)}
        found = self._matches(tx, concern.agency, digests, (concern.reference,))
        return tuple(one for one in found if one.case != concern.case)

    def _matches(
        self, tx: Transaction, body: AgencyId, digests: Iterable[bytes], names: Sequence[Reference]
    ) -> tuple[Match, ...]:
        """Return what bears a digest and is none of `names`, by which somebody calls it."""
        own = frozenset(map(str, names))
        kinds = defaultdict[tuple[str, CaseId], set[MarkKind]](set)
        for found in tx.earlier.bearing(digests):
            if found.reference not in own:
                kinds[found.reference, found.case].add(found.kind)
        if not kinds:
            return ()
        # Asked once: what the ledger knows is the same for every match.
        known = tx.known()
        matches: list[Match] = []
        for (reference, case), found_as in kinds.items():
            entries = known.about(REF, reference)
            if entries and not _is_forgotten(known, case):
                other = parse_any_reference(reference)
                match = Match(
                    reference=other,
                    case=case,
                    kind=MarkKind.EXACT if MarkKind.EXACT in found_as else MarkKind.ALIKE,
                    call=_call_on(tx, body, names, _names(tx, case, other)),
                    at=moment_of(entries[0].moment),
                    number=entries[0].seq,
                )
                matches.append(match)
        return tuple(sorted(matches, key=lambda one: one.number, reverse=True))


def _names(
    tx: Transaction, case: CaseId | None, reference: Reference | None
) -> tuple[Reference, ...]:
    """Return by what people call something: its own reference, then that of its concern.

    What was said while it was a concern holds for what was sent of it.
    """
    own = () if reference is None else (reference,)
    if case is None:
        return own
    noted = (one for one in tx.known().about(CASE, case) if one.type == _NOTED)
    concerns = (parse_any_reference(str(one.reference)) for one in noted)
    return (*own, *(one for one in concerns if one != reference))


def _call_on(
    tx: Transaction, body: AgencyId, names: Sequence[Reference], others: Sequence[Reference]
) -> Call | None:
    """Return what a body says of two, what was said of their own references before the rest."""
    pairs = ((str(one), str(other)) for one in names for other in others)
    return next(filter(None, (tx.earlier.call_on(body, *pair) for pair in pairs)), None)


def marks_on(tx: Transaction, disclosure: Disclosure, side: Side) -> tuple[StoredMark, ...]:
    """Return by what a disclosure is found on one side; raises `RowDisagreesError`."""
    about = tx.about(disclosure.reference)
    heard = () if _is_forgotten(tx.known(), disclosure.case) else about
    return tx.earlier.of(disclosure.reference, side, marked_by(heard).get(side))


def _is_forgotten(known: Known, case: CaseId) -> bool:
    """Say whether somebody put marks back that went with their case or its memory."""
    return any(ends_memory(entry.event) for entry in known.about(CASE, case))


def _checkers(tx: Transaction, case: CaseId) -> set[PersonId]:
    entries = tx.known().about(CASE, case)
    return {PersonId(str(entry.event["by"])) for entry in entries if entry.type == _CHECKED}


def _seen(tx: Transaction, found: Sequence[Match], readers: set[PersonId]) -> str:
    if not found:
        return "not-applicable"
    return "yes" if all(is_read(tx, one, readers) for one in found) else "no"


def is_read(tx: Transaction, match: Match, readers: Collection[PersonId]) -> bool:
    """Say whether one of those who decide was given an earlier concern to read."""
    entries = tx.about(match.reference)
    return any(entry.type == _READ and entry.event["by"] in readers for entry in entries)
