"""The questions of a Guardian's pages as data: words, choices, and what must be answered."""

from collections.abc import Iterable, Mapping
from typing import Final

from broker.domain.form import label_of
from broker.domain.grounds import INDEPENDENT, PRINCIPLES
from broker.guardian.answer import VERDICTS_IN_WORDS
from broker.guardian.public_interest import DECIDED_BY, PARTS
from broker.web.journeys.answers import Answered
from broker.web.journeys.shapes import (
    LINE_LIMIT,
    REASON_LIMIT,
    Days,
    Details,
    Inset,
    Kind,
    Option,
    Page,
    Problem,
    Question,
    always,
)

RELATION: Final = Page(
    id="relation",
    title="What is your part in this?",
    lead_in="Nothing of it is shown before you have answered.",
    questions=(
        Question(
            id="relation",
            kind=Kind.RADIOS,
            options=(
                Option(code=INDEPENDENT, label="None. I am independent"),
                Option(
                    code="author",
                    label="I wrote it, or changed or checked what is in it",
                ),
                Option(code="subject", label="It is about me"),
                Option(code="relative", label="It is about a relative or friend"),
                Option(code="line-report", label="The sender reports to me, or I to them"),
                Option(code="siro", label="I am the senior information risk owner"),
            ),
            must=always,
            missing="Select your part in this",
        ),
    ),
)
"""Asked before anything of a disclosure is shown."""

APPROVE, REDUCED, REFUSE = "approve", "approve-reduced", "refuse"

_DECISIONS: Final = (
    Option(code=APPROVE, label=VERDICTS_IN_WORDS[APPROVE]),
    Option(
        code=REDUCED,
        label=VERDICTS_IN_WORDS[REDUCED],
        hint="You say next which fields stay here.",
    ),
    Option(
        code=REFUSE,
        label=VERDICTS_IN_WORDS[REFUSE],
        hint="The sender reads your reasons.",
    ),
)


_MISSING: Final[Mapping[str, str]] = {
    "harm-to-the-person": "Enter what harm it may do to the person if it goes",
    "harm-to-trust": "Enter what harm it may do to trust, and to help later",
    "harm-to-others": "Enter what harm others may come to if it does not go",
    "good": "Enter the good you expect",
    "kind": "Enter what kind of information it is, and what the person thinks",
    "less": "Enter whether less would do",
    "asked": "Enter whether they were asked, and if not, why",
    "conclusion": "Enter what you conclude",
    DECIDED_BY: "Enter your name and role",
}
"""What is said of each of the nine parts where it is not written."""


def decide_page(questions: Iterable[str]) -> Page:
    """Return the page that asks for a decision; what nobody knows yet offers no approval."""
    unknown = tuple(questions)
    return Page(
        id="decide",
        title="What do you decide?",
        insets=tuple(
            Inset(text=f"You cannot approve what nobody knows: {one}") for one in unknown
        ),
        paragraphs=("Ask the sender: their answers are judged anew.",) if unknown else (),
        questions=(
            Question(
                id="verdict",
                kind=Kind.RADIOS,
                options=tuple(
                    option for option in _DECISIONS if not unknown or option.code == REFUSE
                ),
                must=always,
                missing="Select a decision",
            ),
        ),
    )


def leave_out_page(fields: Iterable[str]) -> Page:
    """Return the page that asks which of the fields that could go are to stay."""
    options = tuple(Option(code=field, label=label_of(field)) for field in fields)

    def something_goes(answered: Answered) -> tuple[Problem, ...]:
        chosen = answered.value("leave-out", "fields")
        if isinstance(chosen, list) and len(chosen) == len(options):
            message = "Leave something in, or decide that it may not go"
            return (Problem(question="fields", message=message),)
        return ()

    return Page(
        id="leave-out",
        title="What stays here?",
        lead_in="Tick what must not go. A file stays if anything in it does.",
        questions=(
            Question(
                id="fields",
                kind=Kind.CHECKBOXES,
                options=options,
                must=always,
                missing="Select at least one field that stays here",
            ),
        ),
        checks=(something_goes,),
    )


def public_interest_page(who: str) -> Page:
    """Return the page of nine parts; `who` is how its writer is filled in at the end."""
    return Page(
        id="public-interest",
        title="The public interest, in nine parts",
        lead_in=(
            "An adult said no. Write why it is right to go against that. It is kept with the case."
        ),
        questions=tuple(
            Question(
                id=part,
                kind=Kind.LINE if part == DECIDED_BY else Kind.TEXT,
                label=label,
                limit=LINE_LIMIT if part == DECIDED_BY else REASON_LIMIT,
                must=always,
                missing=_MISSING[part],
                prefilled=who if part == DECIDED_BY else "",
            )
            for part, label in PARTS.items()
        ),
    )


_PRINCIPLES: Final = Question(
    id="principles",
    kind=Kind.CHECKBOXES,
    label="The Caldicott Principles that you rest on",
    options=tuple(
        Option(code=str(number), label=f"{number}. {words}")
        for number, words in PRINCIPLES.items()
    ),
    must=always,
    missing="Select the principles you rest on",
)


def _words(name: str, label: str, missing: str, hint: str = "") -> Question:
    return Question(
        id=name,
        kind=Kind.TEXT,
        label=label,
        hint=hint,
        limit=REASON_LIMIT,
        must=always,
        missing=missing,
        facts=("approval.reason",),
    )


REASONS: Final = Page(
    id="reasons",
    title="Why do you decide so?",
    questions=(
        _words(
            "reason",
            "Your reasons",
            "Enter your reasons",
            "Somebody who was not there must understand them. The sender reads them where you "
            "refuse or leave something out.",
        ),
        _PRINCIPLES,
    ),
)

ASK: Final = Page(
    id="ask",
    title="Ask the sender",
    lead_in="They are told at once, and answer in writing. You may decide without the answer.",
    questions=(
        _words("question", "What do you need to know?", "Enter what you need to know"),
        _PRINCIPLES,
    ),
    go_on="Ask the sender",
)

ADVISE: Final = Page(
    id="advice",
    title="Ask for advice",
    lead_in="Advice decides nothing. You may decide without it, and an answer approves nothing.",
    questions=(
        Question(
            id="adviser",
            kind=Kind.RADIOS,
            label="Whom do you ask?",
            options=(
                Option(code="ig", label="Information governance", hint="Two working days."),
                Option(
                    code="police-lead",
                    label="The police Prevent lead",
                    hint="One working day. Without name, place or number: they see your question "
                    "alone.",
                ),
                Option(
                    code="legal",
                    label="Legal advice",
                    hint="Ask them as you do now, and write their answer down here.",
                ),
            ),
            must=always,
            missing="Select whom you ask",
        ),
        _words("question", "Your question", "Enter your question"),
        Question(
            id="guess",
            kind=Kind.RADIOS,
            label="Could they guess who it is about?",
            hint="Read your question once more as somebody who lives there.",
            options=(
                Option(code="no", label="No"),
                Option(code="yes", label="Yes, they could"),
            ),
            must=always,
            missing="Select whether they could guess who it is about",
        ),
    ),
    go_on="Ask for advice",
)


def advice_answer_page(question: str) -> Page:
    """Return the page on which an answer is written, below the question."""
    return Page(
        id="advice-answer",
        title="Answer a Guardian's question",
        details=Details(summary="What they ask", paragraphs=(question,)),
        questions=(
            Question(
                id="answer",
                kind=Kind.TEXT,
                label="Your answer",
                limit=REASON_LIMIT,
                must=always,
                missing="Enter your answer",
            ),
        ),
        go_on="File the answer",
    )


def cover_page(deputies: Iterable[tuple[str, str]]) -> Page:
    """Return the page that asks for a deputy, by identifier and name, and the days."""
    return Page(
        id="cover",
        title="Hand over to a deputy",
        lead_in=(
            "They hold the role already. For these days your list is theirs to watch; it ends by "
            "itself."
        ),
        questions=(
            Question(
                id="deputy",
                kind=Kind.RADIOS,
                label="Who covers for you?",
                options=tuple(Option(code=id_, label=name) for id_, name in deputies),
                must=always,
                missing="Select who covers for you",
            ),
            Question(
                id="first",
                kind=Kind.DATE,
                label="First day",
                must=always,
                missing="Enter the first day",
                days=Days.FROM_TODAY,
            ),
            Question(
                id="last",
                kind=Kind.DATE,
                label="Last day",
                hint="At most 30 days.",
                must=always,
                missing="Enter the last day",
                days=Days.FROM_TODAY,
            ),
        ),
        go_on="Hand over",
    )


LOOK_BACK: Final = Page(
    id="look-back",
    title="Was this right?",
    questions=(
        Question(
            id="opinion",
            kind=Kind.RADIOS,
            label="What do you think of it now?",
            options=(
                Option(code="concur", label="I agree"),
                Option(
                    code="dissent",
                    label="I do not agree",
                    hint="This changes nothing by itself. Its review says if it can be stopped.",
                ),
            ),
            must=always,
            missing="Select whether you agree",
        ),
        _words("reason", "Your reasons", "Enter your reasons"),
        _PRINCIPLES,
        Question(
            id="learning",
            kind=Kind.TEXT,
            label="What should we learn?",
            hint="You may leave this empty. Write of the work, never of the person.",
            limit=REASON_LIMIT,
        ),
    ),
    go_on="Record what I think",
)
