"""Proofs, by Z3, that some things can never happen: for every possible sheet, not for samples.

A false claim would come back with a request that breaks it.
"""

import pytest
import z3  # type: ignore[import-untyped]  # z3-solver ships no types
from symbolic import (
    A_QUESTION,
    ABOUT_A_PERSON,
    ADULT_WHO_CAN_DECIDE,
    ANSWERED,
    APPROVED,
    BY_POLICE_OR_COUNCIL,
    COMPELLED,
    EMERGENCY,
    EVERY,
    NO_AGREEMENT,
    PERMITTED,
    SERIOUS,
    answers,
    counterexample,
    is_,
)

from policies.engine import Card


@pytest.mark.parametrize(
    "stop",
    [
        pytest.param(is_("requester is signed in", "no"), id="nobody unknown is answered"),
        pytest.param(is_("requester is assigned to the case", "no"), id="nor anyone off the case"),
        pytest.param(
            is_("purpose", "not-listed", "immigration-enforcement", "research-or-media"),
            id="nor a purpose that is not ours",
        ),
        pytest.param(is_("intelligence material", "yes"), id="intelligence never leaves"),
        pytest.param(is_("approval", "does not count"), id="nobody approves their own"),
        pytest.param(is_("recipient is in the directory", "no"), id="nobody off the directory"),
        pytest.param(is_("recipient needs it", "no"), id="nobody without need"),
        pytest.param(is_("recipient is in the United Kingdom", "no"), id="nothing goes abroad"),
        pytest.param(is_("mail verdict", "retired", "hold", "reject"), id="no unsafe address"),
        pytest.param(
            z3.And(ABOUT_A_PERSON, is_("number of people", "0", "2", "3")),
            id="no list of people",
        ),
    ],
)
def test_a_hard_stop_is_never_answered_emergency_or_not(stop: z3.BoolRef) -> None:
    assert counterexample(ANSWERED, stop) is None


@pytest.mark.parametrize(
    "never",
    [
        pytest.param(
            z3.And(
                ADULT_WHO_CAN_DECIDE,
                NO_AGREEMENT,
                z3.Not(COMPELLED),
                z3.Not(SERIOUS),
                z3.Not(BY_POLICE_OR_COUNCIL),
            ),
            id="an adult who can decide, has not agreed, and no serious harm",
        ),
        pytest.param(
            z3.And(
                ADULT_WHO_CAN_DECIDE,
                NO_AGREEMENT,
                z3.Not(COMPELLED),
                z3.Not(APPROVED),
                z3.Not(SERIOUS),
                z3.Not(is_("harm", "significant")),
            ),
            id="such an adult, less than significant harm, and no second person, asked or not",
        ),
        pytest.param(
            z3.And(
                ADULT_WHO_CAN_DECIDE,
                NO_AGREEMENT,
                z3.Not(COMPELLED),
                is_("reason of public interest", ""),
            ),
            id="such an adult, and no balance written",
        ),
        pytest.param(
            z3.And(
                ADULT_WHO_CAN_DECIDE,
                NO_AGREEMENT,
                z3.Not(COMPELLED),
                z3.Not(APPROVED),
                z3.Not(is_("status of the agreement", "not-sought")),
                z3.Not(BY_POLICE_OR_COUNCIL),
            ),
            id="such an adult who was asked, and no second person",
        ),
        pytest.param(is_("danger", "unknown"), id="unknown danger"),
        pytest.param(is_("material assistance", "unknown"), id="unknown material assistance"),
        pytest.param(is_("recipient needs it", "unknown"), id="unknown need for the role"),
        pytest.param(
            z3.And(is_("harm", "unknown"), z3.Not(COMPELLED)), id="unknown harm, no compulsion"
        ),
        pytest.param(
            z3.And(is_("less would do", "unknown"), z3.Not(COMPELLED)),
            id="unknown whether less would do",
        ),
        pytest.param(
            z3.And(ABOUT_A_PERSON, is_("source of the concern", "unknown"), z3.Not(COMPELLED)),
            id="unknown source",
        ),
        pytest.param(
            z3.And(
                ABOUT_A_PERSON,
                is_("under 16", "no", "not sure"),
                is_("capacity", "unknown", "doubted", "fluctuating"),
                z3.Not(COMPELLED),
            ),
            id="capacity in doubt",
        ),
        pytest.param(
            z3.And(
                ABOUT_A_PERSON,
                is_("under 18", "yes", "not sure"),
                is_("a parent is implicated", "unknown"),
                z3.Not(COMPELLED),
            ),
            id="unknown whether a parent of a child is part of it",
        ),
        pytest.param(
            z3.And(
                ABOUT_A_PERSON,
                is_("the person was told", "no"),
                is_("telling raises risk", "unknown"),
            ),
            id="unknown whether telling raises the risk",
        ),
        pytest.param(
            z3.And(
                is_("mail verdict", "seal"),
                is_("recipient takes encrypted files", "unknown"),
            ),
            id="unknown whether sealed files are taken",
        ),
        pytest.param(
            z3.And(ABOUT_A_PERSON, is_("special condition's own test", "cannot be told")),
            id="a condition that cannot be told",
        ),
        pytest.param(is_("article 6 basis", "consent", "none"), id="consent as the basis"),
        pytest.param(is_("approval", "refused by someone independent"), id="a second refusal"),
        pytest.param(
            z3.And(
                is_("purpose", "support-delivery"),
                z3.Not(is_("agreement to support", "holds")),
            ),
            id="support without agreement, compelled or not",
        ),
        pytest.param(
            z3.And(is_("purpose", "court-or-legal"), z3.Not(COMPELLED)),
            id="an order not shown",
        ),
        pytest.param(
            z3.And(is_("purpose", "crime"), z3.Not(COMPELLED), z3.Not(APPROVED)),
            id="a request about a crime without a second person",
        ),
        pytest.param(
            z3.And(is_("purpose", "staff-process"), z3.Not(APPROVED)),
            id="staff without a second person",
        ),
        pytest.param(
            z3.And(
                ABOUT_A_PERSON,
                is_("under 18", "yes", "not sure"),
                NO_AGREEMENT,
                is_("harm", "none", "some"),
                z3.Not(COMPELLED),
                z3.Not(APPROVED),
                is_("capacity", "presumed", "has"),
            ),
            id="a child below significant harm without agreement or a second person, duty or not",
        ),
        pytest.param(
            z3.And(
                is_("purpose", "referral"),
                is_("the lead's check", "not-asked"),
                z3.Not(z3.And(is_("material assistance", "yes"), is_("recipient", "police"))),
            ),
            id="a referral that the lead was not asked about",
        ),
        pytest.param(
            z3.And(
                ABOUT_A_PERSON,
                is_("the person was told", "no"),
                is_("reason for not telling", ""),
            ),
            id="a person not told, and no reason",
        ),
        pytest.param(
            z3.And(
                is_("purpose", "referral", "partner-request"),
                is_("an order sets the fields", "no"),
                is_("missing to act on", "written"),
            ),
            id="a pack that nobody can act on",
        ),
        pytest.param(
            z3.And(
                is_("purpose", "crime", "partner-request", "partner-response"),
                is_("a victim is asked about", "yes"),
                z3.Not(
                    z3.And(
                        is_("requester's body", "police"),
                        is_("a reasonable line of enquiry", "yes"),
                    )
                ),
            ),
            id="a victim, without the police or a line of enquiry",
        ),
        pytest.param(
            z3.And(
                is_("purpose", "crime", "partner-request", "partner-response"),
                is_("a victim is asked about", "yes"),
                is_("counselling records", "yes"),
                z3.Not(is_("a senior officer approved", "yes")),
            ),
            id="a victim's counselling records without a senior officer",
        ),
        pytest.param(
            z3.And(
                is_("sender's mail", "not-secure"),
                is_("recipient takes encrypted files", "unknown"),
            ),
            id="unknown whether sealed files are taken, where the sender's mail is not safe",
        ),
        pytest.param(is_("purpose", "anonymous-assurance"), id="a pack for counts"),
    ],
)
def test_what_must_never_be_permitted_neveris_word(never: z3.BoolRef) -> None:
    # The register lists no condition for staff; the cards read that as a derived fact.
    usual = z3.Implies(
        is_("purpose", "staff-process"), is_("special condition is usual here", "no")
    )

    assert counterexample(PERMITTED, never, usual) is None


@pytest.mark.parametrize(
    "possible",
    [
        pytest.param(PERMITTED, id="a permit"),
        pytest.param(EMERGENCY, id="an emergency"),
        pytest.param(
            z3.And(PERMITTED, NO_AGREEMENT, ADULT_WHO_CAN_DECIDE, APPROVED), id="approved"
        ),
        pytest.param(
            z3.And(PERMITTED, NO_AGREEMENT, ADULT_WHO_CAN_DECIDE, COMPELLED), id="compelled"
        ),
        pytest.param(
            z3.And(
                PERMITTED,
                NO_AGREEMENT,
                ADULT_WHO_CAN_DECIDE,
                A_QUESTION,
                z3.Not(SERIOUS),
                z3.Not(APPROVED),
                z3.Not(COMPELLED),
            ),
            id="a question of the police without agreement or a second person",
        ),
        pytest.param(
            z3.And(
                PERMITTED,
                NO_AGREEMENT,
                is_("under 18", "yes"),
                is_("harm", "some"),
                is_("duty to share", "binds"),
                APPROVED,
                z3.Not(COMPELLED),
            ),
            id="a child under the duty to share, approved",
        ),
        pytest.param(
            z3.And(EMERGENCY, is_("recipient", "nhs")), id="an emergency told to the NHS"
        ),
        pytest.param(
            z3.And(PERMITTED, NO_AGREEMENT, is_("under 18", "yes"), is_("harm", "significant")),
            id="a child at significant harm",
        ),
    ],
)
def test_the_proofs_are_not_empty_for_this_can_happen(possible: z3.BoolRef) -> None:
    assert counterexample(possible) is not None


@pytest.mark.parametrize(
    ("card", "number"),
    [pytest.param(card, number, id=f"{card.rule}-{number + 1}") for card, number, _ in EVERY],
)
def test_every_finding_can_be_reached(card: Card, number: int) -> None:
    assert counterexample(answers(card, number)) is not None
