"""A concern about sharing: raised by one side, seen by both Guardians, settled."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from homes import Prepared
from panels import COLE, COUNCIL, DOT, MAX, TIM, Panel, a_panel
from partner_requests import leads_for_the_icb
from people import with_guardian
from sqlalchemy import delete, insert, or_, select

from broker.domain.errors import NotAllowedError, WrongStateError
from broker.domain.model import Person
from broker.domain.partner_requests.concerns import (
    Outcome,
    SharingConcern,
    UnknownSharingConcernError,
    Wrong,
)
from broker.domain.partner_requests.copies import CopyName, UnknownCopyError
from broker.domain.roles import Role
from broker.ledger.readings import Entrance
from broker.partner_requests.disputing import Disputing
from broker.storage import tables
from keys import CannotOpenError, PersonId

WHY = "It leaves out what the panel needs."
COUNCILS, SCHOOLS = (
    replace(one, id=PersonId(f"g-{one.agency}"), role=Role.GUARDIAN) for one in (COLE, DOT)
)


@pytest.fixture(name="panel")
def _panel(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Panel]:
    """A council whose question a school answered in part."""
    panel = a_panel(prepared_on_sqlite, tmp_path_factory.mktemp("sharing") / "home")
    yield panel
    panel.services.close()


def the_copy(panel: Panel) -> CopyName:
    (line,) = panel.services.partner_requests.views.put_by_us(COLE)
    return line.copy.name


def disputing(panel: Panel) -> Disputing:
    return panel.services.partner_requests.disputing


def raised(panel: Panel, person: Person = COLE, wrong: Wrong = Wrong.TOO_LITTLE) -> SharingConcern:
    return disputing(panel).raise_one(the_copy(panel), person, wrong, WHY)


def read(panel: Panel, found: SharingConcern, name: str) -> object:
    if name.startswith("copy/"):
        return panel.services.partner_requests.views.content(found.copy, COLE, Entrance.CLI)
    return disputing(panel).show(found.name, COLE, Entrance.CLI)


def test_both_guardians_see_it_one_settles_it_and_all_is_recorded(panel: Panel) -> None:
    found = raised(panel)

    for guardian in (COUNCILS, SCHOOLS):
        (listed,) = disputing(panel).listed(guardian)
        assert listed == found
        assert disputing(panel).show(found.name, guardian, Entrance.CLI).why == WHY
    assert disputing(panel).listed(MAX) == ()
    with pytest.raises(UnknownSharingConcernError):
        disputing(panel).show(found.name, MAX, Entrance.CLI)
    with pytest.raises(NotAllowedError):
        disputing(panel).close(found.name, DOT, Outcome.ANSWER_STANDS, WHY)
    with pytest.raises(NotAllowedError):
        disputing(panel).close(found.name, SCHOOLS, Outcome.ANSWER_STANDS, "")

    disputing(panel).close(found.name, SCHOOLS, Outcome.ANSWER_STANDS, "It is about his sister.")

    with pytest.raises(WrongStateError, match="closed already"):
        disputing(panel).close(found.name, COUNCILS, Outcome.ASKED_ANEW, WHY)
    shown = disputing(panel).show(found.name, COLE, Entrance.CLI)
    assert (shown.concern.outcome, shown.settled) == (
        Outcome.ANSWER_STANDS,
        "It is about his sister.",
    )
    with panel.services.transaction() as tx:
        about = tx.ledger.entries_about(str(found.copy.request))
    assert [one.type for one in about][-2:] == ["dispute.opened", "dispute.closed"]


def test_whoever_raised_it_takes_it_back_and_settles_it_in_no_other_way(panel: Panel) -> None:
    found = raised(panel)

    with pytest.raises(WrongStateError, match="takes it back"):
        disputing(panel).close(found.name, COLE, Outcome.ANSWERED_ANEW, WHY)
    with pytest.raises(WrongStateError, match="takes it back"):
        disputing(panel).close(found.name, SCHOOLS, Outcome.WITHDRAWN, WHY)

    disputing(panel).close(found.name, COLE, Outcome.WITHDRAWN, WHY)
    assert raised(panel, DOT, Wrong.TOO_BROAD).number == 2


def test_what_was_said_of_a_request_is_named_and_missed_where_its_row_is_gone(
    panel: Panel,
) -> None:
    services, found = panel.services, raised(panel)
    disputing(panel).close(found.name, SCHOOLS, Outcome.ANSWER_STANDS, "It is about his sister.")
    with services.transaction() as tx:
        question = tx.copies.copy(found.copy).disclosure
    columns = tables.case_field.c
    said = select(tables.case_field).where(
        columns.reference == str(question),
        or_(columns.name.like("copy/%"), columns.name.like("dispute/%")),
    )
    with services.transaction.database.transaction() as connection:
        rows = [dict(row) for row in connection.execute(said).mappings()]
    assert {"copy/1", "dispute/1.1.raised", "dispute/1.1.closed"} < {row["name"] for row in rows}
    assert services.log.differences() == ()

    for row in rows:
        is_it = (columns.reference == row["reference"], columns.name == row["name"])
        with services.transaction.database.transaction() as connection:
            connection.execute(delete(tables.case_field).where(*is_it))
        assert services.log.differences() == (f"case_field/{question}/{row['name']}",)
        with pytest.raises(CannotOpenError):
            read(panel, found, row["name"])
        with services.transaction.database.transaction() as connection:
            connection.execute(insert(tables.case_field).values(row))

    assert services.log.differences() == ()
    assert disputing(panel).show(found.name, COLE, Entrance.CLI).why == WHY


def test_one_is_open_at_a_time_and_only_what_is_wrong_can_be_raised(panel: Panel) -> None:
    for wrong in (Wrong.LATE, Wrong.REFUSED, Wrong.TOO_BROAD):
        with pytest.raises(WrongStateError, match="cannot be raised"):
            raised(panel, wrong=wrong)
    assert disputing(panel).can_raise(the_copy(panel), COLE) == (Wrong.TOO_LITTLE,)
    raised(panel)

    with pytest.raises(WrongStateError, match="open about this already"):
        raised(panel, DOT, Wrong.TOO_BROAD)
    assert disputing(panel).can_raise(the_copy(panel), DOT) == ()
    with pytest.raises(UnknownCopyError):
        raised(panel, MAX)


def test_the_icb_lead_hears_of_it_with_the_guardians_and_settles_it(panel: Panel) -> None:
    guardian = with_guardian(panel.services, panel.clock, agency=COUNCIL)
    leads_for_the_icb(panel.services, TIM.agency)

    found = raised(panel)

    sent = [path.read_text() for path in panel.services.home.pickup.glob("notice-*.eml")]
    ours = [text for text in sent if f"A concern about sharing: {found.copy}" in text]
    for address in (guardian.address, f"{TIM.id}@{TIM.agency}.example"):
        assert sum(f"To: {address}" in text for text in ours) == 1
    assert not any(WHY in text for text in ours)
    assert disputing(panel).listed(TIM) == (found,)
    assert disputing(panel).show(found.name, TIM, Entrance.CLI).settles
    assert not disputing(panel).show(found.name, DOT, Entrance.CLI).settles
    assert disputing(panel).close(found.name, TIM, Outcome.ASKED_ANEW, WHY).closed_by == TIM.id
