"""Where a case can go from where it stands: one rail for each kind."""

import itertools

import pytest

from broker.domain.cases.stages import (
    ENDS_IN_WORDS,
    KINDS_IN_WORDS,
    RAILS,
    CaseEnd,
    CaseKind,
    Stage,
    first_stage,
    require_step,
)
from broker.domain.errors import WrongStateError


def test_every_kind_has_a_rail_and_words() -> None:
    assert RAILS.keys() == set(CaseKind) == KINDS_IN_WORDS.keys()
    assert ENDS_IN_WORDS.keys() == set(CaseEnd)


def test_every_stage_stands_on_a_rail() -> None:
    assert set().union(*RAILS.values()) == set(Stage)


@pytest.mark.parametrize("kind", list(CaseKind))
def test_a_rail_leads_nowhere_but_to_its_own_stages_and_reaches_them_all(kind: CaseKind) -> None:
    rail, reached = RAILS[kind], {first_stage(kind)}
    while (further := reached.union(*(rail[stage] for stage in reached))) != reached:
        reached = further

    assert reached == rail.keys()


@pytest.mark.parametrize("kind", list(CaseKind))
def test_a_case_can_be_closed_from_every_stage_but_closed_and_never_opened_again(
    kind: CaseKind,
) -> None:
    rail = RAILS[kind]

    # What the police lead alone comes back or is closed, as everything else is.
    assert {stage for stage in rail if Stage.CLOSED not in rail[stage]} == {Stage.CLOSED}
    assert not rail[Stage.CLOSED]


@pytest.mark.parametrize("kind", list(CaseKind))
def test_only_what_the_rail_has_may_happen_and_the_refusal_names_what_comes_next(
    kind: CaseKind,
) -> None:
    rail = RAILS[kind]
    for before, after in itertools.product(rail, Stage):
        if after in rail[before]:
            require_step(kind, before, after)
            continue
        with pytest.raises(WrongStateError) as refused:
            require_step(kind, before, after)
        assert all(stage.value in str(refused.value) for stage in rail[before])


def test_a_channel_case_goes_through_the_boxes_of_the_source_in_their_order() -> None:
    boxes = [
        Stage.RECEIVED,
        Stage.SCREENED,
        Stage.GATHERING,
        Stage.ASSESSED,
        Stage.WITH_LEAD,
        Stage.REQUESTING,
        Stage.RETURNED,
        Stage.REASSESSED,
        Stage.AGREED,
    ]

    for before, after in itertools.pairwise(boxes):
        require_step(CaseKind.CHANNEL, before, after)
        with pytest.raises(WrongStateError):
            require_step(CaseKind.CHANNEL, before, Stage.HEARD)
