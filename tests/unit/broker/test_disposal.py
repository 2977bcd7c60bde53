"""When what is kept is looked at, and when it goes."""

from datetime import date, timedelta

import pytest
from brokers import NOON
from values import REFERENCE, a_disclosure

from broker.domain.model import Disclosure
from broker.domain.references import Reference
from broker.domain.retention_periods import RetentionPeriods
from broker.domain.states import State
from broker.retention.disposal import RetainedCase

TERMS = RetentionPeriods()
OTHER = Reference("0000000F")


def kept(*disclosures: Disclosure, terms: RetentionPeriods = TERMS) -> tuple[date, date | None]:
    found = RetainedCase.of(disclosures[0].case, disclosures, terms)
    return found.erase_on, found.review_on


def test_what_was_opened_goes_after_30_days_unreviewed() -> None:
    opened = a_disclosure(state=State.ACKNOWLEDGED, changed_at=NOON + timedelta(days=400))

    assert kept(opened) == (date(2027, 5, 20), None)


@pytest.mark.parametrize(
    "state",
    [state for state in State if state not in {State.ACKNOWLEDGED, State.ERASED}],
)
def test_what_was_not_opened_is_looked_at_after_a_year_and_goes_within_three(state: State) -> None:
    unopened = a_disclosure(state=state, changed_at=NOON + timedelta(days=400))

    assert kept(unopened) == (date(2029, 3, 15), date(2027, 3, 16))


def test_the_review_comes_again_each_year_but_not_on_the_day_on_which_it_goes() -> None:
    first = a_disclosure(state=State.REFUSED, reviewed_on=date(2027, 3, 20))
    second = a_disclosure(state=State.REFUSED, reviewed_on=date(2028, 3, 19))

    assert kept(first)[1] == date(2028, 3, 19)
    assert kept(second)[1] is None


def test_a_case_goes_with_its_last_disclosure_and_is_looked_at_with_its_first() -> None:
    opened = a_disclosure(state=State.ACKNOWLEDGED)
    later = a_disclosure(
        reference=OTHER, state=State.REFUSED, created_at=NOON + timedelta(days=10)
    )

    assert RetainedCase.of(opened.case, (opened, later), TERMS) == RetainedCase(
        case=opened.case,
        references=(REFERENCE, OTHER),
        erase_on=date(2029, 3, 25),
        review_on=date(2027, 3, 26),
    )


def test_the_periods_are_the_house_s_own() -> None:
    terms = RetentionPeriods(delivered=7, review=90, undelivered=180)

    assert kept(a_disclosure(state=State.ACKNOWLEDGED), terms=terms)[0] == date(2026, 3, 23)
    assert kept(a_disclosure(state=State.RECALLED), terms=terms) == (
        date(2026, 9, 12),
        date(2026, 6, 14),
    )


def test_days_are_those_of_the_united_kingdom() -> None:
    # 23:30 in UTC is half past midnight of the next day in summer.
    late = NOON.replace(month=7, day=1, hour=23, minute=30)

    assert kept(a_disclosure(state=State.ACKNOWLEDGED, changed_at=late))[0] == date(2026, 8, 1)
