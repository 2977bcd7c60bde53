"""What answers say to the questions of the rules (contract facts/2), but for what the broker adds.

`Question.facts` of the pages says which question sets which. What nobody is asked, because it
cannot matter for this person, is the word that says so.
"""

from collections.abc import Mapping
from typing import Final

from broker.domain.people.ages import Sure
from broker.web.journeys import conditions as when
from broker.web.journeys.answers import Answered, Answers, Circumstances, Kind, Value

NOT_ASKED: Final = "not-applicable"

_TOLD = {
    "yes": ("yes", "no"),
    "safe": ("no", "no"),
    "risk": ("no", "yes"),
    "unsure": ("no", "unknown"),
}
_AGREED = {
    "not-sought": ("not-sought", "no"),
    "not-sought-risk": ("not-sought", "yes"),
    "not-sought-unsure": ("not-sought", "unknown"),
    "unknown": ("unknown", "unknown"),
}
_CHECKED = {"talked": "done", "lead": "done", "cannot-wait": "cannot-wait"}


def facts_of(answered: Answered) -> dict[str, object]:
    """Return the facts that answers set; what was not answered yet is unknown, empty or no.

    `answered` holds only what counts: a `Counted`, or what `in_danger` made of an emergency.
    """
    return {
        "purpose": answered.purpose or "not-listed",
        "purpose_statement": answered.text("ask", "what"),
        "danger": _danger(answered),
        "material_assistance": _or_unknown(answered, "crime", "terrorism"),
        "scope": {
            "people": answered.number("whom", "people") or 1,
            "selector": answered.text("whom", "selector") or "named-person",
        },
        "concern": _concern(answered),
        "check": _check(answered),
        "earlier": _earlier(answered),
        "duty": {
            "more_detrimental": answered.text("duty-to-share", "worse") or "no",
            "reason": answered.text("duty-to-share", "why"),
        },
        "victim_request": _victim(answered),
        "necessity": {
            "reason": answered.text("why", "need"),
            "less_would_do": _or_unknown(answered, "why", "less"),
        },
        "proportionality": {"reason": answered.text("why", "fair")},
        "public_interest": {"reason": answered.text("balance", "why")},
        "subject": _subject(answered),
        "family": _family(answered),
        "told": _told(answered),
        "agreement_to_share": _agreement_to_share(answered),
        "agreement_to_support": _agreement_to_support(answered),
        "requester": {"signed_request": _signed(answered)},
        "recipient": {"needs_it_for_role": _needs_it(answered)},
        "legal": _order(answered),
        "panel": {
            "applies": _yes(holds=when.for_a_panel(answered)),
            "home_area_police_present": answered.text("panel", "police") or NOT_ASKED,
            "local_authority_chairs": answered.text("panel", "chair") or NOT_ASKED,
        },
        "transfer": {
            "applies": _yes(holds=answered.purpose == "transfer"),
            "chairs_agreed": answered.text("transfer", "agreed") or NOT_ASKED,
            "receiving_chair_accepts": answered.text("transfer", "accepts") or NOT_ASKED,
        },
        "material": _material(answered),
        "reasons_for_extra_fields": reasons_for_extra_fields(answered),
    }


def in_danger(answers: Answers, known: Circumstances) -> Answered:
    """Return the answers of an emergency with what needs no page there; what was answered wins.

    Nobody is taken to have said what nobody was asked: it is unknown, empty or no.
    """
    told = Answered(answers, known)
    words, weapons = told.text("now-what", "words"), told.text("now-what", "weapons")
    ordinary: dict[str, Mapping[str, Value]] = {
        "danger": {"danger": "yes"},
        "age": {name: told.value("now-who", name) for name in ("dob", "from", "to")},
        "basis": {"basis": ["stated-intent" if words else "observed-behaviour"]},
        "seen": {"first": known.today.isoformat()},
        "source": {"source": told.text("now-what", "source") or "unknown"},
        "harm": {"harm": "serious", "to_person": "unknown"},
        "crime": {
            "serious": "yes" if words or weapons else "unknown",
            "terrorism": "unknown",
        },
        "why": {"need": "", "less": "no", "fair": ""},
        "told": {"told": told.text("now-told", "told")},
        "not-told": {"why": told.text("now-told", "why")},
        "agree": {"answer": "unknown"},
        "ask": {"what": told.text("now-what", "ask")},
    }
    return Answered({**ordinary, **answers}, known)


def reasons_for_extra_fields(answered: Answered) -> dict[str, str]:
    """Return why each field beyond the minimum is needed, where somebody wrote it."""
    reasons: dict[str, str] = {}
    for page in answered.answers:
        kind, _, field = page.partition("/")
        if kind == "field" and (why := answered.text(page, "why")):
            reasons[field] = why
    return reasons


def _danger(answered: Answered) -> str:
    match answered.text("danger", "danger"):
        case "yes":
            return "imminent"
        case "no":
            return "none"
        case _:
            return _or_unknown(answered, "danger-unsure", "danger")


def _concern(answered: Answered) -> dict[str, object]:
    return {
        "basis": list(answered.codes("basis", "basis")),
        "observed_on": answered.text("seen", "first") or None,
        "source": _or_unknown(answered, "source", "source"),
        "harm": _or_unknown(answered, "harm", "harm"),
        "harm_to_person": _or_unknown(answered, "harm", "to_person"),
        "serious_crime": _or_unknown(answered, "crime", "serious"),
    }


def _check(answered: Answered) -> dict[str, object]:
    known = answered.circumstances
    in_an_emergency = known.kind is Kind.EMERGENCY and "referral" in known.check_purposes
    if not when.lead_is_asked(answered) and not in_an_emergency:
        return {"status": "not-required", "reason": ""}
    if known.check_status:
        # What is on record is nobody's to type.
        return {"status": known.check_status, "reason": known.check_reason}
    lead = answered.text("lead", "lead")
    reason = answered.text("lead", "said") if lead == "cannot-wait" else ""
    return {"status": _CHECKED.get(lead, "not-asked"), "reason": reason}


def _earlier(answered: Answered) -> dict[str, object]:
    known, read = answered.circumstances, answered.text("earlier", "read")
    count = 0 if read == "someone-else" else known.earlier
    if count == 0:
        return {"concerns": 0, "seen": NOT_ASKED}
    return {"concerns": count, "seen": _yes(holds=read == "yes" or known.earlier_read_by_lead)}


def _victim(answered: Answered) -> dict[str, object]:
    if answered.text("request-papers", "victim") != "yes":
        return {
            "applies": "no",
            "line_of_enquiry": NOT_ASKED,
            "counselling_records": "no",
            "substantial_probative_value": NOT_ASKED,
            "senior_approval": NOT_ASKED,
            "victim_told": NOT_ASKED,
            "reason_not_told": "",
        }
    records = answered.text("victim-counselling", "substantial_probative_value")
    return {
        "applies": "yes",
        "line_of_enquiry": _or_unknown(answered, "victim", "line_of_enquiry"),
        "counselling_records": answered.text("victim", "counselling_records") or "no",
        "substantial_probative_value": records or NOT_ASKED,
        "senior_approval": answered.text("victim-counselling", "senior_approval") or NOT_ASKED,
        "victim_told": answered.text("victim", "victim_told") or "no",
        "reason_not_told": answered.text("victim-not-told", "reason_not_told"),
    }


def _subject(answered: Answered) -> dict[str, object]:
    sixteen, eighteen = answered.under(16), answered.under(18)
    youngest, oldest = answered.number("age", "from"), answered.number("age", "to")
    ages = None if youngest is None or oldest is None else {"from": youngest, "to": oldest}
    lacks = when.lacks_capacity(answered) and sixteen is not Sure.YES
    own = when.child(answered) and answered.purpose == "support-delivery" and not lacks
    return {
        "date_of_birth": answered.text("age", "dob") or None,
        "approximate_age": ages,
        "capacity": "presumed"
        if sixteen is Sure.YES
        else _or_unknown(answered, "able", "capacity"),
        "decision_can_wait": _or_unknown(answered, "capacity", "can_wait") if lacks else "no",
        "competence": NOT_ASKED
        if sixteen is Sure.NO
        else _or_unknown(answered, "able", "competence"),
        "care_and_support_needs": "no"
        if eighteen is Sure.YES
        else _or_unknown(answered, "able", "care"),
        "send": "no" if answered.under(26) is Sure.NO else _or_unknown(answered, "where", "send"),
        "own_answer_to_support": _or_unknown(answered, "support", "own") if own else NOT_ASKED,
    }


def _family(answered: Answered) -> dict[str, object]:
    if not when.child(answered):
        named = "family.implicated" in answered.codes("more", "fields")
        return {"parent_position": NOT_ASKED, "implicated": _yes(holds=named)}
    return {
        "parent_position": _or_unknown(answered, "family", "position"),
        "implicated": _or_unknown(answered, "family", "implicated"),
    }


def _told(answered: Answered) -> dict[str, object]:
    status, risk = _TOLD.get(answered.text("told", "told"), ("no", "unknown"))
    untold = status == "no"
    return {
        "status": status,
        "telling_raises_risk": risk,
        "reason": answered.text("not-told", "why") if untold else "",
        "tell_by": (answered.text("not-told", "by") or None) if untold else None,
    }


def _agreement_to_share(answered: Answered) -> dict[str, object]:
    answer = answered.text("agree", "answer") or "unknown"
    status, risk = _AGREED.get(answer, (answer, "no"))
    recipients, purposes = when.agreed_scope(answered) if status == "given" else ((), ())
    return {
        "status": status,
        "given_by": answered.text("agree-what", "by") or "nobody",
        "recipients": list(recipients),
        "purposes": list(purposes),
        "given_on": answered.text("agree-what", "on") or None,
        "expires_on": answered.text("agree-what", "until") or None,
        "asking_raises_risk": risk,
        "reason_not_sought": answered.text("agree", "said") if status == "not-sought" else "",
    }


def _agreement_to_support(answered: Answered) -> dict[str, object]:
    return {
        "status": answered.text("support", "status") or "not-sought",
        "given_by": answered.text("support", "by") or "nobody",
        "given_on": answered.text("support", "on") or None,
        "expires_on": answered.text("support", "until") or None,
    }


def _signed(answered: Answered) -> str:
    if not when.rests_on_a_request(answered):
        return "yes"  # who sends it says on `check` that it is theirs
    return answered.text("request-papers", "signed") or "no"


def _needs_it(answered: Answered) -> str:
    if answered.circumstances.kind is Kind.EMERGENCY:
        return "yes"
    chosen = answered.text("ask", "recipient")
    if chosen == "other":
        return _or_unknown(answered, "other-recipient", "needs")
    return "yes" if chosen else "unknown"


def _order(answered: Answered) -> dict[str, object]:
    kind = answered.text("order", "kind") or "none"
    if kind == "none":
        return {"compulsion": "none", "order_verified": NOT_ASKED, "order_fields": []}
    return {
        "compulsion": kind,
        "order_verified": answered.text("order", "seen") or "no",
        "order_fields": list(answered.codes("order", "fields")),
    }


def _material(answered: Answered) -> dict[str, object]:
    in_it = answered.codes("read", "in_it")
    return {
        "intelligence": _yes(holds="intelligence" in in_it),
        "third_parties": _yes(holds="people" in in_it),
        "free_text_screened": _yes(holds=answered.is_answered("read")),
        "criminal_offence_data": _yes(holds="offences" in in_it),
    }


def _or_unknown(answered: Answered, page: str, question: str) -> str:
    return answered.text(page, question) or "unknown"


def _yes(*, holds: bool) -> str:
    return "yes" if holds else "no"
