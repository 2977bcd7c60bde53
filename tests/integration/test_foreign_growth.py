"""Whoever can write in the database, and has no key, makes nothing happen."""

import pytest
from brokers import NURSE
from callers import PACKS, a_caller
from packs import pack_bytes
from referrals import deliver, submit
from sqlalchemy import update
from tampering import an_erasure, grow, put_behind_the_head

from audit.errors import ForeignGrowthError, ForeignRowsError
from broker.domain.references import Reference
from broker.domain.states import State
from broker.operations.installation import begin
from broker.storage import tables
from broker.wiring import Services
from keys import CaseId


def still_opens(services: Services, case: CaseId) -> bool:
    return len(services.keystore.case_key(case).material) == 32


def case_of(services: Services, reference: Reference) -> CaseId:
    with services.transaction() as tx:
        return tx.store.disclosure(reference).case


def call_erased(services: Services, reference: Reference) -> None:
    """Say in the row, as the administrator, that the case is gone."""
    with services.transaction.database.transaction() as connection:
        of_it = tables.disclosure.c.reference == str(reference)
        connection.execute(update(tables.disclosure).where(of_it).values(state="erased"))


def test_nothing_is_taken_in_sent_or_signed_over_growth_that_is_not_ours(
    services: Services,
) -> None:
    waiting = submit(services)
    nurse = a_caller(services)
    before = services.checkpoints.keep().checkpoint.size
    grow(services, {"type": "expired", "ref": str(waiting)})

    answer = nurse.submit(pack_bytes(again="It is another matter."), key="key-00000077")
    with pytest.raises(ForeignGrowthError):
        services.checkpoints.keep()
    with pytest.raises(ForeignGrowthError):
        begin(services)
    with pytest.raises(ForeignGrowthError):
        services.dispatcher.dispatch()

    assert answer.status_code == 503
    assert list(services.home.pickup.iterdir()) == []
    newest = services.checkpoints.store.newest()
    assert newest is not None
    assert newest.checkpoint.size <= before + 1
    with services.transaction() as tx:
        assert tx.store.disclosure(waiting).state is State.DECIDED
        assert len(tx.store.disclosures_of(NURSE.agency, limit=9)) == 1


def test_a_forged_erasure_over_the_head_destroys_no_key(services: Services) -> None:
    reference = deliver(services)
    case = case_of(services, reference)
    grow(services, an_erasure(services, reference))
    call_erased(services, reference)

    with pytest.raises(ForeignGrowthError):
        services.retention.erasures.complete()

    assert still_opens(services, case)


def test_a_forged_erasure_behind_the_head_destroys_no_key(services: Services) -> None:
    reference = deliver(services)
    case = case_of(services, reference)
    put_behind_the_head(services, an_erasure(services, reference))
    call_erased(services, reference)

    assert services.retention.erasures.complete() == 0
    assert still_opens(services, case)


def test_rows_behind_the_head_stop_what_would_be_recorded_and_are_told_to_nobody(
    services: Services,
) -> None:
    reference = deliver(services)
    nurse = a_caller(services)

    put_behind_the_head(services, an_erasure(services, reference))

    with pytest.raises(ForeignRowsError, match="still holds"):
        submit(services, "key-00000002")
    assert nurse.get(f"{PACKS}/{reference}").status_code == 503
    answer = nurse.submit(pack_bytes(again="It is another matter."), key="key-00000077")
    assert answer.status_code == 503
