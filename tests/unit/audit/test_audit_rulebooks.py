"""A decision counts only under rules that an entry before it put in force."""

from collections.abc import Mapping

import pytest
from ledgers import EVENT, OPENING, Log

from audit.errors import BrokenLedgerError, Rule
from audit.verify.batch_verifier import BatchVerifier, verify_entries

OLD, NEW = (f"sha256:{digit * 64}" for digit in "ab")


def decided(rulebook: str) -> Mapping[str, object]:
    return {"type": "decided", "ref": "PRV-7Q4K-M2XH", "outcome": "permit", "rulebook": rulebook}


def activated(rulebook: str) -> Mapping[str, object]:
    return {"type": "policy.activate", "rulebook": rulebook, "engine": "2.0.0"}


def raw(*events: Mapping[str, object]) -> list[bytes]:
    log = Log()
    log.add(OPENING, *events)
    return [entry.raw for entry in log.entries]


def test_decisions_under_rules_that_were_put_in_force_hold() -> None:
    entries = raw(activated(OLD), *[decided(OLD)] * 3, activated(NEW), decided(OLD), decided(NEW))

    assert verify_entries(entries, ()).entries == 8


@pytest.mark.parametrize("before", [0, 3, 600])
def test_a_decision_under_rules_that_no_entry_put_in_force_is_a_fault(before: int) -> None:
    entries = raw(activated(OLD), *[decided(OLD)] * before, decided(NEW), EVENT)

    with pytest.raises(BrokenLedgerError) as found:
        verify_entries(entries, ())

    assert (found.value.rule, found.value.first_bad) == (Rule.RULEBOOK, before + 2)


def test_rules_that_come_into_force_later_do_not_count_for_what_was_decided() -> None:
    with pytest.raises(BrokenLedgerError) as found:
        verify_entries(raw(decided(OLD), activated(OLD)), ())

    assert found.value.first_bad == 1


def test_other_rules_are_a_fault_in_a_batch_too() -> None:
    entries = raw(activated(OLD), decided(OLD), decided(OLD), decided(NEW))
    verifier = BatchVerifier(())
    verifier.extend(entries[:3])

    assert verifier.match(entries[3:4]) is not None
    with pytest.raises(BrokenLedgerError):
        verifier.extend(entries[4:])
