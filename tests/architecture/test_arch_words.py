"""The words that several packages spell for themselves are the same words everywhere."""

import json
from pathlib import Path
from typing import Any

import pytest

from audit.format import vocabulary as ledger
from broker.domain.form import FORM
from broker.domain.model import Step
from broker.domain.obligations import CONFIRMED_BY_THE_SENDER, KEPT_BY_THE_BROKER
from broker.packs.contents import TO_THE_RECIPIENT, WHOLE_RECORD
from policies import FIELDS, Effect, Outcome, Rulebook, Status

RULEBOOK = Rulebook.shipped()
CONTRACT: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "contract" / "decision.schema.json").read_bytes()
)
TYPES = CONTRACT["properties"]["obligations"]["items"]["properties"]["type"]["enum"]


def test_the_form_and_the_whole_record_are_the_fields_of_the_rules() -> None:
    assert sorted([*(field.id for field in FORM), WHOLE_RECORD]) == sorted(FIELDS)


@pytest.mark.parametrize(
    ("recorded", "judged"),
    [
        pytest.param(ledger.OUTCOMES, {one.value for one in Outcome}, id="outcomes"),
        pytest.param(ledger.STATUSES, {one.value for one in Status}, id="statuses"),
        pytest.param(ledger.EFFECTS, {one.value for one in Effect}, id="effects"),
        pytest.param(ledger.FIELDS, set(FIELDS), id="fields"),
        pytest.param(
            ledger.PURPOSES, set(RULEBOOK.vocabulary.shapes["purpose"].words), id="purposes"
        ),
    ],
)
def test_the_ledger_can_record_exactly_what_the_rules_can_say(
    recorded: frozenset[str], judged: set[str]
) -> None:
    assert recorded == judged


def test_the_ledger_can_record_every_obligation_of_the_contract() -> None:
    assert set(TYPES) == ledger.OBLIGATIONS


def test_the_rules_oblige_to_nothing_that_the_contract_does_not_know() -> None:
    assert set(RULEBOOK.obligations) <= set(TYPES)


@pytest.mark.parametrize(
    "spoken_of",
    [
        pytest.param(KEPT_BY_THE_BROKER, id="kept by the broker"),
        pytest.param(CONFIRMED_BY_THE_SENDER, id="confirmed by the sender"),
        pytest.param(TO_THE_RECIPIENT, id="told to the recipient"),
    ],
)
def test_the_gateway_speaks_of_obligations_that_the_rules_know(spoken_of: dict[str, str]) -> None:
    assert set(spoken_of) <= set(RULEBOOK.obligations)


def test_a_step_of_the_outbox_fits_its_column() -> None:
    assert max(len(step.value) for step in Step) <= 8
