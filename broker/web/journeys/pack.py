"""Answers become packs: the one door through which the gateway's intake makes facts of them.

A journey ends in one pack, and at times in two: what social care needs of a referral, and what the
safeguarding inbox needs of an emergency, go by themselves and are judged apart.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from broker.domain.form import FORM
from broker.domain.json_values import is_object
from broker.web.journeys.answers import Answered, Answers, Circumstances, Contact, Kind
from broker.web.journeys.composed import approximate_age, form_of
from broker.web.journeys.facts import facts_of, in_danger
from broker.web.journeys.pages.sharing import front_door_is_told
from broker.web.journeys.walk import Counted

FORMAT: Final = "referral-pack/2"

TO_THE_SAFEGUARDING_INBOX: Final = (
    "individual.name",
    "individual.date_of_birth",
    "individual.approximate_age",
    "concerns.event",
    "checks.emergency",
)
"""What the safeguarding inbox is told of an emergency."""

_OF_THE_GATEWAY: Final = frozenset({"earlier"})  # it counts and remembers them itself
_TO_SOCIAL_CARE: Final = (
    "individual.date_of_birth",
    "individual.approximate_age",
    "consent.agreements",
    "education.ehcp",
    "checks.parallel",
)
_INBOX: Final = "safeguarding-inbox"
_TAKES_AN_INBOX: Final = frozenset({"nhs", "local-authority"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PackDraft:
    """One pack as it would be submitted: to whom, for what, and its document.

    `recipient` is None before somebody chose one.
    """

    recipient: Contact | None
    purpose: str
    document: Mapping[str, object]

    @property
    def form(self) -> Mapping[str, str]:
        """The fields that are offered, with their texts."""
        form = self.document["form"]
        return {str(name): str(text) for name, text in form.items()} if is_object(form) else {}


def packs_of(answers: Answers, known: Circumstances) -> tuple[PackDraft, ...]:
    """Return the packs that the answers make, the one that was asked for first."""
    if known.kind is Kind.EMERGENCY:
        return tuple(_in_an_emergency(answers, known))
    answered = Counted(answers, known)
    main = _draft(answered.recipient, facts_of(answered), form_of(answered), answered)
    if not front_door_is_told(answered) or not answered.is_answered("also"):
        return (main,)
    return main, _for_social_care(answered)


def _in_an_emergency(answers: Answers, known: Circumstances) -> Iterable[PackDraft]:
    answered = in_danger(answers, known)
    facts, form = facts_of(answered), form_of(answered)
    age = approximate_age(answered)
    if age:
        form = _in_order({**form, "individual.approximate_age": age})
    contacts = known.contacts
    police = next((contact for contact in contacts if contact.kind == "police"), None)
    yield _draft(police, facts, form, answered)
    inbox = next(filter(_is_inbox, contacts), None)
    if inbox is not None:
        told = {name: text for name, text in form.items() if name in TO_THE_SAFEGUARDING_INBOX}
        yield _draft(inbox, {**facts, "reasons_for_extra_fields": {}}, told, answered, files=False)


def _is_inbox(contact: Contact) -> bool:
    """Say whether it is the safeguarding inbox of the sender's own body."""
    return contact.own and contact.function == _INBOX and contact.kind in _TAKES_AN_INBOX


def _for_social_care(answered: Answered) -> PackDraft:
    """Return what social care gets beside the police: a pack of its own, judged alone."""
    form = form_of(answered)
    why_the_name = answered.text("also", "name")
    told = {name: text for name, text in form.items() if name in _TO_SOCIAL_CARE}
    told["needs.other_safeguarding"] = answered.text("also", "know")
    if why_the_name and "individual.name" in form:
        told["individual.name"] = form["individual.name"]
    wanted = "other-safeguarding" in answered.circumstances.check_purposes
    facts = facts_of(answered)
    return _draft(
        answered.front_door,
        {
            **facts,
            "purpose": "other-safeguarding",
            "purpose_statement": answered.text("also", "do"),
            "check": facts["check"] if wanted else {"status": "not-required", "reason": ""},
            "recipient": {"needs_it_for_role": "yes"},
            "reasons_for_extra_fields": {"individual.name": why_the_name}
            if "individual.name" in told
            else {},
        },
        _in_order(told),
        answered,
        files=False,
    )


def _draft(
    recipient: Contact | None,
    facts: Mapping[str, object],
    form: Mapping[str, str],
    answered: Answered,
    *,
    files: bool = True,
) -> PackDraft:
    replaced = answered.text("roles", "done") == "yes"
    return PackDraft(
        recipient=recipient,
        purpose=str(facts["purpose"]),
        document={
            "pack": FORMAT,
            "recipient": recipient.mailbox if recipient else "",
            "form": dict(form),
            "questions": {
                **{name: fact for name, fact in facts.items() if name not in _OF_THE_GATEWAY},
                "confirmed": ["redact-third-parties"] if replaced else [],
            },
            "attachments": list(_attachments(answered)) if files else [],
        },
    )


def _attachments(answered: Answered) -> Iterable[dict[str, object]]:
    for page in answered.answers:
        if page.startswith("file/") and (name := answered.text(page, "file")):
            yield {
                "name": name,
                "carries": list(answered.codes(page, "carries")),
                "why": answered.text(page, "why"),
                "original": "yes" if answered.codes(page, "original") else "no",
            }


def _in_order(form: Mapping[str, str]) -> dict[str, str]:
    return {field.id: form[field.id] for field in FORM if field.id in form}
