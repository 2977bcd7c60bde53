"""Agreements to share: entered, seen by a second person, ended, shown as a matrix."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from broker.domain.directory.sharing import (
    Pair,
    SharingAgreement,
    Standing,
    faults_of,
    is_covered,
)
from broker.domain.errors import (
    Fault,
    FaultyDocumentError,
    NotAllowedError,
    UnknownMailboxError,
    WrongStateError,
)
from broker.domain.model import Person
from broker.domain.times import Clock, uk_day
from broker.ledger.changes.between_bodies import sharing_ended, sharing_signed
from broker.storage.transaction import Transaction, Transactions
from keys import AgencyId, PersonId
from policies import Rulebook


def purposes_of(rulebook: Rulebook) -> frozenset[str]:
    """Return the purposes that a rulebook knows."""
    return frozenset(rulebook.vocabulary.shapes["purpose"].words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What two bodies signed, as somebody of one of them enters it."""

    other: AgencyId
    title: str
    purposes: tuple[str, ...]
    names_prevent: bool
    legal_basis: str
    limits: str
    signed_on: date
    review_on: date
    ends_on: date
    sha256: str
    owner: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """With whom a body may share for what today: by the other body, and by purpose."""

    purposes: tuple[str, ...]
    rows: Mapping[AgencyId, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingAgreements:
    """Keeps the agreements of bodies; every method opens its own transaction.

    People see and change the agreements of their own body.
    """

    transaction: Transactions
    clock: Clock

    def listed(self, person: Person) -> tuple[SharingAgreement, ...]:
        """Return the agreements of somebody's body, those that end first at the top."""
        with self.transaction() as tx:
            found = tx.between.agreements(person.agency)
        return tuple(sorted(found, key=lambda one: (one.ended_on is not None, one.ends_on)))

    def enter(self, person: Person, signed: Signed, purposes: frozenset[str]) -> SharingAgreement:
        """Enter an agreement; it counts once somebody else has seen the paper that was signed.

        Raises `FaultyDocumentError` with everything that is wrong.
        """
        new = SharingAgreement(
            id=secrets.token_hex(8),
            pair=Pair.of(person.agency, signed.other),
            title=signed.title.strip(),
            purposes=tuple(sorted(set(signed.purposes))),
            names_prevent=signed.names_prevent,
            legal_basis=signed.legal_basis.strip(),
            limits=signed.limits.strip(),
            signed_on=signed.signed_on,
            review_on=signed.review_on,
            ends_on=signed.ends_on,
            sha256=signed.sha256,
            owner=signed.owner,
            entered_by=person.id,
        )
        faults = faults_of(new, purposes, uk_day(self.clock()))
        with self.transaction() as tx:
            if not _is_known(tx, signed.other):
                unknown = Fault(place="with", problem="is no organisation of the directory")
                faults = (unknown, *faults)
            if faults:
                raise FaultyDocumentError(faults)
            tx.append(sharing_signed(new, person.id, tx.between.put_agreement(new)))
        return new

    def confirm(self, person: Person, id_: str) -> SharingAgreement:
        """Say that one saw the paper that somebody else entered: from now on it counts.

        Raises `WrongStateError`, and `NotAllowedError` for whoever entered it.
        """
        with self.transaction() as tx:
            found = _of_their_body(tx, person, id_)
            if found.confirmed_by is not None or found.ended_on is not None:
                raise WrongStateError("Nobody is asked to look at this agreement any more.")
            if found.entered_by == person.id:
                raise NotAllowedError(
                    "Somebody else looks at the paper that was signed. You entered it."
                )
            after = replace(found, confirmed_by=person.id)
            tx.append(sharing_signed(after, person.id, tx.between.put_agreement(after)))
        return after

    def end(self, person: Person, id_: str) -> SharingAgreement:
        """End an agreement at once: nothing more goes on it. Raises `WrongStateError`."""
        with self.transaction() as tx:
            found = _of_their_body(tx, person, id_)
            if found.ended_on is not None:
                raise WrongStateError("This agreement was ended already.")
            after = replace(found, ended_on=uk_day(self.clock()))
            tx.append(sharing_ended(after, person.id, tx.between.put_agreement(after)))
        return after

    def matrix(self, person: Person, purposes: frozenset[str]) -> Matrix:
        """Return with whom somebody's body may share today on agreements, and for what."""
        today = uk_day(self.clock())
        by_body: dict[AgencyId, list[SharingAgreement]] = {}
        for one in self.listed(person):
            other = one.pair.second if one.pair.first == person.agency else one.pair.first
            if one.standing(today) is not Standing.ENDED:
                by_body.setdefault(other, []).append(one)
        rows = {
            body: frozenset(one for one in purposes if is_covered(agreements, one, today))
            for body, agreements in sorted(by_body.items())
        }
        used = frozenset[str]().union(*rows.values())
        return Matrix(purposes=tuple(sorted(used)), rows=rows)


def _of_their_body(tx: Transaction, person: Person, id_: str) -> SharingAgreement:
    found = tx.between.agreement(id_)
    if found is None or person.agency not in {found.pair.first, found.pair.second}:
        raise WrongStateError("Your organisation has no such agreement.")
    return found


def _is_known(tx: Transaction, agency: AgencyId) -> bool:
    try:
        return tx.directory.agency(agency).retired_on is None
    except UnknownMailboxError:
        return False
