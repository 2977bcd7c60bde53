"""What people read of a breach record: each code in plain words."""

from collections.abc import Mapping
from typing import Final

from broker.domain.breaches.record import Cause, Kind, Late, Step

KINDS: Final[Mapping[str, str]] = {
    Kind.BREACH: "Breach",
    Kind.NEAR_MISS: "Near miss",
}

KINDS_ASKED: Final[Mapping[str, str]] = {
    Kind.BREACH: "Somebody has it, or has seen it, who should not; or it is lost",
    Kind.NEAR_MISS: "It was caught in time: nobody who should not has seen it",
}
"""The two kinds as somebody chooses between them."""

CAUSES: Final[Mapping[str, str]] = {
    Cause.WRONG_RECIPIENT: "It went to the wrong place",
    Cause.WRONG_PERSON: "It is about the wrong person",
    Cause.WRONG_CONTENT: "Something in it should not have gone",
    Cause.OPENED_BY_ANOTHER: "Somebody else opened it",
    Cause.NOT_DELIVERED: "It did not arrive, and nobody knows where it is",
    Cause.OTHER: "Something else",
}

STEPS: Final[Mapping[Step, str]] = {
    Step.CERTAIN: "Is it a breach, and since when is that certain?",
    Step.CONTAINED: "How was it contained?",
    Step.RISK: "How high is the risk to people?",
    Step.REGULATOR: "Was it reported to the Information Commissioner?",
    Step.PERSON: "Was the person told?",
    Step.LESSON: "What is learnt from it?",
}

CHOICES_IN_WORDS: Final[Mapping[Step, Mapping[str, str]]] = {
    Step.CERTAIN: {
        Kind.BREACH: "It is a breach",
        Kind.NEAR_MISS: "It is a near miss: nothing was lost",
    },
    Step.RISK: {
        "none": "A risk to people is unlikely",
        "risk": "There is a risk to people",
        "high": "There is a high risk to people",
    },
    Step.REGULATOR: {"reported": "It was reported", "not-reported": "It was not reported"},
    Step.PERSON: {"told": "They were told", "not-told": "They were not told"},
}

ASKED: Final[Mapping[Step, str]] = {
    Step.CERTAIN: "What makes it certain?",
    Step.CONTAINED: "What was done, by which function, and does anybody still have it?",
    Step.RISK: "Why? Think of who has it, what is in it, and whether it opens without the words.",
    Step.REGULATOR: "The Commissioner's case number; or why it need not be reported.",
    Step.PERSON: "What they were told and how; or why not.",
    Step.LESSON: "What will be done differently, and by when.",
}
"""What the words of each step answer."""

LATE: Final[Mapping[Late, str]] = {
    Late.UNCERTAIN: "It was opened a day ago, and nobody has said whether it is a breach.",
    Late.REPORT_SOON: "Less than a day is left in which the Information Commissioner must hear.",
    Late.REPORT_LATE: "The 72 hours are over, and nobody has reported it or said why not.",
    Late.REPORT_LATER: "The report to the Information Commissioner is more than a day late.",
    Late.PERSON_LATE: "The risk is high, and nobody has told the person or said why not.",
    Late.NOT_CLOSED: "It has stood open for four weeks.",
}
"""What is late, as whoever must act reads it."""
