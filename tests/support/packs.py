"""Packs for tests: fictitious, and every name a canary that must never leak."""

import copy
import json
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parent.parent.parent / "examples"

CANARIES = (
    "Zzcanary",
    "Qqcanary",
    "Canarystreet",
    "canary-note-7781",
    "canary.person@example.invalid",
)
"""Words that stand in every pack below, and nowhere else in the product."""

FORM = {
    "individual.name": "Zzcanary Qqcanary",
    "individual.address": "5 Canarystreet, Northshire",
    "individual.contact": "canary.person@example.invalid",
    "individual.date_of_birth": "1991-11-02",
    "concerns.description": "He met a recruiter three times: canary-note-7781.",
    "concerns.source": "Seen by the referrer.",
    "referrer.person": "The nurse in charge, by the ward's telephone.",
    "dates.noticed": "2026-03-10",
}


def example(name: str) -> dict[str, Any]:
    pack: dict[str, Any] = json.loads((EXAMPLES / f"{name}.json").read_bytes())
    return pack


def a_pack(**changes: Any) -> dict[str, Any]:
    """Return a pack that is permitted on 16 March 2026; `changes` by dotted path with `__`."""
    pack = {
        "pack": "referral-pack/2",
        "recipient": "northshire-prevent",
        "form": dict(FORM),
        "questions": copy.deepcopy(QUESTIONS),
        "attachments": [],
    }
    for path, value in changes.items():
        *above, last = path.split("__")
        place: Any = pack
        for step in above:
            place = place[step]
        place[last] = value
    return pack


def pack_bytes(**changes: Any) -> bytes:
    return json.dumps(a_pack(**changes)).encode()


def with_attachment(name: str, *fields: str) -> list[dict[str, Any]]:
    return [{"name": name, "carries": list(fields), "why": "The note made on the day."}]


QUESTIONS: dict[str, Any] = {
    "purpose": "referral",
    "purpose_statement": "The Prevent team must assess whether a recruiter draws him in.",
    "danger": "none",
    "material_assistance": "no",
    "scope": {"people": 1, "selector": "named-person"},
    "concern": {
        "basis": ["observed-behaviour", "contact-with-group"],
        "observed_on": "2026-03-10",
        "source": "first-hand",
        "harm": "significant",
        "harm_to_person": "no",
        "serious_crime": "no",
    },
    "check": {"status": "done", "reason": ""},
    "necessity": {"reason": "Only the police can check the recruiter.", "less_would_do": "no"},
    "proportionality": {"reason": "The harm is near; only the form's needs go."},
    "public_interest": {"reason": ""},
    "subject": {
        "date_of_birth": "1991-11-02",
        "approximate_age": None,
        "capacity": "presumed",
        "decision_can_wait": "no",
        "competence": "not-applicable",
        "care_and_support_needs": "no",
        "send": "no",
        "own_answer_to_support": "not-applicable",
    },
    "family": {"parent_position": "not-applicable", "implicated": "no"},
    "told": {"status": "yes", "telling_raises_risk": "no", "reason": "", "tell_by": None},
    "agreement_to_share": {
        "status": "given",
        "given_by": "person",
        "recipients": ["police"],
        "purposes": ["referral"],
        "given_on": "2026-03-12",
        "expires_on": "2027-03-11",
        "asking_raises_risk": "no",
        "reason_not_sought": "",
    },
    "agreement_to_support": {
        "status": "not-sought",
        "given_by": "nobody",
        "given_on": None,
        "expires_on": None,
    },
    "requester": {"signed_request": "yes"},
    "recipient": {"needs_it_for_role": "yes"},
    "legal": {"compulsion": "none", "order_verified": "not-applicable", "order_fields": []},
    "duty": {"more_detrimental": "no", "reason": ""},
    "victim_request": {
        "applies": "no",
        "line_of_enquiry": "not-applicable",
        "counselling_records": "no",
        "substantial_probative_value": "not-applicable",
        "senior_approval": "not-applicable",
        "victim_told": "not-applicable",
        "reason_not_told": "",
    },
    "panel": {
        "applies": "no",
        "home_area_police_present": "not-applicable",
        "local_authority_chairs": "not-applicable",
    },
    "transfer": {
        "applies": "no",
        "chairs_agreed": "not-applicable",
        "receiving_chair_accepts": "not-applicable",
    },
    "material": {
        "intelligence": "no",
        "third_parties": "no",
        "free_text_screened": "yes",
        "criminal_offence_data": "no",
    },
    "reasons_for_extra_fields": {},
}
