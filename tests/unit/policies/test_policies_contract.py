"""The order of judging, the duties and the fields: each line is a sentence of the contract."""

from collections.abc import Callable, Mapping

import pytest

from policies import Decision, Effect, Outcome, Rulebook, Status
from policies.engine import CardFinding

Judge = Callable[[str, Mapping[str, object]], Decision]

APPROVED = {
    "approval.approver": "p-guardian",
    "approval.relation": "independent",
    "approval.decision": "approve",
    "approval.reason": "The harm outweighs the confidence.",
}
REFUSED: dict[str, object] = {
    "agreement_to_share.status": "refused",
    "agreement_to_share.recipients": [],
    "agreement_to_share.purposes": [],
}
# With these, a referral holds enough to act on.
ENOUGH = ["individual.name", "concerns.event", "referrer.person"]
RELIGION: dict[str, object] = {
    "fields": [*ENOUGH, "individual.religion"],
    "reasons_for_extra_fields": {"individual.religion": "It is what the concern is about."},
}
NO_REASON = "This goes beyond the minimum, and no reason is written for it."
NO_DUTY: set[str] = set()
SEALED = {"recipient.mail": "seal"}
ABOUT_18 = {
    "subject.date_of_birth": "nothing",
    "subject.approximate_age": {"from": 17, "to": 18},
}


def _effects(decision: Decision, *effects: Effect) -> set[str]:
    return {str(finding.rule) for finding in decision.findings if finding.effect in effects}


def _obliged(decision: Decision) -> set[str]:
    return {obligation.type for obligation in decision.obligations}


def test_each_rule_has_exactly_one_finding_in_every_outcome(judge: Judge) -> None:
    rules = [f"R{number:02}" for number in (*range(1, 35), *range(36, 40), *range(41, 45))]

    for base in ("referral", "danger", "serious", "counts", "order", "refused"):
        assert [finding.rule for finding in judge(base, {}).findings] == rules


@pytest.mark.parametrize(
    ("base", "changes", "outcome"),
    [
        pytest.param("referral", {}, "permit", id="nothing left to do"),
        pytest.param("referral", SEALED, "permit-with-obligations", id="a duty left"),
        pytest.param("refused", {}, "refuse", id="a refusal"),
        pytest.param("serious", {}, "refer", id="a referral"),
        pytest.param("danger", {}, "emergency", id="danger told to the police"),
        pytest.param("serious", {"previously_refused": "yes"}, "refuse", id="refuse over refer"),
        pytest.param("danger", {"recipient.kind": "nhs"}, "refuse", id="danger told to others"),
        pytest.param("danger", {"purpose": "audit"}, "refuse", id="a person where none may be"),
        pytest.param("danger", {"purpose": "not-listed"}, "refuse", id="not ours, in danger"),
        pytest.param("danger", {"purpose": "emergency"}, "emergency", id="the purpose emergency"),
        pytest.param("danger", {"purpose": "transfer"}, "emergency", id="any purpose of ours"),
        pytest.param("danger", {"purpose_statement": ""}, "emergency", id="no words, in danger"),
        pytest.param("danger", {"previously_refused": "yes"}, "emergency", id="refused before"),
        pytest.param("danger", {"concern.harm": "unknown"}, "emergency", id="unknown harm"),
        pytest.param("danger", {"recipient.mail": "hold"}, "refuse", id="hold, in danger"),
        pytest.param("danger", {"recipient.mail": "reject"}, "refuse", id="reject, in danger"),
        pytest.param("danger", {"recipient.in_directory": "no"}, "refuse", id="not listed"),
        pytest.param("danger", {"material.intelligence": "yes"}, "refuse", id="intelligence"),
        pytest.param("danger", {"legal.article_6": "consent"}, "emergency", id="no basis"),
        pytest.param("counts", {}, "refuse", id="counts come from the record"),
        pytest.param("counts", {"fields": ["individual.name"]}, "refuse", id="a name in counts"),
        pytest.param("counts", {"purpose": "audit"}, "refuse", id="audit gets no field"),
        pytest.param("order", {"legal.order_verified": "no"}, "refuse", id="order not verified"),
        pytest.param(
            "referral",
            {
                "purpose": "court-or-legal",
                "agreement_to_share.purposes": ["court-or-legal"],
                "legal.compulsion": "letter-or-form",
            },
            "refer",
            id="a letter, where the person agrees",
        ),
        pytest.param("order", {}, "permit-with-obligations", id="a verified order"),
        pytest.param(
            "cannot-decide",
            {"legal.article_9": "9(2)(c)", "legal.schedule_1": "none"},
            "permit-with-obligations",
            id="vital interests stand on their own test",
        ),
        pytest.param(
            "cannot-decide",
            {
                "purpose": "staff-process",
                "legal.article_9": "9(2)(c)",
                "legal.schedule_1": "none",
                "fields": ["consent.agreements"],
            },
            "refer",
            id="for staff it always refers",
        ),
        pytest.param(
            "referral",
            {
                "purpose": "other-safeguarding",
                "recipient.kind": "local-authority",
                "agreement_to_share.purposes": ["other-safeguarding"],
                "legal.article_9": "9(2)(h)",
                "legal.schedule_1": "none",
                "fields": ["individual.date_of_birth"],
            },
            "permit",
            id="health and social care between their bodies",
        ),
        pytest.param("crime", APPROVED, "permit-with-obligations", id="a crime, approved"),
        pytest.param("cannot-decide", {}, "permit-with-obligations", id="best interests"),
        pytest.param("unsafe-to-ask", {}, "permit-with-obligations", id="not safe to ask"),
        pytest.param("support", {}, "permit-with-obligations", id="support"),
        pytest.param("child", REFUSED, "permit-with-obligations", id="a child whose harm counts"),
        pytest.param(
            "child",
            {**REFUSED, "concern.harm": "some", "family.implicated": "unknown"},
            "refuse",
            id="a refusal is not hidden by what nobody knows",
        ),
        pytest.param("child", ABOUT_18 | REFUSED, "permit-with-obligations", id="about 18"),
        pytest.param("referral", ABOUT_18, "permit-with-obligations", id="about 18, agreed"),
        pytest.param(
            "referral",
            {
                "subject.date_of_birth": "nothing",
                "subject.approximate_age": {"from": 14, "to": 16},
                "subject.competence": "no",
                "concern.harm": "some",
            },
            "refer",
            id="the agreement turns on being 16",
        ),
    ],
)
def test_the_order_of_judging_gives_the_outcome(
    base: str, changes: Mapping[str, object], outcome: str, judge: Judge
) -> None:
    assert judge(base, changes).outcome.value == outcome


@pytest.mark.parametrize(
    "place",
    [
        "danger",
        "material_assistance",
        "concern.source",
        "concern.harm",
        "necessity.less_would_do",
        "recipient.needs_it_for_role",
        "subject.capacity",
        "agreement_to_share.status",
    ],
)
def test_an_unknown_that_is_always_needed_refers(place: str, judge: Judge) -> None:
    assert judge("referral", {place: "unknown"}).outcome is Outcome.REFER


@pytest.mark.parametrize(
    ("base", "changes"),
    [
        pytest.param("cannot-decide", {"subject.decision_can_wait": "unknown"}, id="can it wait"),
        pytest.param(
            "child", {"concern.harm": "some", "subject.competence": "unknown"}, id="competence"
        ),
        pytest.param(
            "child",
            {"concern.harm": "some", "subject.competence": "not-applicable"},
            id="competence that does not apply reads as unknown",
        ),
        pytest.param("child", {"family.implicated": "unknown"}, id="a parent implicated"),
        pytest.param(
            "referral",
            {"legal.schedule_1": "18", "subject.care_and_support_needs": "unknown"},
            id="care and support",
        ),
        pytest.param(
            "serious",
            {"concern.harm": "significant", "concern.serious_crime": "unknown"},
            id="serious crime",
        ),
        pytest.param(
            "unsafe-to-ask", {"agreement_to_share.asking_raises_risk": "unknown"}, id="asking"
        ),
        pytest.param(
            "referral",
            {
                "told.status": "no",
                "told.telling_raises_risk": "unknown",
                "told.reason": "Nobody has spoken to him.",
            },
            id="telling",
        ),
        pytest.param("support", {"agreement_to_support.status": "unknown"}, id="support"),
        pytest.param(
            "referral", SEALED | {"recipient.accepts_encrypted": "unknown"}, id="encryption"
        ),
    ],
)
def test_an_unknown_that_is_needed_here_refers(
    base: str, changes: Mapping[str, object], judge: Judge
) -> None:
    assert judge(base, changes).outcome is Outcome.REFER
    assert judge(base, {**changes, **APPROVED}).outcome is Outcome.REFER


@pytest.mark.parametrize(
    "changes",
    [
        {"family.parent_position": "unknown"},
        {"subject.send": "unknown"},
        {"subject.competence": "unknown"},
        {"family.implicated": "unknown"},
        {"concern.serious_crime": "unknown"},
        {"subject.decision_can_wait": "unknown"},
        {"told.telling_raises_risk": "unknown"},
        {"agreement_to_share.asking_raises_risk": "unknown"},
        {"recipient.accepts_encrypted": "unknown"},
        {"agreement_to_support.status": "unknown"},
        {"subject.care_and_support_needs": "unknown"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_an_unknown_that_nothing_needs_stops_nothing(
    changes: Mapping[str, object], judge: Judge
) -> None:
    assert judge("referral", changes).outcome is Outcome.PERMIT


def test_compulsion_frees_just_the_rules_of_agreement(judge: Judge, rulebook: Rulebook) -> None:
    yielding = {
        card.rule for card in rulebook.cards if any(map(_yields_to_compulsion, card.findings))
    }
    unsettled = {
        "material_assistance": "yes",
        "recipient.sharing_agreement_live": "no",
        "subject.capacity": "doubted",
        "previously_refused": "yes",
    }

    decision = judge("serious", unsettled)

    assert yielding == {"R10", "R11", "R12", "R13", "R14", "R15", "R21", "R28"}
    assert _effects(decision, Effect.WAIVED) == {"R10", "R13", "R28"}
    assert _effects(decision, Effect.REFUSE, Effect.REFER) == {"R36"}


def _yields_to_compulsion(finding: CardFinding) -> bool:
    return finding.yields_to_compulsion


def test_material_assistance_frees_nothing_for_others_than_the_police(judge: Judge) -> None:
    council = {"recipient.kind": "local-authority", "material_assistance": "yes"}

    assert judge("serious", council).outcome is Outcome.REFER


def test_in_an_emergency_whatever_is_not_met_is_waived(judge: Judge) -> None:
    decision = judge("danger", {"previously_refused": "yes", "proportionality.reason": ""})

    assert _effects(decision, Effect.WAIVED) == {"R08", "R13", "R36"}
    assert not _effects(decision, Effect.REFUSE, Effect.REFER)
    assert decision.lawful_if == ()


def test_999_is_said_whatever_the_outcome(judge: Judge) -> None:
    for changes in ({}, {"recipient.kind": "nhs"}, {"material.intelligence": "yes"}):
        assert "call-999" in _obliged(judge("danger", changes))


def test_a_refusal_joins_what_every_stopping_rule_asks_for(judge: Judge) -> None:
    decision = judge("refused", {"necessity.reason": "", "subject.capacity": "doubted"})

    assert decision.outcome is Outcome.REFUSE
    assert decision.lawful_if == (
        "Write why the purpose cannot be met without this.",
        "Help the person to decide, then assess and record whether they can.",
        (
            "Get the person's agreement. If the harm or crime is serious, "
            "write the balance of public interest."
        ),
    )
    assert decision.release == ()
    assert set(decision.withheld.values()) == {"Nothing goes while the disclosure is refused."}


@pytest.mark.parametrize(
    ("changes", "refers"),
    [
        pytest.param({}, {"R13"}, id="R13"),
        pytest.param(
            {
                "purpose": "partner-response",
                "legal.schedule_1": "10",
                "fields": ["concerns.source"],
            },
            {"R13", "R18"},
            id="R18",
        ),
        pytest.param(RELIGION, {"R13", "R29"}, id="R29"),
        pytest.param({"recipient.sharing_agreement_live": "no"}, {"R13", "R28"}, id="R28"),
    ],
)
@pytest.mark.parametrize("decision_word", ["approve", "approve-reduced"])
def test_an_independent_approval_answers_what_was_referred(
    changes: Mapping[str, object], refers: set[str], decision_word: str, judge: Judge
) -> None:
    before = judge("serious", changes)
    after = judge("serious", {**changes, **APPROVED, "approval.decision": decision_word})

    assert _effects(before, Effect.REFER, Effect.REFUSE) == refers
    assert after.outcome is Outcome.PERMIT_WITH_OBLIGATIONS
    assert _obliged(after) == {"guardian-review"}
    met = {str(finding.rule) for finding in after.findings if finding.status is Status.MET}
    assert met >= refers


def test_the_review_is_by_another_than_the_approver(judge: Judge) -> None:
    (review,) = judge("serious", APPROVED).obligations

    assert dict(review.properties) == {"not-by": "p-guardian", "owed-by": "guardian"}


@pytest.mark.parametrize(
    "changes",
    [
        {"subject.capacity": "doubted"},
        {"necessity.less_would_do": "unknown"},
        {"legal.compulsion": "letter-or-form"},
    ],
    ids=["capacity", "an unknown", "a letter"],
)
def test_an_approval_answers_nothing_else(changes: Mapping[str, object], judge: Judge) -> None:
    assert judge("referral", {**changes, **APPROVED}).outcome is Outcome.REFER


@pytest.mark.parametrize(
    ("base", "changes", "release", "withheld"),
    [
        pytest.param(
            "referral",
            {"fields": [*ENOUGH, "individual.religion", "individual.nationality"]},
            {*ENOUGH},
            {
                "individual.religion": NO_REASON,
                "individual.nationality": "This is not shared for this purpose.",
            },
            id="no reason, and never",
        ),
        pytest.param(
            "referral",
            {
                "fields": [*ENOUGH, "individual.nationality"],
                "reasons_for_extra_fields": {"individual.nationality": "It would help."},
            },
            {*ENOUGH},
            {"individual.nationality": "This is not shared for this purpose."},
            id="never, reason or not",
        ),
        pytest.param(
            "referral",
            {
                "fields": [*ENOUGH, "individual.social_media", "agencies.involved"],
                "reasons_for_extra_fields": {
                    "individual.social_media": "He was met there.",
                    "agencies.involved": " \t",
                },
            },
            {*ENOUGH, "individual.social_media"},
            {"agencies.involved": NO_REASON},
            id="a plain field with a reason, one with white space",
        ),
        pytest.param(
            "referral",
            {**RELIGION, **APPROVED},
            {*ENOUGH, "individual.religion"},
            {},
            id="a sensitive field that the Guardian agreed to",
        ),
        pytest.param(
            "referral",
            {"fields": [*ENOUGH, "family.parents"]},
            {*ENOUGH},
            {"family.parents": NO_REASON},
            id="the parents of an adult",
        ),
        pytest.param(
            "child",
            {"fields": [*ENOUGH, "family.parents"]},
            {*ENOUGH, "family.parents"},
            {},
            id="the parents of a child",
        ),
        pytest.param(
            "order",
            {"fields": ["individual.name", "individual.contact", "record.whole"]},
            {"individual.name"},
            {
                "individual.contact": "The order does not name this.",
                "record.whole": "The whole record never leaves; name the parts that are needed.",
            },
            id="exactly what the order names",
        ),
        pytest.param(
            "referral",
            {
                "legal.compulsion": "warrant",
                "legal.order_verified": "yes",
                "legal.order_fields": ["history.criminal"],
                "fields": ["individual.name", "history.criminal"],
            },
            {"history.criminal"},
            {"individual.name": "The order does not name this."},
            id="a warrant decides whatever the purpose",
        ),
        pytest.param(
            "referral",
            {
                "legal.compulsion": "statutory-duty",
                "legal.order_verified": "yes",
                "legal.order_fields": ["individual.nationality"],
                "fields": [*ENOUGH, "individual.nationality"],
            },
            {*ENOUGH},
            {"individual.nationality": "This is not shared for this purpose."},
            id="a duty leaves the purpose to decide",
        ),
        pytest.param(
            "danger",
            {
                "purpose": "crime",
                "fields": [
                    "individual.name",
                    "needs.health",
                    "family.household",
                    "individual.photograph_or_vehicle",
                    "record.whole",
                ],
                "reasons_for_extra_fields": {"family.household": "A child is in the house."},
            },
            {"individual.name", "family.household"},
            {
                "needs.health": "This is not part of an emergency pack.",
                "individual.photograph_or_vehicle": NO_REASON,
                "record.whole": "The whole record never leaves; name the parts that are needed.",
            },
            id="the emergency row, whatever the purpose",
        ),
        pytest.param(
            "danger",
            {
                "recipient.kind": "nhs",
                "recipient.function": "safeguarding-inbox",
                "fields": ["individual.name", "individual.address", "consent.agreements"],
            },
            {"individual.name"},
            {
                "individual.address": "This is not part of an emergency pack.",
                "consent.agreements": "This is not part of an emergency pack.",
            },
            id="the least, to a safeguarding team",
        ),
    ],
)
def test_a_field_goes_or_stays_with_its_reason(
    base: str,
    changes: Mapping[str, object],
    release: set[str],
    withheld: dict[str, str],
    judge: Judge,
) -> None:
    decision = judge(base, changes)

    assert set(decision.release) == release
    assert decision.withheld == withheld
    assert ("withhold" in _obliged(decision)) == bool(withheld)


def test_what_is_withheld_stands_in_the_duty(judge: Judge) -> None:
    decision = judge("referral", {"fields": [*ENOUGH, "record.whole", "needs.health"]})

    (withhold,) = decision.obligations
    assert dict(withhold.properties) == {"fields": ("needs.health", "record.whole")}
    assert (withhold.id, withhold.when.value) == ("R29-withhold", "at-release")


def test_on_a_referral_nothing_goes_yet(judge: Judge) -> None:
    decision = judge("referral", RELIGION)

    assert decision.release == ()
    assert decision.withheld == dict.fromkeys(
        (*ENOUGH[:1], "individual.religion", *ENOUGH[1:]),
        "Nothing goes until the Guardian decides.",
    )
    assert decision.lawful_if == (
        (
            "An independent Guardian agrees to these fields, "
            "or you leave them out: individual.religion."
        ),
    )


@pytest.mark.parametrize(
    ("base", "changes", "duties"),
    [
        pytest.param("child", {}, {"tell-the-parents"}, id="told parents of a child"),
        pytest.param("child", {"purpose": "crime"}, NO_DUTY, id="not about a crime"),
        pytest.param("child", {"purpose": "court-or-legal"}, NO_DUTY, id="not about an order"),
        pytest.param("referral", {}, NO_DUTY, id="not of an adult"),
        pytest.param("referral", ABOUT_18, {"tell-the-parents"}, id="of someone about 18"),
        pytest.param(
            "child",
            {"told.status": "no", "told.telling_raises_risk": "yes", "told.reason": "It would."},
            NO_DUTY,
            id="not where telling the child raises the risk",
        ),
        pytest.param(
            "child",
            {"told.status": "no", "told.telling_raises_risk": "no"},
            {"tell-the-parents"},
            id="where the child is to be told",
        ),
        pytest.param(
            "child",
            {"family.implicated": "yes", "purpose": "crime"},
            {"do-not-tell-the-parents"},
            id="never a parent who is part of it",
        ),
    ],
)
def test_parents_hear_or_must_not(
    base: str, changes: Mapping[str, object], duties: set[str], judge: Judge
) -> None:
    # In danger the duties are listed whatever else is not met.
    decision = judge(base, {**changes, "danger": "imminent"})

    assert decision.outcome is Outcome.EMERGENCY
    assert _obliged(decision) & {"tell-the-parents", "do-not-tell-the-parents"} == duties


@pytest.mark.parametrize(
    ("base", "changes", "expected"),
    [
        pytest.param("child", {"concern.harm": "significant"}, True, id="a child, significant"),
        pytest.param("child", {"concern.harm": "some"}, False, id="a child, some"),
        pytest.param("referral", {"concern.harm": "serious"}, False, id="an adult without needs"),
        pytest.param(
            "referral",
            {"concern.harm": "some", "subject.care_and_support_needs": "yes"},
            False,
            id="an adult with needs, some",
        ),
        pytest.param(
            "referral", {"concern.harm_to_person": "yes"}, True, id="an adult who would be harmed"
        ),
        pytest.param(
            "referral",
            {"concern.harm": "none", "subject.care_and_support_needs": "yes"},
            False,
            id="an adult with needs, none",
        ),
    ],
)
def test_social_care_hears_of_harm(
    base: str, changes: Mapping[str, object], *, expected: bool, judge: Judge
) -> None:
    decision = judge(base, {**changes, "danger": "imminent"})

    assert ("refer-to-social-care" in _obliged(decision)) is expected


def test_a_person_told_later_is_told_by_the_day_set(judge: Judge) -> None:
    (duty,) = judge(
        "referral",
        {"told.status": "no", "told.reason": "He is at sea.", "told.tell_by": "2026-04-16"},
    ).obligations

    assert duty.document() == {
        "id": "R37-tell-the-person",
        "type": "tell-the-person",
        "when": "after-release",
        "properties": {"by": "2026-04-16", "due": "as-written"},
    }


def test_a_person_not_to_be_told_yet_may_have_no_day(judge: Judge) -> None:
    decision = judge("unsafe-to-ask", {"told.tell_by": "nothing"})

    properties = {duty.type: dict(duty.properties) for duty in decision.obligations}
    assert properties["do-not-tell-the-person-yet"] == {"tell-by": None, "due": "as-written"}


def test_sealing_and_redaction_stand_in_an_emergency(judge: Judge) -> None:
    decision = judge("danger", SEALED | {"material.third_parties": "yes"})

    assert _obliged(decision) >= {"seal", "withhold", "redact-third-parties"}


def test_what_would_hold_is_named_where_a_condition_fails(judge: Judge) -> None:
    decision = judge("child", {"legal.schedule_1": "none"})

    assert decision.lawful_if == (
        (
            "Name a condition that holds. For this purpose these do "
            "(a number is a paragraph of Schedule 1): 10, 18, 6."
        ),
    )
