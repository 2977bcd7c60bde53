"""What the sender answered, in sentences: for whoever decides, on every entrance."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from broker.domain.guardians.asked import ASKED, HARM
from broker.domain.json_values import as_object, is_array, is_object
from broker.domain.model import Pack
from broker.domain.times import spelled_day

NOTHING_WRITTEN: Final = "(nothing written)"

REASONS: Final[Mapping[str, str]] = {
    "purpose_statement": "What they are asked to do",
    "necessity.reason": "Why they cannot do it without this",
    "proportionality.reason": "Why it is worth stepping into a private life",
    "public_interest.reason": "Why without their agreement",
}
"""The reasons of a pack by their places: the case that the sender makes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One answer: what it is about, and the answer in words; `place` is where it stands."""

    place: str
    about: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidAbout:
    """The answers about one thing, under its title."""

    title: str
    answers: tuple[Said, ...]


def reasons_of(pack: Pack) -> tuple[Said, ...]:
    """Return what is asked and why, in the sender's own words."""
    flat = dict(_flat(pack.questions))
    said = [
        Said(place=place, about=about, answer=str(flat.get(place) or NOTHING_WRITTEN))
        for place, about in REASONS.items()
    ]
    if pack.again is not None:
        said.append(Said(place="again", about="Why it is sent once more", answer=pack.again))
    return tuple(said)


def answers_of(pack: Pack) -> tuple[SaidAbout, ...]:
    """Return every answer of a pack, under what it is about; what does not arise is left out."""
    flat = dict(_flat(pack.questions))
    groups = [
        SaidAbout(title=title, answers=tuple(_said(places, flat)))
        for title, places in _GROUPS.items()
    ]
    known = {place for places in _GROUPS.values() for place in places} | REASONS.keys()
    rest = [place for place in flat if place not in known | _UNSAID]
    others = SaidAbout(title="Other answers", answers=tuple(_said(_plain(rest), flat)))
    return tuple(group for group in (*groups, others) if group.answers)


_YES_NO: Final = {"yes": "Yes", "no": "No", "unknown": "Nobody knows"}
_STATUS: Final = {
    "given": "Yes, and they agreed",
    "refused": "Yes, and they said no",
    "withdrawn": "They agreed and later took it back",
    "not-sought": "Nobody asked",
    "unable": "They cannot answer",
    "unknown": "Nobody knows whether anyone asked",
}
_BY: Final = {
    "nobody": "",
    "person": "The person",
    "parent": "A parent or guardian",
    "attorney": "Somebody with power of attorney",
}
_BASIS: Final = {
    "observed-behaviour": "something they did",
    "stated-intent": "something they said they will do, or a threat",
    "contact-with-group": "contact with a person or group",
    "online-activity": "something online or on a phone",
    "reported-by-others": "what other people told",
    "protected-characteristic": "their faith, origin or another part of who they are",
    "lawful-belief": "their views, put in a lawful way",
    "dress-or-appearance": "how they dress or look",
}

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "danger": {
        "none": "Nobody is in danger right now",
        "imminent": "Somebody is in danger right now",
        "unknown": "Nobody knows whether anyone is in danger",
    },
    "concern.harm": {
        "none": "No harm",
        **HARM,
        "unknown": "Nobody can say",
    },
    "concern.source": {
        "first-hand": "The witness saw or heard it",
        "reported": "A witness told the sender",
        "hearsay": "Told at second hand or further",
        "unknown": "Nobody knows where it comes from",
    },
    "concern.basis": _BASIS,
    "told.status": {"yes": "Yes", "no": "Not yet"},
    "agreement_to_share.status": _STATUS,
    "agreement_to_support.status": {**_STATUS, "not-sought": "Nobody asked, which comes later"},
    "agreement_to_share.given_by": _BY,
    "agreement_to_support.given_by": _BY,
    "subject.capacity": {
        "presumed": "No reason to doubt capacity",
        "has": "Assessed: can decide",
        "lacks": "Assessed: cannot decide",
        "doubted": "In doubt, and nobody has assessed it",
        "fluctuating": "It changes",
        "unknown": "Nobody knows",
    },
    "subject.competence": {**_YES_NO, "not-applicable": ""},
    "subject.own_answer_to_support": {
        "agrees": "They agree",
        "refuses": "They refuse",
        "not-asked": "Nobody asked",
        "unknown": "Nobody knows",
        "not-applicable": "",
    },
    "family.parent_position": {
        "agrees": "They agree",
        "refuses": "They do not agree",
        "not-asked": "Nobody asked them",
        "unknown": "Nobody knows",
        "not-applicable": "",
    },
    "check.status": {
        "done": "The lead was asked",
        "not-asked": "Nobody has asked the lead",
        "cannot-wait": "It could not wait for the lead",
        "not-required": "This body asks for no check",
    },
    "legal.compulsion": {
        "none": "",
        "court-order": "An order of a court",
        "warrant": "A warrant",
        "statutory-duty": "A duty in an Act",
        "letter-or-form": "A letter or a form, which compels nobody",
    },
    "scope.selector": {"named-person": "", "none": ""},
}
"""Codes in words where yes or no would not do; an empty text says that it does not arise."""

_GROUPS: Final[Mapping[str, Mapping[str, str]]] = {
    "Danger and harm": {
        "danger": "Danger right now",
        "concern.harm": "Harm if nobody acts",
        "concern.harm_to_person": ASKED["concern.harm_to_person"],
        "concern.serious_crime": ASKED["concern.serious_crime"],
        "material_assistance": "Could it help the police to prevent terrorism?",
        "concern.basis": "What the worry is based on",
        "concern.source": "How it is known",
        "concern.observed_on": "First seen or heard",
    },
    "Asked and told": {
        "told.status": "Does the person know of this?",
        "told.telling_raises_risk": "Would telling them put someone at risk?",
        "told.reason": "Why they were not told",
        "told.tell_by": "When they will be told, or it is looked at again",
        "agreement_to_share.status": "Were they asked whether it may be shared?",
        "agreement_to_share.given_by": "Who answered",
        "agreement_to_share.given_on": "Answered on",
        "agreement_to_share.expires_on": "Holds until",
        "agreement_to_share.recipients": "Agreed to share with",
        "agreement_to_share.purposes": "Agreed to share for",
        "agreement_to_share.asking_raises_risk": "Would asking put someone at risk?",
        "agreement_to_share.reason_not_sought": "Why nobody asked",
        "agreement_to_support.status": "Were they asked about support?",
        "agreement_to_support.given_by": "Who answered about support",
        "agreement_to_support.given_on": "Answered about support on",
        "agreement_to_support.expires_on": "Holds for support until",
    },
    "The person": {
        "subject.date_of_birth": "Born on",
        "subject.approximate_age": "Age, where the birthday is not known",
        "subject.capacity": ASKED["subject.capacity"],
        "subject.decision_can_wait": "Can it wait until they can decide?",
        "subject.competence": ASKED["subject.competence"],
        "subject.care_and_support_needs": "Do they need care or support?",
        "subject.send": "Special educational needs, or a disability that affects learning?",
        "subject.own_answer_to_support": "What they say to support",
        "family.parent_position": "What the parents say",
        "family.implicated": "Is anyone in the family part of it?",
    },
    "Checked before": {
        "check.status": "The lead",
        "check.reason": "Why it could not wait",
        "necessity.less_would_do": ASKED["necessity.less_would_do"],
        "recipient.needs_it_for_role": ASKED["recipient.needs_it_for_role"],
        "material.free_text_screened": "Was all free text read through?",
        "material.third_parties": "Names of other people in it?",
        "material.criminal_offence_data": "Crimes, arrests or convictions in it?",
        "material.intelligence": "Material from the intelligence services in it?",
        "legal.compulsion": "Does an order or a law ask for it?",
        "legal.order_verified": "Was the order verified?",
        "legal.order_fields": "What the order asks for",
        "duty.more_detrimental": ASKED["duty.more_detrimental"],
        "duty.reason": "Why it would",
    },
}

_UNSAID: Final = frozenset({"purpose", "scope.people", "requester.signed_request"})
"""Answers that stand elsewhere on the page, or that every pack has alike."""

_ARISES_IF: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "agreement_to_share.asking_raises_risk": (
        "agreement_to_share.status",
        frozenset({"not-sought", "unknown"}),
    ),
    "subject.decision_can_wait": (
        "subject.capacity",
        frozenset({"lacks", "doubted", "fluctuating", "unknown"}),
    ),
    "duty.more_detrimental": ("duty.more_detrimental", frozenset({"yes"})),
    "told.telling_raises_risk": ("told.status", frozenset({"no"})),
    **{
        f"{group}.{name}": (f"{group}.applies", frozenset({"yes"}))
        for group, names in {
            "panel": ("applies", "home_area_police_present", "local_authority_chairs"),
            "transfer": ("applies", "chairs_agreed", "receiving_chair_accepts"),
            "victim_request": (
                "applies",
                "line_of_enquiry",
                "counselling_records",
                "substantial_probative_value",
                "senior_approval",
                "victim_told",
                "reason_not_told",
            ),
        }.items()
        for name in names
    },
}
"""Answers that are shown only where another one makes them matter."""


def _plain(places: Iterable[str]) -> dict[str, str]:
    return {
        place: place.replace("_", " ").replace(".", ": ").capitalize()
        for place in places
        if place.partition(".")[0] != "reasons_for_extra_fields"
    }


def _said(places: Mapping[str, str], flat: Mapping[str, object]) -> Iterator[Said]:
    for place, about in places.items():
        answer = _in_words(place, flat.get(place)) if _arises(place, flat) else ""
        if answer:
            yield Said(place=place, about=about, answer=answer)


def _arises(place: str, flat: Mapping[str, object]) -> bool:
    if place not in _ARISES_IF:
        return True
    other, answers = _ARISES_IF[place]
    return flat.get(other) in answers


def _flat(questions: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in questions.items():
        if is_object(value) and name != "reasons_for_extra_fields":
            for inner, answer in value.items():
                yield f"{name}.{inner}", answer
        else:
            yield name, value


def _in_words(place: str, answer: object) -> str:
    """Return an answer as people read it, empty where there is none or it does not arise."""
    words = _WORDS.get(place, _YES_NO)
    if answer is None or answer == "not-applicable":
        return ""
    if is_array(answer):
        listed = ", ".join(filter(None, (_in_words(place, one) for one in answer)))
        return listed[:1].upper() + listed[1:]
    if is_object(answer):
        ages = as_object(answer)
        if ages.keys() == {"from", "to"}:
            return (
                f"{ages['from']} to {ages['to']}"
                if ages["from"] != ages["to"]
                else str(ages["to"])
            )
        return "; ".join(f"{name}: {value}" for name, value in ages.items())
    text = str(answer)
    if text in words:
        return words[text]
    return day_in_words(text) or (text.replace("-", " ") if _is_code(text) else text)


def day_in_words(text: str) -> str:
    """Return a day of ISO 8601 as people write it, empty for any other text."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ""
    return spelled_day(day)


def _is_code(text: str) -> bool:
    return text.replace("-", "").isalpha() and text.islower() and " " not in text
