"""An edit of the row of a page changes neither what it gives, how it leaves, nor whom to ring."""

from collections.abc import Generator
from datetime import timedelta

import pytest
from brokers import NURSE, Clock
from portals import a_broker_with_portal, a_front, entered, sent, token_of
from referrals import recorded, submit
from sqlalchemy import Executable, delete, insert, literal, select, update

from broker.delivery.portal.front import PortalFront
from broker.domain.errors import RowDisagreesError
from broker.domain.portal.errors import PageEndedError, PageLockedError
from broker.domain.references import Reference
from broker.domain.states import State
from broker.operations.housekeeping import housekeeping
from broker.storage.rows.portal import portal_page
from broker.wiring import Services

OFFICER = "Duty officer"


@pytest.fixture(name="clock", scope="module")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="services", scope="module")
def _services(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Generator[Services]:
    services = a_broker_with_portal(tmp_path_factory.mktemp("pages") / "home", clock)
    yield services
    services.close()


@pytest.fixture(name="front", scope="module")
def _front(services: Services) -> Generator[PortalFront]:
    front = a_front(services)
    yield front
    front.database.close()


def run(services: Services, statement: Executable) -> None:
    with services.transaction.database.transaction() as connection:
        connection.execute(statement)


def edit(services: Services, reference: Reference, **values: object) -> None:
    of_it = portal_page.c.reference == str(reference)
    run(services, update(portal_page).where(of_it).values(**values))


def code_for(services: Services, reference: Reference) -> str:
    return services.deliveries.pages.tell_code(reference, NURSE, OFFICER).code


def state_of(services: Services, reference: Reference) -> State:
    with services.transaction() as tx:
        return tx.disclosure(reference).state


def test_a_form_that_a_row_alone_names_closes_and_destroys_nothing(
    services: Services, front: PortalFront
) -> None:
    reference, other = sent(services), sent(services)
    code, theirs = code_for(services, reference), code_for(services, other)
    reader = entered(front, token_of(services, reference), code)
    edit(services, reference, form="sealed")

    with pytest.raises(PageEndedError):
        reader.fetch("fetching")
    with pytest.raises(RowDisagreesError):
        services.deliveries.pages.tell_code(reference, NURSE, "Team manager")

    assert state_of(services, reference) is State.TOLD
    assert "collected" not in recorded(services, reference)
    # Whoever else waits is answered, and what was put right is given.
    assert entered(front, token_of(services, other), theirs).fetch("fetching")
    edit(services, reference, form="open")
    assert reader.fetch("fetching again")


def test_a_page_that_somebody_took_away_has_its_document_leave_no_other_way(
    services: Services,
) -> None:
    reference = submit(services, "key-taken-away")
    turns = iter((False, True))
    services.dispatcher.dispatch(is_over=lambda: next(turns))
    assert state_of(services, reference) is State.SEALED
    run(services, delete(portal_page).where(portal_page.c.reference == str(reference)))

    services.dispatcher.dispatch()

    assert not (services.home.pickup / f"{reference}.eml").exists()
    assert state_of(services, reference) is State.SEALED


def test_a_page_that_was_put_in_for_anothers_document_is_told_to_nobody(
    services: Services, front: PortalFront
) -> None:
    reference, other = sent(services), sent(services)
    with services.transaction() as tx:
        query = select(portal_page).where(portal_page.c.reference == str(other))
        theirs = dict(tx.connection.execute(query).mappings().one())
    code = code_for(services, other)
    reader = entered(front, token_of(services, other), code)
    of_it = portal_page.c.reference == str(reference)
    run(services, delete(portal_page).where(of_it))
    of_other = portal_page.c.reference == str(other)
    run(services, update(portal_page).where(of_other).values(reference=str(reference)))

    with pytest.raises(RowDisagreesError):
        code_for(services, reference)
    with pytest.raises(PageEndedError):
        reader.fetch("fetching")

    run(services, delete(portal_page).where(portal_page.c.id == theirs["id"]))
    run(services, insert(portal_page).values(**theirs))


def test_a_page_that_was_put_in_beside_another_is_refused_by_name_and_stops_no_other(
    services: Services, clock: Clock
) -> None:
    reference, other, recalled = sent(services), sent(services), sent(services)
    for name, doubled in (("0" * 64, reference), ("1" * 64, recalled)):
        copied = [literal(name) if one.name == "id" else one for one in portal_page.c]
        theirs = select(*copied).where(portal_page.c.reference == str(doubled))
        run(services, insert(portal_page).from_select([one.name for one in portal_page.c], theirs))

    with pytest.raises(RowDisagreesError):
        code_for(services, reference)
    services.afterwards.recalling.recall(recalled, NURSE)
    clock.forward(timedelta(days=8))
    housekeeping(services)

    assert state_of(services, other) is State.EXPIRED
    assert recorded(services, reference)[-1] == "page.expired"
    with services.transaction.database.transaction() as connection:
        assert not any(connection.scalars(select(portal_page.c.content)))


@pytest.mark.parametrize(
    "unreadable", [{"form": "p-intruder"}, {"reference": "p-intruder"}], ids=str
)
def test_a_page_that_nobody_can_read_keeps_no_other_from_ending(
    services: Services, clock: Clock, unreadable: dict[str, object]
) -> None:
    edited, other = sent(services), sent(services)
    of_it = portal_page.c.reference == str(edited)
    run(services, update(portal_page).where(of_it).values(**unreadable))
    clock.forward(timedelta(days=8))

    housekeeping(services)

    assert state_of(services, other) is State.EXPIRED


@pytest.mark.parametrize(
    "changes",
    [
        {"ring_telephone": "01632 960 666"},
        {"ring_title": "Northshire Police"},
        {"ring_telephone": "01632 960 666", "ring_mark": None},
    ],
    ids=str,
)
def test_a_reader_is_not_told_to_ring_whom_a_row_alone_names(
    services: Services, front: PortalFront, changes: dict[str, object]
) -> None:
    reference = sent(services)
    token = token_of(services, reference)
    edit(services, reference, tries=5)
    with pytest.raises(PageLockedError) as locked:
        front.page(token)
    assert locked.value.ring.telephone

    edit(services, reference, **changes)
    with pytest.raises(PageLockedError) as locked:
        front.page(token)

    assert (locked.value.ring.title, locked.value.ring.telephone) == ("", "")
