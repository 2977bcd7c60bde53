"""The fields of each purpose and the classes of fields, as the contract's tables say them."""

import re
from collections.abc import Iterator, Mapping

import pytest

from policies import FIELDS, Outcome, Rulebook, decide
from policies.registers import PurposeFields
from policies.tools.cases import changed

# Compact: `individual.{name address}` is two fields. One line is minimum, child, with a reason.
ROWS = {
    "referral": (
        (
            "consent.agreements individual.{name date_of_birth approximate_age gender address "
            "contact} family.implicated concerns.{description how_noticed event contacts online "
            "threats interest travel weapons_or_skills source} education.place "
            "noticed_by.{person anonymous} referrer.person consent.{told reason} capacity.finding "
            "checks.{discussed action parallel} dates.noticed"
        ),
        "family.parents",
        (
            "individual.{place_of_birth language religion social_media} "
            "family.{parents children_or_siblings} "
            "needs.{health circumstances protective_factors chronology} education.ehcp "
            "agencies.involved history.{referrals criminal}"
        ),
    ),
    "police-screening": (
        (
            "consent.agreements individual.{name date_of_birth approximate_age gender address} "
            "concerns.{description how_noticed event threats interest weapons_or_skills source} "
            "agencies.involved"
        ),
        "",
        (
            "individual.{place_of_birth nationality social_media} "
            "concerns.contacts history.{referrals criminal}"
        ),
    ),
    "partner-response": (
        (
            "consent.agreements individual.{name date_of_birth approximate_age gender address} "
            "concerns.source agencies.involved"
        ),
        "",
        (
            "individual.nhs_number concerns.{event contacts online threats interest} "
            "needs.{health circumstances other_safeguarding protective_factors chronology} "
            "education.{place ehcp} history.referrals capacity.finding checks.action"
        ),
    ),
    "panel-assessment": (
        (
            "consent.agreements individual.{name date_of_birth approximate_age gender address "
            "language} concerns.source needs.protective_factors consent.told capacity.finding "
            "panel.assessment"
        ),
        "",
        (
            "individual.{nationality immigration_status ethnicity religion} family.parents "
            "concerns.{description event contacts online interest travel} "
            "needs.{health circumstances other_safeguarding chronology} education.place "
            "history.{referrals criminal} referrer.person checks.action dates.noticed"
        ),
    ),
    "support-delivery": (
        (
            "consent.agreements individual.{date_of_birth approximate_age language} "
            "capacity.finding panel.plan"
        ),
        "",
        "individual.{name gender address contact} needs.circumstances",
    ),
    "case-review": (
        (
            "consent.agreements individual.{date_of_birth approximate_age} "
            "panel.{assessment plan minutes}"
        ),
        "",
        "individual.name",
    ),
    "transfer": (
        "consent.agreements individual.{name date_of_birth approximate_age address} panel.plan",
        "",
        "panel.{assessment minutes}",
    ),
    "other-safeguarding": (
        (
            "consent.agreements individual.{date_of_birth approximate_age} "
            "needs.other_safeguarding education.ehcp checks.parallel"
        ),
        "",
        "individual.name family.{children_or_siblings household}",
    ),
    "staff-process": (
        "consent.agreements",
        "",
        "individual.name education.place concerns.event checks.action",
    ),
    "emergency": (
        (
            "consent.agreements individual.{name date_of_birth approximate_age gender address "
            "contact} concerns.{description event threats travel weapons_or_skills} "
            "education.place referrer.person checks.emergency"
        ),
        "",
        "individual.photograph_or_vehicle family.household",
    ),
    "crime": (
        "consent.agreements individual.name",
        "",
        (
            "concerns.threats individual.{date_of_birth approximate_age address} "
            "concerns.{event weapons_or_skills}"
        ),
    ),
    "court-or-legal": ("", "", ""),
    "subject-access": ("consent.agreements", "", ""),
    "anonymous-assurance": ("", "", ""),
    "audit": ("", "", ""),
    "partner-request": (
        "individual.{name date_of_birth approximate_age gender address}",
        "",
        "individual.{nhs_number contact} concerns.event education.place",
    ),
    "immigration-enforcement": ("", "", ""),
    "research-or-media": ("", "", ""),
    "not-listed": ("", "", ""),
}
TO_A_SAFEGUARDING_INBOX = (
    "individual.{name date_of_birth approximate_age} concerns.event checks.emergency"
)
WITH_AGREEMENT = {"referral": "needs.health"}
TO_ACT_ON = {
    "referral": (
        "individual.{name social_media}",
        "concerns.{description event threats}",
        "referrer.person",
    ),
    "partner-request": ("individual.name", "individual.{date_of_birth address}"),
}
SPECIAL = (
    "individual.{nationality immigration_status ethnicity religion} family.implicated "
    "concerns.{threats interest weapons_or_skills} needs.{health circumstances} education.ehcp "
    "history.{referrals criminal} capacity.finding panel.assessment"
)


def _fields(compact: str) -> Iterator[str]:
    for group, members in re.findall(r"([a-z_]+)\.(\{[^}]*\}|[a-z_]+)", compact):
        for member in members.strip("{}").split():
            yield f"{group}.{member}"


def test_each_purpose_has_the_fields_of_its_row(rulebook: Rulebook) -> None:
    rows = {
        purpose: PurposeFields(
            minimum=frozenset(_fields(minimum)),
            for_a_child=frozenset(_fields(child)),
            with_a_reason=frozenset(_fields(reason)),
            with_agreement=frozenset(_fields(WITH_AGREEMENT.get(purpose, ""))),
            to_a_safeguarding_inbox=frozenset(
                _fields(TO_A_SAFEGUARDING_INBOX if purpose == "emergency" else "")
            ),
            to_act_on=rulebook.registers.purposes[purpose].to_act_on,
            others_to_guardian=purpose == "subject-access",
        )
        for purpose, (minimum, child, reason) in ROWS.items()
    }

    assert rulebook.registers.purposes == rows


def test_a_recipient_needs_one_field_of_each_of_these_to_act(rulebook: Rulebook) -> None:
    needed = {
        purpose: set(row.to_act_on.values())
        for purpose, row in rulebook.registers.purposes.items()
        if row.to_act_on
    }

    assert needed == {
        purpose: {frozenset(_fields(one)) for one in fields}
        for purpose, fields in TO_ACT_ON.items()
    }


def test_special_fields_are_those_of_the_special_classes(rulebook: Rulebook) -> None:
    assert rulebook.registers.special_fields == set(_fields(SPECIAL))
    assert rulebook.registers.never_released == {"record.whole"}


@pytest.mark.parametrize("field", FIELDS)
def test_each_field_goes_waits_or_stays_for_a_referral(
    field: str, rulebook: Rulebook, bases: Mapping[str, dict[str, object]]
) -> None:
    minimum, child, reason = (set(_fields(part)) for part in ROWS["referral"])
    enough = dict.fromkeys(("individual.name", "concerns.event", "referrer.person", field))
    facts = changed(
        bases["child"],
        {
            "agreement_to_share.status": "refused",
            "fields": [*enough],
            "reasons_for_extra_fields": {field: "It helps."},
        },
    )

    decision = decide(facts, rulebook)

    waits = field in reason & set(_fields(SPECIAL))  # nobody agreed, so health waits too
    goes = field in minimum | child | reason
    assert (decision.outcome is Outcome.REFER) == waits
    assert (field in decision.release) == (goes and not waits)
    assert (field in decision.withheld) == (waits or not goes)
