"""By when a referral is answered: the more urgent the request, the sooner."""

from datetime import date
from typing import Any

import pytest
from values import a_read_pack

from broker.domain.deadlines import answer_due

TODAY = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("changes", "due_on"),
    [
        pytest.param({}, date(2026, 3, 19), id="three days"),
        pytest.param({"questions__concern__harm": "some"}, date(2026, 3, 19), id="some harm"),
        pytest.param({"questions__concern__harm": "serious"}, date(2026, 3, 17), id="harm"),
        pytest.param({"questions__concern__serious_crime": "yes"}, date(2026, 3, 17), id="crime"),
        pytest.param({"questions__danger": "unknown"}, date(2026, 3, 16), id="danger unknown"),
        pytest.param(
            {"questions__danger": "unknown", "questions__concern__harm": "serious"},
            date(2026, 3, 16),
            id="the sooner of two",
        ),
    ],
)
def test_a_referral_is_answered_by_its_urgency(changes: dict[str, Any], due_on: date) -> None:
    assert answer_due(a_read_pack(**changes).questions, TODAY) == due_on
