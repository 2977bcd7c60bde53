"""A decision told in plain words."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast

import pytest

from policies import Audience, Decision, Outcome, Rulebook, explain

Judge = Callable[[str, Mapping[str, object]], Decision]


def test_a_requester_reads_why_what_would_help_and_what_to_do(
    judge: Judge, rulebook: Rulebook
) -> None:
    decision = judge(
        "danger",
        {
            "recipient.kind": "nhs",
            "purpose": "other-safeguarding",
            "fields": ["individual.date_of_birth"],
            "necessity.reason": "",
            "agreement_to_share.status": "given",
            "agreement_to_share.recipients": ["nhs"],
            "agreement_to_share.purposes": ["other-safeguarding"],
        },
    )

    assert explain(decision, rulebook) == (
        "This may not go.\n\n"
        "Why:\n"
        "- Nobody has written why this is needed.\n\n"
        "It would be lawful if:\n"
        "- Write why the purpose cannot be met without this.\n\n"
        "What stays:\n"
        "- individual: date of birth. Nothing goes while the disclosure is refused.\n\n"
        "What you must do:\n"
        "- Ring 999 now. Nothing here delays that call."
    )


@pytest.mark.parametrize(
    ("base", "changes", "headline"),
    [
        pytest.param("referral", {}, "This may go.", id="permit"),
        pytest.param("child", {}, "This may go, with duties.", id="duties"),
        pytest.param(
            "serious", {}, "This waits: a person must answer what is named below.", id="refer"
        ),
        pytest.param("refused", {}, "This may not go.", id="refuse"),
        pytest.param(
            "danger",
            {},
            "Emergency. Ring 999 now. The emergency pack may go at once.",
            id="emergency",
        ),
    ],
)
def test_the_first_line_is_the_outcome(
    base: str, changes: Mapping[str, object], headline: str, judge: Judge, rulebook: Rulebook
) -> None:
    assert explain(judge(base, changes), rulebook).splitlines()[0] == headline


def test_an_unknown_reader_or_outcome_is_a_fault_and_no_text(
    judge: Judge, rulebook: Rulebook
) -> None:
    decision = judge("referral", {})

    with pytest.raises(AssertionError):
        explain(decision, rulebook, audience=cast("Audience", "stranger"))
    with pytest.raises(AssertionError):
        explain(replace(decision, outcome=cast("Outcome", "perhaps")), rulebook)


def test_the_guardian_reads_every_rule_in_one_sentence_with_its_law(
    judge: Judge, rulebook: Rulebook
) -> None:
    decision = judge("serious", {})

    text = explain(decision, rulebook, audience=Audience.GUARDIAN)

    assert (
        "R13 An adult without an agreement that holds (not met, so a person must decide): No "
        "agreement of the person holds. The harm or crime is serious, and the balance is written. "
        "[Common law duty of confidentiality"
    ) in text
    assert "\nR16 " not in text
    assert "\nR02 Who is asking (met): " in text


def test_each_law_is_told_once_and_what_nobody_read_stands_in_one_list(
    judge: Judge, rulebook: Rulebook
) -> None:
    text = explain(judge("serious", {}), rulebook, audience=Audience.GUARDIAN)
    rules, _, laws = text.partition("The law named above, and how it was read:\n")
    read, _, unread = laws.partition("Named, and not read in its source yet:\n")

    assert "Not read." not in text
    named = [line.partition(":")[0] for line in (read + unread).splitlines() if line]
    assert len(named) == len(set(named))
    for law in rulebook.laws.values():
        is_named = f"{law.citation}" in rules
        assert (f"- {law.citation}: {law.sentence}" in laws) == is_named
        if is_named:
            assert (f"- {law.citation}: " in unread) == (law.tag == "unverified")


def test_faulty_facts_are_told_to_the_guardian_too(judge: Judge, rulebook: Rulebook) -> None:
    decision = judge("referral", {"danger": "Imminent"})

    text = explain(decision, rulebook, audience=Audience.GUARDIAN)

    assert (
        "facts The facts (cannot be judged yet, so it may not go): These facts cannot be judged. "
        "danger: "
    ) in text
