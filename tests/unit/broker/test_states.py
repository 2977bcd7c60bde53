"""Where a disclosure can go from where it stands."""

import itertools
import re

import pytest
from values import a_disclosure

from broker.domain.errors import WrongStateError
from broker.domain.states import (
    FIRST,
    STANDS,
    TRANSITIONS,
    UNDER_WAY,
    State,
    leading_to,
    require_transition,
)


def test_every_state_has_its_row() -> None:
    assert TRANSITIONS.keys() == set(State)


def test_every_state_can_be_reached_from_a_submission() -> None:
    reached = set(FIRST)
    while (further := reached.union(*(TRANSITIONS[state] for state in reached))) != reached:
        reached = further

    assert reached == set(State)


@pytest.mark.parametrize(("before", "after"), list(itertools.product(State, State)))
def test_only_what_the_table_has_may_happen(before: State, after: State) -> None:
    if after in TRANSITIONS[before]:
        require_transition(before, after)
    else:
        with pytest.raises(ValueError, match=f"from {before} to {after}"):
            require_transition(before, after)


def test_nothing_leaves_what_was_refused_recalled_or_erased() -> None:
    leaves = {State.SEALED, State.SENDING, State.SENT, State.TOLD, State.ACKNOWLEDGED}

    for state in (State.REFUSED, State.RECALLED, State.ERASED):
        assert not TRANSITIONS[state] & leaves


def test_what_waits_for_a_guardian_is_decided_before_it_is_sealed() -> None:
    assert leading_to(State.SEALED) == (State.DECIDED,)


def test_nothing_under_way_is_erased() -> None:
    assert not set(UNDER_WAY) & set(leading_to(State.ERASED))


def test_what_was_opened_is_not_recalled() -> None:
    assert State.ACKNOWLEDGED not in leading_to(State.RECALLED)


@pytest.mark.parametrize("state", list(State))
def test_whoever_comes_at_the_wrong_step_reads_what_comes_next_there(state: State) -> None:
    others = [one for one in State if one is not state]

    with pytest.raises(WrongStateError) as refused:
        a_disclosure(state=state).must_be(*others)

    said = str(refused.value)
    assert said == f"That cannot be done as it stands now. {STANDS[state]}"
    assert not re.search(rf"\bis {state.value}\b|disclosure|passphrase|ledger", said)


def test_nobody_is_told_to_tell_the_passphrase_of_what_was_acknowledged() -> None:
    with pytest.raises(WrongStateError) as refused:
        a_disclosure(state=State.ACKNOWLEDGED).must_be(State.TOLD, State.EXPIRED)

    assert "It was opened, which was recorded" in str(refused.value)
    assert "Tell the passphrase" not in str(refused.value)
