"""The facts that the rules look at, from what was submitted and what the directory holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from broker.domain.json_values import as_array, as_object, is_object
from broker.domain.model import Agency, Approval, LegalBasis, Mailbox, Pack, Person
from broker.domain.times import uk_day

NO_BASIS = LegalBasis(article_6="none", article_9="none", schedule_1="none", power="")

ANSWERED_BY_PEOPLE = (
    "purpose",
    "purpose_statement",
    "danger",
    "material_assistance",
    "scope",
    "concern",
    "check",
    "necessity",
    "proportionality",
    "public_interest",
    "subject",
    "family",
    "told",
    "agreement_to_share",
    "agreement_to_support",
    "requester.signed_request",
    "recipient.needs_it_for_role",
    "legal.compulsion",
    "legal.order_verified",
    "legal.order_fields",
    "duty",
    "victim_request",
    "panel",
    "transfer",
    "material",
    "reasons_for_extra_fields",
)
"""The facts that the `questions` of a pack answer; the broker derives all the others."""


def answers_every_question(questions: Mapping[str, object]) -> bool:
    """Say whether there is an answer to each question; a pack of an earlier form lacks some."""
    return all(place.partition(".")[0] in questions for place in ANSWERED_BY_PEOPLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What the sender's own body knows of earlier concerns about the person (rule R43).

    `concerns` counts them; `seen` is `yes` where whoever decides has opened each, `not-applicable`
    where there is none or nobody looked.
    """

    concerns: int
    seen: str
    was_looked_up: bool = False


NOBODY_LOOKED = Earlier(concerns=0, seen="not-applicable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """From whom to whom: the sending agency, the recipient's mailbox, agency and mail verdict.

    `way_out` says whether the way out of the sender's own mail is `secure` or `not-secure`.
    `asking` is the body whose officer put the question that a pack answers, None without one.
    `sharing` says whether an agreement of the two bodies covers the purpose, `workers` whether the
    checks of somebody who works for the recipient count; None where none was entered.
    """

    sender: Agency
    requester: Person
    mailbox: Mailbox
    recipient: Agency
    mail: str
    way_out: str
    asking: Agency | None = None
    sharing: bool | None = None
    workers: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the broker knows beside the pack and the directory.

    `sharing_duty` says whether the duty to share about a child is in force on the day judged.
    """

    earlier: Earlier
    sharing_duty: bool


NO_APPROVAL = {"approver": None, "relation": "none", "decision": "none", "reason": ""}


def with_approval(facts: Mapping[str, object], approval: Approval) -> dict[str, object]:
    """Return `facts` with what an approver says; fields that they left out are not asked for."""
    return {
        **facts,
        "approval": {
            "approver": approval.approver,
            "relation": approval.relation,
            "decision": approval.decision,
            "reason": approval.reason,
        },
        "fields": [field for field in as_array(facts["fields"]) if field not in approval.left_out],
    }


def with_refusal(facts: Mapping[str, object], *, refused_before: bool) -> dict[str, object]:
    """Return `facts` with whether the same request was refused before."""
    return {**facts, "previously_refused": _yes(refused_before)}


def facts_of(pack: Pack, route: Route, known: Known, *, asked_at: datetime) -> dict[str, object]:
    """Return the facts of one submission (contract facts/2) but for earlier refusals; pure.

    What was refused before is looked up by these, and added by `with_refusal`.
    The requester is the practitioner who wrote the pack: authenticated by the token, and assigned
    to the case by having opened it. Of an answer it is the officer who put the question, who was
    both when it was issued. The legal basis is the sending agency's, for this purpose.
    """
    questions = pack.questions
    today = uk_day(asked_at)
    basis = route.sender.bases.get(str(questions["purpose"])) or route.sender.bases.get(
        "*", NO_BASIS
    )
    return {
        **questions,
        "contract": "facts/2",
        "asked_at": asked_at.isoformat(),
        "check": _check(as_object(questions["check"]), route.sender, str(questions["purpose"])),
        "earlier": {"concerns": known.earlier.concerns, "seen": known.earlier.seen},
        "requester": {
            **as_object(questions["requester"]),
            "person": pack.in_request.officer if pack.in_request else route.requester.id,
            "agency": (route.asking or route.sender).id,
            "kind": (route.asking or route.sender).kind,
            "authenticated": "yes",
            "assigned_to_case": "yes",
        },
        "sender": {
            "agency": route.sender.id,
            "kind": route.sender.kind,
            "mail": route.way_out,
            "sharing_duty_body": _yes(route.sender.sharing_duty_body),
        },
        "recipient": {**as_object(questions["recipient"]), **_recipient(route, today)},
        "legal": {
            **as_object(questions["legal"]),
            "article_6": basis.article_6,
            "article_9": basis.article_9,
            "schedule_1": basis.schedule_1,
            "power": basis.power,
            "sharing_duty_in_force": _yes(known.sharing_duty),
        },
        "approval": NO_APPROVAL,
        "fields": list(pack.fields),
    }


def _check(answer: Mapping[str, object], sender: Agency, purpose: str) -> dict[str, object]:
    """Return whether the lead was asked; that nobody has to is the body's word alone."""
    status = answer["status"]
    if not sender.asks_the_lead(purpose):
        status = status if status == "done" else "not-required"
    elif status == "not-required":
        status = "not-asked"
    return {**answer, "status": status}


def _recipient(route: Route, today: date) -> dict[str, object]:
    agency, mailbox = route.recipient, route.mailbox
    return {
        "agency": agency.id,
        "kind": agency.kind,
        "function": mailbox.function,
        "sharing_duty_body": _yes(agency.sharing_duty_body),
        "in_directory": _yes(agency.retired_on is None and mailbox.counts_on(today)),
        "mail": route.mail,
        "mailbox_type": mailbox.type,
        "accepts_encrypted": mailbox.accepts_encrypted,
        "sharing_agreement_live": _yes(
            _in_date(agency.sharing_agreement_until, today)
            if route.sharing is None
            else route.sharing
        ),
        "undertaking_signed": _yes(agency.undertaking_signed),
        "suitability_checked": _yes(
            _in_date(agency.suitability_until, today) and route.workers is not False
        ),
        "in_united_kingdom": _yes(agency.in_united_kingdom),
    }


def without_wording(facts: Mapping[str, object]) -> object:
    """Return `facts` with every free text replaced by whether it says anything, and no moment.

    Two submissions with the same remainder differ in their wording alone, which is what rule R36
    asks about. Nor do earlier concerns make another request of it: they decide nothing.
    """
    return {name: _coded(value, name) for name, value in facts.items() if name not in _NO_ANSWERS}


_NO_ANSWERS = frozenset({"asked_at", "earlier", "previously_refused"})
_TEXTS = frozenset(
    {"purpose_statement", "reason", "reason_not_sought", "reason_not_told", "power"}
)


def _coded(value: object, name: str) -> object:
    if is_object(value):
        if name == "reasons_for_extra_fields":
            return sorted(value)
        return {key: _coded(member, key) for key, member in value.items()}
    if name in _TEXTS and isinstance(value, str):
        return bool(value.strip())
    return value


def _yes(holds: bool) -> str:  # noqa: FBT001  # the whole function is about one truth value
    return "yes" if holds else "no"


def _in_date(until: date | None, today: date) -> bool:
    return until is not None and today <= until
