"""An edit of a row of a concern ends no draft, hides no other concern, and stops by name."""

from datetime import timedelta
from typing import Any

import pytest
from brokers import Clock
from concerns import WORRY, Team, a_team, begun, put_to
from person_notices import notices
from sqlalchemy import insert, select, update

from broker.domain.concerns.drafts import KEPT_DAYS, WARNED_DAYS, DraftId
from broker.domain.errors import RowDisagreesError
from broker.operations.housekeeping import housekeeping
from broker.storage.rows.concerns import concern
from broker.wiring import Services

CLOSED = {"closed_at": "2026-03-18T09:00:00Z", "closed_as": "left"}
EDITS = pytest.mark.parametrize(
    "edit",
    [CLOSED, {"draft": "d-another"}, {**CLOSED, "closed_as": "sent"}],
    ids=["called left", "of another draft", "called sent"],
)


@pytest.fixture(name="team")
def _team(services: Services) -> Team:
    return a_team(services)


def edited(services: Services, values: dict[str, Any]) -> None:
    with services.transaction.database.transaction() as connection:
        connection.execute(update(concern).values(**values))


def put_in(services: Services, **values: Any) -> None:
    """Copy the row of the only concern, with other values."""
    with services.transaction.database.transaction() as connection:
        row = connection.execute(select(concern)).mappings().one()
        connection.execute(insert(concern).values({**row, **values}))


def asked(services: Services, team: Team) -> DraftId:
    draft = begun(services, team).row.id
    put_to(services, draft, team)
    return draft


@EDITS
def test_a_row_that_calls_a_concern_over_ends_no_draft(
    services: Services, team: Team, clock: Clock, edit: dict[str, Any]
) -> None:
    draft = asked(services, team)
    edited(services, edit)
    clock.forward(timedelta(days=KEPT_DAYS + 1))

    ended = services.concerns.drafts.destroy_expired()

    assert (ended.destroyed, ended.refused) == (0, 1)
    assert services.concerns.drafts.open(team.writer, draft).text == WORRY
    with pytest.raises(RowDisagreesError):
        services.concerns.drafts.delete(team.writer, draft)


def test_nobody_is_told_that_a_draft_goes_because_a_row_calls_its_concern_over(
    services: Services, team: Team, clock: Clock
) -> None:
    asked(services, team)
    edited(services, CLOSED)
    clock.forward(timedelta(days=KEPT_DAYS - WARNED_DAYS + 1))

    housekeeping(services)

    assert not any("goes soon" in said for _, said in notices(services))


def test_a_concern_that_was_put_in_beside_another_refuses_its_draft_to_nobody(
    services: Services, team: Team
) -> None:
    draft = asked(services, team)
    put_in(services, reference="CON-0000-0000")

    assert services.concerns.asking.of_draft(team.writer, draft) is not None


def test_a_concern_that_was_put_in_hides_no_other_and_lets_their_leads_hear_of_it(
    services: Services, team: Team, clock: Clock
) -> None:
    asked(services, team)
    put_in(services, reference="CON-0000-0000", draft="d-of-nobody")

    assert len(services.concerns.checking.waiting(team.lead)) == 1
    assert len(services.concerns.checking.of_body(team.lead)) == 1
    clock.forward(timedelta(days=5))
    assert services.concerns.checking.tell_of_late() == 1
