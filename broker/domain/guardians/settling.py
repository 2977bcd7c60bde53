"""What nobody knew when a pack was judged, and the sender's answers that settle it: pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from broker.domain.json_values import as_object, is_object, text
from broker.domain.model import Pack

UNSETTLED: Final[Mapping[str, frozenset[str]]] = {
    "danger": frozenset({"unknown"}),
    "material_assistance": frozenset({"unknown"}),
    "concern.source": frozenset({"unknown"}),
    "concern.harm": frozenset({"unknown"}),
    "concern.serious_crime": frozenset({"unknown"}),
    "necessity.less_would_do": frozenset({"unknown"}),
    "subject.capacity": frozenset({"unknown", "doubted", "fluctuating"}),
    "subject.decision_can_wait": frozenset({"unknown", "yes"}),
    "subject.care_and_support_needs": frozenset({"unknown"}),
    "subject.own_answer_to_support": frozenset({"unknown", "not-asked"}),
    "family.implicated": frozenset({"unknown"}),
    "agreement_to_share.status": frozenset({"unknown"}),
    "agreement_to_share.asking_raises_risk": frozenset({"unknown"}),
    "told.telling_raises_risk": frozenset({"unknown"}),
    "legal.compulsion": frozenset({"letter-or-form"}),
    "legal.order_verified": frozenset({"no"}),
    "recipient.needs_it_for_role": frozenset({"unknown"}),
    "victim_request.line_of_enquiry": frozenset({"unknown"}),
}
"""The questions of a pack that its sender can settle afterwards, and the words that leave them."""

BESIDE: Final[Mapping[str, tuple[str, ...]]] = {
    "subject.capacity": ("subject.decision_can_wait",),
    "agreement_to_share.status": (
        "agreement_to_share.asking_raises_risk",
        "agreement_to_share.given_by",
        "agreement_to_share.given_on",
        "agreement_to_share.expires_on",
        "agreement_to_share.recipients",
        "agreement_to_share.purposes",
        "agreement_to_share.reason_not_sought",
    ),
    "agreement_to_share.asking_raises_risk": (
        "agreement_to_share.status",
        "agreement_to_share.reason_not_sought",
    ),
    "told.telling_raises_risk": ("told.status",),
    "legal.compulsion": ("legal.order_verified",),
}
"""What else may be said with the answer to a question, since it says the same thing whole."""

WRITTEN: Final[Mapping[str, str]] = {"subject.capacity": "capacity.finding"}
"""The field of the form that the answer to a question is written in as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """Answers by the place of their question, and words by field of the form."""

    answers: Mapping[str, object] = field(default_factory=dict[str, object])
    form: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of_document(cls, document: object) -> "Settlement":
        """Return what a reply that was kept settles."""
        kept = as_object(document)
        form = as_object(kept.get("form", {}))
        return cls(
            answers=as_object(kept.get("answers", {})),
            form={name: text(words) for name, words in form.items()},
        )

    @property
    def is_empty(self) -> bool:
        """Say whether it settles nothing."""
        return not self.answers and not self.form

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        return {"answers": dict(self.answers), "form": dict(self.form)}


NOTHING_SETTLED: Final = Settlement()


def settled(pack: Pack, by: Settlement) -> Pack:
    """Return a pack with answers in the place of what nobody knew."""
    if by.is_empty:
        return pack
    return replace(
        pack,
        form={**pack.form, **by.form},
        questions=dict(_with(pack.questions, by.answers)),
    )


def value_at(questions: Mapping[str, object], place: str) -> object:
    """Return the answer at a place such as `danger` or `subject.capacity`."""
    group, _, name = place.partition(".")
    found = questions.get(group)
    return as_object(found).get(name) if name and is_object(found) else found


def may_be_answered(wanted: tuple[str, ...]) -> frozenset[str]:
    """Return the places that a reply to these questions may fill."""
    return frozenset({*wanted, *(beside for place in wanted for beside in BESIDE.get(place, ()))})


def may_be_written(wanted: tuple[str, ...]) -> frozenset[str]:
    """Return the fields of the form that a reply to these questions may fill."""
    return frozenset(WRITTEN[place] for place in wanted if place in WRITTEN)


def with_answers(
    questions: Mapping[str, object], answers: Mapping[str, object]
) -> dict[str, object]:
    """Return questions, or facts, with other answers at some places."""
    return dict(_with(questions, answers))


def _with(
    questions: Mapping[str, object], answers: Mapping[str, object]
) -> Iterator[tuple[str, object]]:
    for group, before in questions.items():
        inside = {
            place.partition(".")[2]: value
            for place, value in answers.items()
            if place.startswith(f"{group}.")
        }
        whole = answers.get(group, before)
        yield group, {**as_object(whole), **inside} if inside else whole
