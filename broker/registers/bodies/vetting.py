"""Named workers of providers, and clearances of a body's people: entered, renewed, listed."""

from dataclasses import dataclass

from broker.domain.directory.vetting import Clearance, Worker, faults_of_worker
from broker.domain.errors import Fault, FaultyDocumentError, NotAllowedError
from broker.domain.model import Person
from broker.domain.people.errors import UnknownPersonError
from broker.domain.times import Clock, uk_day
from broker.ledger.changes.between_bodies import clearance_recorded, worker_checked
from broker.storage.transaction import Transactions


@dataclass(frozen=True, slots=True, kw_only=True)
class Vetting:
    """Keeps what was checked of workers and people; every method opens its own transaction."""

    transaction: Transactions
    clock: Clock

    def workers(self) -> tuple[Worker, ...]:
        """Return every named worker, whose checks end first at the top."""
        with self.transaction() as tx:
            return tuple(sorted(tx.between.workers(), key=lambda one: (one.ends_on, one.id)))

    def check(self, worker: Worker) -> Worker:
        """Enter what was checked of a worker, or renew it.

        Raises `FaultyDocumentError` with everything that is wrong; a worker stays with the
        provider that they were entered for.
        """
        faults = faults_of_worker(worker, uk_day(self.clock()))
        with self.transaction() as tx:
            before = tx.between.worker(worker.id)
            if before is not None and before.agency != worker.agency:
                elsewhere = Fault(place="id", problem="names a worker of another provider")
                faults = (*faults, elsewhere)
            if all(one.id != worker.agency for one in tx.directory.agencies()):
                unknown = Fault(place="provider", problem="is no organisation of the directory")
                faults = (*faults, unknown)
            if faults:
                raise FaultyDocumentError(faults)
            tx.append(worker_checked(worker, tx.between.put_worker(worker)))
        return worker

    def clearances(self, person: Person) -> tuple[Clearance, ...]:
        """Return the clearances of the people of somebody's body, what ends first at the top."""
        with self.transaction() as tx:
            found = tx.between.clearances(person.agency)
        return tuple(sorted(found, key=lambda one: (one.until, one.id)))

    def see(self, clearance: Clearance, by: Person) -> Clearance:
        """Record that somebody saw a clearance of a person of their body, other than their own.

        Raises `FaultyDocumentError`, `NotAllowedError` and `UnknownPersonError`.
        """
        if clearance.person == by.id:
            raise NotAllowedError("Somebody else looks at your own clearance.")
        if clearance.until < uk_day(self.clock()):
            raise FaultyDocumentError.at("until", "is over already; enter one that counts")
        with self.transaction() as tx:
            if tx.people.has_anybody() and tx.people.person(clearance.person).agency != by.agency:
                raise UnknownPersonError
            tx.append(clearance_recorded(clearance, tx.between.put_clearance(clearance)))
        return clearance
