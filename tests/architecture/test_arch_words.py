"""The words of the contract, the form, the rules and the ledger are the same words."""

import json
from pathlib import Path
from typing import Any

import pytest

from audit.format.vocabulary import WordList
from broker.cli.decisions import IN_SHORT
from broker.domain.cases.stages import CaseEnd, CaseKind, LinkKind, Stage
from broker.domain.form import FORM, WHOLE_RECORD
from broker.domain.model import Step
from broker.domain.obligations import (
    CONFIRM_RECEIPT,
    CONFIRMED_BY_THE_SENDER,
    GUARDIAN_SAMPLE,
    KEPT_BY_THE_BROKER,
    UPDATE_THE_RECORD,
)
from broker.domain.roles import Role
from broker.ledger.words import recordable
from broker.packs.contents import TO_THE_RECIPIENT
from policies import FIELDS, Rulebook

RULEBOOK = Rulebook.shipped()
PUBLISHED = Path(__file__).parents[1] / "contract"
CONTRACT: dict[str, Any] = json.loads((PUBLISHED / "decision.schema.json").read_bytes())
FACTS: dict[str, Any] = json.loads((PUBLISHED / "facts.schema.json").read_bytes())
TYPES = CONTRACT["properties"]["obligations"]["items"]["properties"]["type"]["enum"]


def test_the_form_and_the_whole_record_are_the_fields_of_the_rules() -> None:
    assert sorted([*(field.id for field in FORM), WHOLE_RECORD]) == sorted(FIELDS)


def test_the_ledger_can_record_what_the_contract_says_and_the_rules_can_say() -> None:
    decision = CONTRACT["properties"]

    assert {word_list: recordable(word_list) for word_list in WordList} == {
        WordList.OUTCOMES: set(decision["outcome"]["enum"]),
        WordList.PURPOSES: set(FACTS["properties"]["purpose"]["enum"]),
        WordList.OBLIGATIONS: {*RULEBOOK.obligations, UPDATE_THE_RECORD},
        WordList.ROLES: set(Role),
        WordList.CASE_KINDS: set(CaseKind),
        WordList.STAGES: set(Stage),
        WordList.CASE_LINKS: set(LinkKind),
        WordList.CASE_ENDS: set(CaseEnd),
    }


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


def test_every_obligation_has_a_few_words_for_a_list() -> None:
    assert set(IN_SHORT) == {*TYPES, CONFIRM_RECEIPT, GUARDIAN_SAMPLE}


def test_a_step_of_the_outbox_fits_its_column() -> None:
    assert max(len(step.value) for step in Step) <= 8
