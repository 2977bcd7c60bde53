"""Words that the sender is asked in and the Guardian reads the answer under, once for both."""

from collections.abc import Mapping
from typing import Final

ASKED: Final[Mapping[str, str]] = {
    "concern.harm_to_person": "Could this person be among those harmed?",
    "concern.serious_crime": "Is a serious crime feared, or has one happened?",
    "duty.more_detrimental": "Would sharing do this child more harm than not sharing?",
    "necessity.less_would_do": "Would less do, or asking without the name?",
    "recipient.needs_it_for_role": "Do they need this for their work?",
    "subject.capacity": "Can this person decide about this?",
    "subject.competence": "Does this child understand what a referral means?",
}
"""Questions by the place of their answer in the facts."""

HARM: Final[Mapping[str, str]] = {
    "some": "Some harm, of a kind that everyday support can meet",
    "significant": "Significant harm: lasting damage to health, safety or growing up",
    "serious": "Serious harm: death, serious injury, or as grave",
}
"""How grave the harm is that somebody fears, by its code."""
