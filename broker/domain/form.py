"""The fields of the form: one table for the API, the sealed document and, later, the pages."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from broker.domain.times import spelled_day


class Kind(StrEnum):
    """How a field is written."""

    LINE = "line"
    TEXT = "text"
    DATE = "date"


LIMITS = {Kind.LINE: 500, Kind.TEXT: 20_000, Kind.DATE: 10}
"""The most characters that a field of each kind takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One field: its identifier in the contract, the words people read, and how it is written."""

    id: str
    section: str
    label: str
    kind: Kind


def _section(title: str, *fields: tuple[str, str, Kind]) -> tuple[FormField, ...]:
    return tuple(FormField(id=id_, section=title, label=label, kind=k) for id_, label, k in fields)


FORM: tuple[FormField, ...] = (
    *_section(
        "The individual",
        ("individual.name", "Names, and any other names used", Kind.LINE),
        ("individual.date_of_birth", "Date of birth", Kind.DATE),
        ("individual.approximate_age", "Age in words, where no birthday is known", Kind.LINE),
        ("individual.place_of_birth", "Place of birth", Kind.LINE),
        ("individual.gender", "Gender", Kind.LINE),
        ("individual.address", "Address", Kind.TEXT),
        ("individual.contact", "Telephone and email", Kind.LINE),
        ("individual.nationality", "Nationality or citizenship", Kind.LINE),
        ("individual.immigration_status", "Immigration or asylum status", Kind.LINE),
        ("individual.language", "First language, and whether an interpreter is needed", Kind.LINE),
        ("individual.ethnicity", "Ethnicity", Kind.LINE),
        ("individual.religion", "Religion or faith", Kind.LINE),
        ("individual.nhs_number", "NHS number or local reference", Kind.LINE),
        ("individual.social_media", "Social media accounts", Kind.TEXT),
        ("individual.photograph_or_vehicle", "Recent photograph, or vehicle", Kind.TEXT),
    ),
    *_section(
        "The family",
        ("family.parents", "Parents, guardians or partner", Kind.TEXT),
        ("family.children_or_siblings", "Children, brothers and sisters", Kind.TEXT),
        ("family.household", "Who lives in the household", Kind.TEXT),
        ("family.implicated", "Whether anyone in the family is part of the concern", Kind.TEXT),
    ),
    *_section(
        "The concern",
        ("concerns.description", "The concern, in the referrer's own words", Kind.TEXT),
        ("concerns.how_noticed", "How it came to notice", Kind.TEXT),
        ("concerns.event", "A particular event: what, when and where", Kind.TEXT),
        ("concerns.contacts", "Contact with groups or individuals", Kind.TEXT),
        ("concerns.online", "Online and telephone activity, and how it is known", Kind.TEXT),
        ("concerns.threats", "Threats or a wish to cause harm, in the words used", Kind.TEXT),
        ("concerns.interest", "Interest in hate crime, extremism or mass violence", Kind.TEXT),
        ("concerns.travel", "Plans to travel", Kind.TEXT),
        ("concerns.weapons_or_skills", "Access to weapons, chemicals or skills", Kind.TEXT),
        ("concerns.source", "Where the information comes from, and since when", Kind.TEXT),
    ),
    *_section(
        "Needs and background",
        ("needs.health", "Health, neurodiversity or disability", Kind.TEXT),
        ("needs.circumstances", "Housing, substance use, bullying or abuse", Kind.TEXT),
        ("needs.other_safeguarding", "Other safeguarding concerns", Kind.TEXT),
        ("needs.protective_factors", "What protects the person; wish for change", Kind.TEXT),
        ("needs.chronology", "Background and chronology", Kind.TEXT),
        ("education.place", "School, college or employer", Kind.LINE),
        ("education.ehcp", "Education, health and care plan, or SEND status", Kind.TEXT),
        ("agencies.involved", "Other agencies and professionals involved", Kind.TEXT),
        ("history.referrals", "Earlier referrals", Kind.TEXT),
        ("history.criminal", "Criminal record", Kind.TEXT),
    ),
    *_section(
        "Who noticed and who refers",
        ("noticed_by.person", "Who first noticed the concern", Kind.TEXT),
        ("noticed_by.anonymous", "Whether they wish to stay anonymous", Kind.LINE),
        ("referrer.person", "Who makes this referral, and how to reach them", Kind.TEXT),
        ("dates.noticed", "When the concern first came to light", Kind.DATE),
    ),
    *_section(
        "Agreement, capacity and checks",
        ("consent.told", "Whether the person was told, and how they took it", Kind.TEXT),
        ("consent.agreements", "Agreements: by whom, for what, until when", Kind.TEXT),
        ("consent.reason", "Why the person was not told or not asked", Kind.TEXT),
        ("capacity.finding", "Capacity or competence: finding, by whom, when", Kind.TEXT),
        ("checks.discussed", "Discussed with the safeguarding or Prevent lead", Kind.TEXT),
        ("checks.action", "What was done already, and who else was told", Kind.TEXT),
        ("checks.parallel", "Other safeguarding or Early Help referral", Kind.TEXT),
        ("checks.emergency", "Immediate danger, and the reference of the 999 call", Kind.TEXT),
    ),
    *_section(
        "The panel",
        ("panel.assessment", "Summary of the assessment", Kind.TEXT),
        ("panel.plan", "Support plan", Kind.TEXT),
        ("panel.minutes", "Minutes and decision", Kind.TEXT),
    ),
)
"""Every field that a form can hold, in the order in which people read them.

`WHOLE_RECORD` is missing on purpose: it cannot be typed into a form, and an attachment that
carries it is always withheld.
"""

WHOLE_RECORD = "record.whole"

FIELD_BY_ID = {field.id: field for field in FORM}


def label_of(field: str) -> str:
    """Return the words people read for a field of the contract."""
    return "A whole record" if field == WHOLE_RECORD else FIELD_BY_ID[field].label


def as_read(field: str, text: str) -> str:
    """Return the text of a field as people read it: a day in words."""
    known = FIELD_BY_ID.get(field)
    if known is None or known.kind is not Kind.DATE:
        return text
    return spelled_day(date.fromisoformat(text))
