"""The worked cases of the contract, and the named cases that stand beside the cards."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from policies import Rulebook, Status, Verdict, decide, mail_verdict
from policies.reading.strict_toml import Faults
from policies.tools.cases import Case, failures, read_cases

CASES = Path(__file__).parents[2] / "cases"
DECISIONS: list[dict[str, Any]] = json.loads((CASES / "decisions.json").read_text("utf-8"))
ADDRESSES: list[dict[str, str]] = json.loads((CASES / "addresses.json").read_text("utf-8"))
EXPECTATIONS = {
    "due", "met", "not_met", "not_obliges", "obliges", "outcome", "releases", "releases_exactly",
    "withholds",
}  # fmt: skip
BESIDE_CARDS = list(read_cases(files("policies") / "rulebook", Faults()))


@pytest.mark.parametrize("case", DECISIONS, ids=lambda case: case["id"])
def test_a_worked_case_comes_out_as_expected(
    case: dict[str, Any], rulebook: Rulebook, decision_schema: Draft202012Validator
) -> None:
    expected = case["expect"]

    decision = decide(case["facts"], rulebook)

    decision_schema.validate(decision.document())
    obliged = {obligation.type for obligation in decision.obligations}
    not_met = {str(one.rule) for one in decision.findings if one.status is Status.NOT_MET}
    met = {str(one.rule) for one in decision.findings if one.status is Status.MET}
    due = {one.type: one.properties.get("due") for one in decision.obligations}
    assert decision.outcome in expected["outcome"]
    assert obliged >= set(expected.get("obliges", ()))
    assert not obliged & set(expected.get("not_obliges", ()))
    assert set(decision.withheld) >= set(expected.get("withholds", ()))
    assert set(decision.release) >= set(expected.get("releases", ()))
    assert not_met >= set(expected.get("not_met", ()))
    assert met >= set(expected.get("met", ()))
    assert due.items() >= expected.get("due", {}).items()
    if "releases_exactly" in expected:
        assert set(decision.release) == set(expected["releases_exactly"])
    assert expected.keys() <= EXPECTATIONS


@pytest.mark.parametrize("case", BESIDE_CARDS, ids=lambda case: f"{case.rule}: {case.name}")
def test_a_case_beside_a_card_holds(case: Case, rulebook: Rulebook) -> None:
    assert list(failures(case, rulebook)) == []


@pytest.mark.parametrize("case", ADDRESSES, ids=lambda case: ascii(case["address"]))
def test_an_address_gets_its_verdict(case: dict[str, str], rulebook: Rulebook) -> None:
    assert mail_verdict(case["address"], rulebook.mail).verdict is Verdict(case["verdict"])
