"""Proposals and reviews of rules, policies of bodies, notes of supervision: in a transaction.

Each row is believed only as the ledger says. What was said in supervision is sealed.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import Column, LargeBinary, Named, String, Table, Text, TypedColumns

from broker.domain.oversight.records import (
    PolicyDocument,
    ProposalState,
    RuleProposal,
    RuleReview,
    SupervisionNote,
    Trigger,
)
from broker.domain.times import day_text, moment_of, rfc3339
from broker.storage.rows.believed import Register
from broker.storage.rows.register import RegisterRows, RowMark
from broker.storage.tables import metadata
from keys import AgencyId, CaseKey, PersonId, Place, open_field, seal_field


class RuleProposalColumns(TypedColumns):
    """Rules that somebody would put in force, whole, and what another did with that."""

    id: Named[str] = Column(String(64), primary_key=True)
    rulebook: Named[str] = Column(String(71))
    bundle: Named[bytes] = Column(LargeBinary)
    by: Named[str] = Column(String(64))
    agency: Named[str] = Column(String(64))
    role: Named[str] = Column(String(32))
    at: Named[str] = Column(String(32))
    until: Named[str | None] = Column(String(10), nullable=True)
    moves: Named[str] = Column(Text)
    state: Named[str] = Column(String(16))
    settled_by: Named[str | None] = Column(String(64), nullable=True)


rule_proposal = Table("rule_proposal", metadata, RuleProposalColumns)


class RuleReviewColumns(TypedColumns):
    """Reviews of the rules in force."""

    id: Named[str] = Column(String(64), primary_key=True)
    rulebook: Named[str] = Column(String(71))
    by: Named[str] = Column(String(64))
    on_day: Named[str] = Column(String(10))
    due_on: Named[str] = Column(String(10))
    cause: Named[str] = Column(String(32))
    equality_sha256: Named[str | None] = Column(String(64), nullable=True)
    dpia_sha256: Named[str | None] = Column(String(64), nullable=True)


rule_review = Table("rule_review", metadata, RuleReviewColumns)


class PolicyDocumentColumns(TypedColumns):
    """Policies of bodies, each edition a row."""

    id: Named[str] = Column(String(64), primary_key=True)
    agency: Named[str] = Column(String(64))
    title: Named[str] = Column(String(200))
    edition: Named[str] = Column(String(40))
    sha256: Named[str] = Column(String(64))
    signed_by: Named[str] = Column(String(64))
    signed_on: Named[str] = Column(String(10))
    review_on: Named[str] = Column(String(10))


policy_document = Table("policy_document", metadata, PolicyDocumentColumns)


class SupervisionNoteColumns(TypedColumns):
    """Notes of supervision; what was said is sealed."""

    id: Named[str] = Column(String(64), primary_key=True)
    agency: Named[str] = Column(String(64))
    team: Named[str | None] = Column(String(64), nullable=True)
    by: Named[str] = Column(String(64))
    on_day: Named[str] = Column(String(10))
    next_on: Named[str] = Column(String(10))
    words: Named[bytes] = Column(LargeBinary)


supervision_note = Table("supervision_note", metadata, SupervisionNoteColumns)

OVERSIGHT: Final = tuple(
    Register(table=table)
    for table in (rule_proposal, rule_review, policy_document, supervision_note)
)
"""The registers of this wing."""


class OversightRows:
    """Rows of whoever answers for the work; readers raise `RowDisagreesError`."""

    def __init__(self, rows: RegisterRows, key: CaseKey) -> None:
        """Seal what was said by `key`."""
        self._rows = rows
        self._key = key

    def put_proposal(self, found: RuleProposal) -> RowMark:
        """Write a proposal, and return what its event says of the row."""
        return self._rows.put(
            rule_proposal,
            {
                "id": found.id,
                "rulebook": found.rulebook,
                "bundle": found.bundle,
                "by": found.by,
                "agency": found.agency,
                "role": _GUARDIAN if found.by_guardian else _OTHER,
                "at": rfc3339(found.at),
                "until": day_text(found.until),
                "moves": json.dumps(dict(found.moves), sort_keys=True),
                "state": found.state.value,
                "settled_by": found.settled_by,
            },
        )

    def proposal(self, id_: str) -> RuleProposal | None:
        """Return a proposal, None where there is none."""
        row = self._rows.one(rule_proposal, id_)
        return None if row is None else _proposal(row)

    def open_proposals(self) -> tuple[RuleProposal, ...]:
        """Return the proposals that wait for a second person."""
        is_open = rule_proposal.c.state == ProposalState.OPEN.value
        return tuple(map(_proposal, self._rows.find(rule_proposal, is_open)))

    def put_review(self, found: RuleReview) -> RowMark:
        """Write a review, and return what its event says of the row."""
        return self._rows.put(
            rule_review,
            {
                "id": found.id,
                "rulebook": found.rulebook,
                "by": found.by,
                "on_day": found.on.isoformat(),
                "due_on": found.due_on.isoformat(),
                "cause": found.trigger.value,
                "equality_sha256": found.equality_sha256,
                "dpia_sha256": found.dpia_sha256,
            },
        )

    def reviews(self) -> tuple[RuleReview, ...]:
        """Return every review, the newest first."""
        found = map(_review, self._rows.find(rule_review))
        return tuple(sorted(found, key=lambda one: (one.on, one.id), reverse=True))

    def put_document(self, found: PolicyDocument) -> RowMark:
        """Write an edition of a policy, and return what its event says of the row."""
        return self._rows.put(
            policy_document,
            {
                "id": found.id,
                "agency": found.agency,
                "title": found.title,
                "edition": found.edition,
                "sha256": found.sha256,
                "signed_by": found.signed_by,
                "signed_on": found.signed_on.isoformat(),
                "review_on": found.review_on.isoformat(),
            },
        )

    def documents(self, agency: AgencyId) -> tuple[PolicyDocument, ...]:
        """Return the policies of a body, by title, the newest edition first."""
        found = self._rows.find(policy_document, policy_document.c.agency == agency)
        newest_first = sorted(map(_document, found), key=lambda one: one.signed_on, reverse=True)
        return tuple(sorted(newest_first, key=lambda one: one.title.casefold()))

    def put_note(self, found: SupervisionNote) -> RowMark:
        """Write a note, what was said sealed, and return what its event says of the row."""
        words = json.dumps(dict(found.words), sort_keys=True).encode()
        return self._rows.put(
            supervision_note,
            {
                "id": found.id,
                "agency": found.agency,
                "team": found.team,
                "by": found.by,
                "on_day": found.on.isoformat(),
                "next_on": found.next_on.isoformat(),
                "words": seal_field(self._key, words, self._place(found.id)),
            },
        )

    def notes(self, by: PersonId, agency: AgencyId) -> tuple[SupervisionNote, ...]:
        """Return the notes that a supervisor wrote for a body, the newest first."""
        columns = supervision_note.c
        found = self._rows.find(supervision_note, columns.by == by, columns.agency == agency)
        return tuple(sorted(map(self._note, found), key=lambda one: (one.on, one.id))[::-1])

    def _note(self, row: Mapping[str, Any]) -> SupervisionNote:
        words = open_field(self._key, bytes(row["words"]), self._place(row["id"]))
        return SupervisionNote(
            id=row["id"],
            agency=AgencyId(row["agency"]),
            team=row["team"],
            by=PersonId(row["by"]),
            on=date.fromisoformat(row["on_day"]),
            next_on=date.fromisoformat(row["next_on"]),
            words=json.loads(words),
        )

    def _place(self, id_: str) -> Place:
        return Place(case=self._key.case, field=f"supervision-note/{id_}/words", version=1)


_GUARDIAN, _OTHER = "guardian", "other"


def _proposal(row: Mapping[str, Any]) -> RuleProposal:
    settled_by, until = row["settled_by"], row["until"]
    return RuleProposal(
        id=row["id"],
        rulebook=row["rulebook"],
        bundle=bytes(row["bundle"]),
        by=PersonId(row["by"]),
        agency=AgencyId(row["agency"]),
        by_guardian=row["role"] == _GUARDIAN,
        at=moment_of(row["at"]),
        until=None if until is None else date.fromisoformat(until),
        moves=json.loads(row["moves"]),
        state=ProposalState(row["state"]),
        settled_by=None if settled_by is None else PersonId(settled_by),
    )


def _review(row: Mapping[str, Any]) -> RuleReview:
    return RuleReview(
        id=row["id"],
        rulebook=row["rulebook"],
        by=PersonId(row["by"]),
        on=date.fromisoformat(row["on_day"]),
        due_on=date.fromisoformat(row["due_on"]),
        trigger=Trigger(row["cause"]),
        equality_sha256=row["equality_sha256"],
        dpia_sha256=row["dpia_sha256"],
    )


def _document(row: Mapping[str, Any]) -> PolicyDocument:
    return PolicyDocument(
        id=row["id"],
        agency=AgencyId(row["agency"]),
        title=row["title"],
        edition=row["edition"],
        sha256=row["sha256"],
        signed_by=PersonId(row["signed_by"]),
        signed_on=date.fromisoformat(row["signed_on"]),
        review_on=date.fromisoformat(row["review_on"]),
    )
