"""The words that an event may use: enumerated, so that nothing about a person fits between them.

Those of decisions are the words of contract version 1.

>>> sorted(OUTCOMES)
['emergency', 'permit', 'permit-with-obligations', 'refer', 'refuse']
"""

from typing import Final

OUTCOMES: Final = frozenset(
    {
        "emergency",
        "permit",
        "permit-with-obligations",
        "refer",
        "refuse",
    }
)
"""How a disclosure was judged."""

PURPOSES: Final = frozenset(
    {
        "anonymous-assurance",
        "audit",
        "case-review",
        "court-or-legal",
        "crime",
        "emergency",
        "immigration-enforcement",
        "not-listed",
        "other-safeguarding",
        "panel-assessment",
        "partner-response",
        "police-screening",
        "referral",
        "research-or-media",
        "staff-process",
        "subject-access",
        "support-delivery",
        "transfer",
    }
)
"""What a disclosure is for."""

STATUSES: Final = frozenset(
    {
        "cannot-be-judged",
        "met",
        "not-applicable",
        "not-met",
    }
)
"""Whether a rule holds."""

EFFECTS: Final = frozenset(
    {
        "none",
        "obliges",
        "refer",
        "refuse",
        "waived",
    }
)
"""What a rule does to the outcome."""

OBLIGATIONS: Final = frozenset(
    {
        "ask-a-deputy",
        "call-999",
        "confirm-receipt",
        "do-not-tell-the-parents",
        "do-not-tell-the-person-yet",
        "early-help",
        "guardian-review",
        "label-opinion",
        "recipient-undertaking",
        "redact-third-parties",
        "refer-to-social-care",
        "regional-notice",
        "retention",
        "review-agreement",
        "seal",
        "tell-the-guardian",
        "tell-the-parents",
        "tell-the-person",
        "update-the-record",
        "use-the-portal",
        "withhold",
    }
)
"""What must be done before, at or after release."""

FIELDS: Final = frozenset(
    {
        "agencies.involved",
        "capacity.finding",
        "checks.action",
        "checks.discussed",
        "checks.emergency",
        "checks.parallel",
        "concerns.contacts",
        "concerns.description",
        "concerns.event",
        "concerns.how_noticed",
        "concerns.interest",
        "concerns.online",
        "concerns.source",
        "concerns.threats",
        "concerns.travel",
        "concerns.weapons_or_skills",
        "consent.agreements",
        "consent.reason",
        "consent.told",
        "dates.noticed",
        "education.ehcp",
        "education.place",
        "family.children_or_siblings",
        "family.household",
        "family.implicated",
        "family.parents",
        "history.criminal",
        "history.referrals",
        "individual.address",
        "individual.contact",
        "individual.date_of_birth",
        "individual.ethnicity",
        "individual.gender",
        "individual.immigration_status",
        "individual.language",
        "individual.name",
        "individual.nationality",
        "individual.nhs_number",
        "individual.photograph_or_vehicle",
        "individual.place_of_birth",
        "individual.religion",
        "individual.social_media",
        "needs.chronology",
        "needs.circumstances",
        "needs.health",
        "needs.other_safeguarding",
        "needs.protective_factors",
        "noticed_by.anonymous",
        "noticed_by.person",
        "panel.assessment",
        "panel.minutes",
        "panel.plan",
        "record.whole",
        "referrer.person",
    }
)
"""What can be disclosed."""
