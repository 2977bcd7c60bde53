"""The facts that are worked out: ages, agreements, compulsion, conditions."""

import re
from collections.abc import Callable, Mapping
from importlib.resources import files

import pytest

from policies import Rulebook
from policies.derived import DERIVATIONS, READS, Derived
from policies.facts import Facts
from policies.faults import read_facts
from policies.tools.cases import changed

Derive = Callable[[str, str, Mapping[str, object]], Derived]


@pytest.fixture(name="derive")
def _derive(bases: dict[str, dict[str, object]], rulebook: Rulebook) -> Derive:
    def derive(name: str, base: str, changes: Mapping[str, object]) -> Derived:
        facts = read_facts(changed(bases[base], changes), rulebook.vocabulary)
        assert isinstance(facts, Facts)
        return DERIVATIONS[name](facts, rulebook.registers)

    return derive


def _approximately(youngest: int, oldest: int) -> dict[str, object]:
    ages = {"from": youngest, "to": oldest}
    return {"subject.date_of_birth": "nothing", "subject.approximate_age": ages}


@pytest.mark.parametrize(
    ("born", "asked_at", "under_18"),
    [
        pytest.param("2008-03-16", "2026-03-16T10:00:00Z", "no", id="on the birthday"),
        pytest.param("2008-03-17", "2026-03-16T23:59:59Z", "yes", id="the day before"),
        pytest.param("2008-07-01", "2026-06-30T23:00:00Z", "no", id="midnight in London"),
        pytest.param("2008-07-01", "2026-06-30T22:59:59Z", "yes", id="a second before"),
        pytest.param("2008-02-29", "2026-02-28T10:00:00Z", "yes", id="29 February, before"),
        pytest.param("2008-02-29", "2026-03-01T10:00:00Z", "no", id="29 February, 1 March"),
        pytest.param("2012-02-29", "2028-02-29T10:00:00Z", "yes", id="29 February, leap year"),
    ],
)
def test_age_counts_completed_years_in_london(
    born: str, asked_at: str, under_18: str, derive: Derive
) -> None:
    changes = {
        "subject.date_of_birth": born,
        "asked_at": asked_at,
        "concern.observed_on": "nothing",
        "subject.approximate_age": {"from": 40, "to": 50},
    }

    assert derive("under 18", "referral", changes) == under_18


@pytest.mark.parametrize(
    ("changes", "under_16", "under_18", "over_25"),
    [
        pytest.param(_approximately(10, 14), "yes", "yes", "no", id="10 to 14"),
        pytest.param(_approximately(10, 15), "not sure", "yes", "no", id="10 to 15"),
        pytest.param(_approximately(14, 16), "not sure", "yes", "no", id="14 to 16"),
        pytest.param(_approximately(16, 17), "not sure", "not sure", "no", id="16 to 17"),
        pytest.param(_approximately(17, 18), "no", "not sure", "no", id="17 to 18"),
        pytest.param(_approximately(18, 24), "no", "not sure", "no", id="18 to 24"),
        pytest.param(_approximately(19, 24), "no", "no", "no", id="19 to 24"),
        pytest.param(_approximately(24, 25), "no", "no", "not sure", id="24 to 25"),
        pytest.param(_approximately(26, 40), "no", "no", "not sure", id="26 to 40"),
        pytest.param(_approximately(27, 40), "no", "no", "yes", id="27 to 40"),
        pytest.param(
            {"subject.date_of_birth": "nothing"}, "not sure", "not sure", "not sure", id="nothing"
        ),
    ],
)
def test_an_approximate_age_settles_a_line_only_a_clear_year_away(
    changes: Mapping[str, object], under_16: str, under_18: str, over_25: str, derive: Derive
) -> None:
    lines = [derive(name, "referral", changes) for name in ("under 16", "under 18", "over 25")]

    assert lines == [under_16, under_18, over_25]


CHILD_15 = {"subject.date_of_birth": "2010-07-01"}
YOUNG_16 = {"subject.date_of_birth": "2009-05-01"}
BY_PARENT = {"agreement_to_share.given_by": "parent"}
BY_ATTORNEY = {"agreement_to_share.given_by": "attorney"}
LACKS = {"subject.capacity": "lacks"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, "holds", id="an adult who agrees"),
        pytest.param(BY_PARENT, "does not hold", id="a parent of an adult"),
        pytest.param(BY_ATTORNEY, "does not hold", id="an attorney of one who can decide"),
        pytest.param(LACKS, "does not hold", id="one who cannot decide"),
        pytest.param(LACKS | BY_ATTORNEY, "holds", id="their attorney"),
        pytest.param(LACKS | BY_PARENT, "does not hold", id="the parent of such an adult"),
        pytest.param(YOUNG_16 | LACKS | BY_PARENT, "holds", id="a parent at 16, no capacity"),
        pytest.param(YOUNG_16 | LACKS | BY_ATTORNEY, "does not hold", id="an attorney at 16"),
        pytest.param(YOUNG_16, "holds", id="someone of 16"),
        pytest.param(YOUNG_16 | BY_PARENT, "does not hold", id="a parent at 16"),
        pytest.param(CHILD_15 | {"subject.competence": "yes"}, "holds", id="a competent child"),
        pytest.param(
            CHILD_15 | {"subject.competence": "no"}, "does not hold", id="a child who is not"
        ),
        pytest.param(
            CHILD_15 | BY_PARENT | {"subject.competence": "no"}, "holds", id="their parent"
        ),
        pytest.param(
            CHILD_15 | BY_PARENT | {"subject.competence": "yes"},
            "does not hold",
            id="the parent of a competent child",
        ),
        pytest.param(
            CHILD_15 | BY_PARENT | {"subject.competence": "no", "family.implicated": "yes"},
            "does not hold",
            id="a parent who is part of it",
        ),
        pytest.param(
            CHILD_15 | BY_PARENT | {"subject.competence": "no", "family.implicated": "unknown"},
            "cannot be told",
            id="a parent who may be part of it",
        ),
        pytest.param(CHILD_15, "cannot be told", id="competence reads as unknown"),
        pytest.param(
            _approximately(15, 16) | {"subject.competence": "yes"},
            "holds",
            id="about 16, and either way the person agrees",
        ),
        pytest.param(
            _approximately(15, 16) | {"subject.competence": "no"},
            "cannot be told",
            id="about 16, and it turns on that",
        ),
        pytest.param(
            _approximately(17, 18) | LACKS | BY_PARENT,
            "cannot be told",
            id="about 18, no capacity",
        ),
        pytest.param(_approximately(17, 18), "holds", id="about 18, agrees"),
        pytest.param(
            {"subject.date_of_birth": "nothing", "subject.competence": "yes"},
            "holds",
            id="of no known age, agrees",
        ),
        pytest.param(
            {"subject.date_of_birth": "nothing", "subject.competence": "yes"} | BY_ATTORNEY,
            "does not hold",
            id="of no known age, by an attorney",
        ),
        pytest.param({"subject.capacity": "unknown"}, "cannot be told", id="capacity unknown"),
        pytest.param({"agreement_to_share.status": "unknown"}, "cannot be told", id="unknown"),
        pytest.param({"agreement_to_share.status": "withdrawn"}, "does not hold", id="withdrawn"),
        pytest.param({"agreement_to_share.given_on": "nothing"}, "does not hold", id="no day"),
        pytest.param({"agreement_to_share.given_on": "2026-03-17"}, "does not hold", id="later"),
        pytest.param({"agreement_to_share.given_on": "2026-03-16"}, "holds", id="given today"),
        pytest.param({"agreement_to_share.expires_on": "2026-03-16"}, "holds", id="last day"),
        pytest.param(
            {"agreement_to_share.expires_on": "2026-03-15"}, "does not hold", id="yesterday"
        ),
        pytest.param(
            {
                "agreement_to_share.given_on": "2025-03-16",
                "agreement_to_share.expires_on": "2030-01-01",
            },
            "holds",
            id="a year to the day, whatever it says",
        ),
        pytest.param(
            {
                "agreement_to_share.given_on": "2025-03-15",
                "agreement_to_share.expires_on": "2030-01-01",
            },
            "does not hold",
            id="more than a year, whatever it says",
        ),
    ],
)
def test_an_agreement_to_share_holds_or_does_not(
    changes: Mapping[str, object], expected: str, derive: Derive
) -> None:
    assert derive("agreement to share", "referral", changes) == expected


@pytest.mark.parametrize(
    ("asked_at", "expected"),
    [
        pytest.param("2025-02-28T12:00:00Z", "holds", id="28 February"),
        pytest.param("2025-03-01T12:00:00Z", "does not hold", id="1 March"),
    ],
)
def test_a_year_from_29_february_ends_with_28_february(
    asked_at: str, expected: str, derive: Derive
) -> None:
    changes = {
        "asked_at": asked_at,
        "concern.observed_on": "nothing",
        "agreement_to_share.given_on": "2024-02-29",
        "agreement_to_share.expires_on": "nothing",
    }

    assert derive("agreement to share", "referral", changes) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, "holds", id="an adult"),
        pytest.param({"agreement_to_support.expires_on": "nothing"}, "holds", id="no last day"),
        pytest.param({"agreement_to_support.given_by": "parent"}, "does not hold", id="parent"),
        pytest.param({"agreement_to_support.given_by": "nobody"}, "does not hold", id="nobody"),
        pytest.param({"agreement_to_support.given_on": "nothing"}, "does not hold", id="no day"),
        pytest.param({"agreement_to_support.given_on": "2026-03-17"}, "does not hold", id="later"),
        pytest.param({"agreement_to_support.status": "refused"}, "does not hold", id="refused"),
        pytest.param({"agreement_to_support.status": "unknown"}, "cannot be told", id="unknown"),
        pytest.param(YOUNG_16, "does not hold", id="alone at 16"),
        pytest.param(
            YOUNG_16 | {"agreement_to_support.given_by": "parent"},
            "the young person was not asked",
            id="a parent at 16",
        ),
        pytest.param(
            YOUNG_16
            | {
                "agreement_to_support.given_by": "parent",
                "subject.own_answer_to_support": "agrees",
            },
            "holds",
            id="a parent at 16, and the young person",
        ),
        pytest.param(
            YOUNG_16 | {"agreement_to_support.given_by": "parent", "family.implicated": "unknown"},
            "cannot be told",
            id="a parent who may be part of it",
        ),
        pytest.param(_approximately(17, 18), "cannot be told", id="about 18"),
    ],
)
def test_an_agreement_to_support_holds_or_does_not(
    changes: Mapping[str, object], expected: str, derive: Derive
) -> None:
    assert derive("agreement to support", "support", changes) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, "none", id="nothing"),
        pytest.param({"material_assistance": "yes"}, "holds", id="material assistance"),
        pytest.param({"material_assistance": "unknown"}, "cannot be told", id="perhaps"),
        pytest.param(
            {"material_assistance": "unknown", "recipient.kind": "nhs"}, "none", id="to others"
        ),
        pytest.param(
            {"legal.compulsion": "statutory-duty", "legal.order_verified": "yes"},
            "holds",
            id="a verified duty",
        ),
        pytest.param(
            {"legal.compulsion": "warrant", "legal.order_verified": "not-applicable"},
            "claimed and not shown",
            id="a warrant nobody saw",
        ),
        pytest.param(
            {"legal.compulsion": "letter-or-form", "legal.order_verified": "yes"},
            "claimed and not shown",
            id="a letter, however verified",
        ),
        pytest.param({"legal.order_verified": "yes"}, "none", id="verified, but nothing"),
    ],
)
def test_compulsion_is_shown_or_not(
    changes: Mapping[str, object], expected: str, derive: Derive
) -> None:
    assert derive("legal compulsion", "referral", changes) == expected


def _condition(article: str, paragraph: str = "none") -> dict[str, object]:
    return {"legal.article_9": article, "legal.schedule_1": paragraph}


PRIVATE = {"sender.kind": "private-body"}
COUNCIL = {"recipient.kind": "local-authority"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param(_condition("9(2)(g)"), "does not hold", id="no paragraph"),
        pytest.param(_condition("none", "6"), "does not hold", id="a paragraph without article"),
        pytest.param(_condition("9(2)(g)", "6") | PRIVATE, "does not hold", id="6, private"),
        pytest.param(_condition("9(2)(g)", "10"), "holds", id="10 to the police"),
        pytest.param(_condition("9(2)(g)", "10") | COUNCIL, "does not hold", id="10 to a council"),
        pytest.param(
            _condition("9(2)(g)", "10") | COUNCIL | PRIVATE, "holds", id="10, private to a council"
        ),
        pytest.param(
            _condition("9(2)(g)", "18") | _approximately(17, 18), "holds", id="18, about 18"
        ),
        pytest.param(
            _condition("9(2)(g)", "18") | {"subject.care_and_support_needs": "yes"},
            "holds",
            id="18, an adult at risk",
        ),
        pytest.param(_condition("9(2)(c)"), "does not hold", id="no vital interest"),
        pytest.param(_condition("9(2)(c)") | LACKS, "holds", id="cannot decide"),
        pytest.param(_condition("9(2)(c)") | {"danger": "imminent"}, "holds", id="danger"),
        pytest.param(
            _condition("9(2)(c)") | {"danger": "unknown"}, "cannot be told", id="danger?"
        ),
        pytest.param(
            _condition("9(2)(c)") | {"subject.capacity": "unknown"},
            "cannot be told",
            id="capacity unknown",
        ),
        pytest.param(
            _condition("9(2)(c)") | {"subject.capacity": "unknown"} | CHILD_15,
            "does not hold",
            id="capacity is no question under 16",
        ),
        pytest.param(
            _condition("9(2)(f)")
            | {"legal.compulsion": "court-order", "legal.order_verified": "yes"},
            "holds",
            id="a court order",
        ),
        pytest.param(
            _condition("9(2)(f)")
            | {"legal.compulsion": "statutory-duty", "legal.order_verified": "yes"},
            "does not hold",
            id="a duty is no order",
        ),
        pytest.param(
            _condition("9(2)(h)") | COUNCIL | {"purpose": "other-safeguarding"},
            "holds",
            id="health to council",
        ),
        pytest.param(_condition("9(2)(h)") | COUNCIL, "does not hold", id="for another purpose"),
        pytest.param(
            _condition("9(2)(h)") | {"purpose": "other-safeguarding"},
            "does not hold",
            id="health to police",
        ),
    ],
)
def test_a_condition_passes_its_own_test_or_does_not(
    changes: Mapping[str, object], expected: str, derive: Derive
) -> None:
    assert derive("special condition's own test", "referral", changes) == expected


@pytest.mark.parametrize(
    ("base", "purpose", "expected"),
    [
        pytest.param("referral", "referral", {"6", "10"}, id="referral of an adult"),
        pytest.param("child", "referral", {"6", "10", "18"}, id="referral of a child"),
        pytest.param("child", "case-review", {"6", "18"}, id="review of a child"),
        pytest.param("referral", "case-review", {"6"}, id="review of an adult"),
        pytest.param("referral", "staff-process", {"none"}, id="staff"),
        pytest.param("cannot-decide", "transfer", {"6", "9(2)(c)"}, id="one who cannot decide"),
        pytest.param("order", "court-or-legal", {"9(2)(f)"}, id="a verified order"),
        pytest.param("order", "crime", {"10", "9(2)(f)"}, id="an order for another purpose"),
        pytest.param("referral", "anonymous-assurance", {"none"}, id="counts"),
        pytest.param("referral", "court-or-legal", {"none"}, id="an order that is not there"),
    ],
)
def test_the_conditions_that_would_hold_are_known(
    base: str, purpose: str, expected: set[str], derive: Derive
) -> None:
    found = derive("special conditions that would hold", base, {"purpose": purpose})

    assert found == frozenset(expected)


def test_an_approval_without_an_approver_does_not_count(derive: Derive) -> None:
    changes = {
        "approval.decision": "approve",
        "approval.relation": "independent",
        "approval.reason": "I agree.",
    }

    assert derive("approval", "referral", changes) == "does not count"


def test_what_the_functions_read_is_declared() -> None:
    package = files("policies")
    sources = [*(package / "derived").iterdir(), package / "facts.py"]
    text = "".join(
        path.read_text("utf-8")
        for path in sources
        if path.name.endswith(".py") and path.name != "__init__.py"
    )
    declared = {place for places in READS.values() for place in places}

    read = set(re.findall(r'(?:word|words|day|values)[(\[]"([a-z_0-9.]+)"[)\]]', text))

    assert read == declared
