"""Tell a decision in plain words; the Guardian also reads every rule, with its law."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import chain
from typing import Final, assert_never

from policies.decision import Decision, Effect, Finding, Outcome, Status
from policies.reading.laws import Law
from policies.reading.rulebook import Rulebook


class Audience(StrEnum):
    """Who reads the explanation."""

    REQUESTER = "requester"
    GUARDIAN = "guardian"


def label(field: str) -> str:
    """Return a field identifier as people read it: `individual.name` is `individual: name`."""
    return field.replace(".", ": ").replace("_", " ")


def explain(
    decision: Decision,
    rulebook: Rulebook,
    *,
    audience: Audience = Audience.REQUESTER,
    called: Callable[[str], str] = label,
) -> str:
    """Return the decision in plain words, as lines of text without markup.

    `called` gives what a form calls a field. The Guardian also reads every rule that applied in
    one sentence with the law it rests on, and after them each of these laws once, those apart
    that nobody has read in their source yet.
    """
    match audience:
        case Audience.REQUESTER:
            parts: Iterable[str] = _for_requester(decision, rulebook, called)
        case Audience.GUARDIAN:
            said = _for_requester(decision, rulebook, called)
            parts = chain(said, _every_rule(decision, rulebook))
        case _:
            assert_never(audience)
    return "\n\n".join(parts)


def headline(outcome: Outcome) -> str:
    """Return what is to happen with a disclosure, in a sentence."""
    match outcome:
        case Outcome.PERMIT:
            return "This may go."
        case Outcome.PERMIT_WITH_OBLIGATIONS:
            return "This may go, with duties."
        case Outcome.REFER:
            return "This waits: a person must answer what is named below."
        case Outcome.REFUSE:
            return "This may not go."
        case Outcome.EMERGENCY:
            return "Emergency. Ring 999 now. The emergency pack may go at once."
        case _:
            assert_never(outcome)


def _for_requester(
    decision: Decision, rulebook: Rulebook, called: Callable[[str], str]
) -> Iterator[str]:
    yield headline(decision.outcome)
    why = [finding.say for finding in decision.findings if finding.stops]
    yield from _listed("Why:", why)
    yield from _listed("It would be lawful if:", decision.lawful_if)
    yield from _listed("What goes:", [called(field) for field in decision.release])
    stays = [f"{called(field)}. {why}" for field, why in decision.withheld.items()]
    yield from _listed("What stays:", stays)
    duties = [rulebook.obligations[duty.type].sentence for duty in decision.obligations]
    yield from _listed("What you must do:", duties)


def _listed(heading: str, lines: Iterable[str]) -> Iterator[str]:
    items = [f"- {line}" for line in lines]
    if items:
        yield "\n".join([heading, *items])


def _every_rule(decision: Decision, rulebook: Rulebook) -> Iterator[str]:
    titles = {card.rule: card.title for card in rulebook.cards}
    applied = [one for one in decision.findings if one.status is not Status.NOT_APPLICABLE]
    for finding in applied:
        yield _rule(finding, titles.get(finding.rule, "The facts"))
    by_citation = {law.citation: law for law in rulebook.laws.values()}
    named = dict.fromkeys(chain.from_iterable(finding.law for finding in applied))
    laws = [by_citation[citation] for citation in named]
    read = [law for law in laws if law.tag not in _UNREAD]
    unread = [law for law in laws if law.tag in _UNREAD]
    yield from _listed("The law named above, and how it was read:", map(_law, read))
    yield from _listed("Named, and not read in its source yet:", map(_law, unread))


_UNREAD = frozenset({"unverified"})

_STATUSES: Final[Mapping[Status, str]] = {
    Status.MET: "met",
    Status.NOT_MET: "not met",
    Status.CANNOT_BE_JUDGED: "cannot be judged yet",
}
_EFFECTS: Final[Mapping[Effect, str]] = {
    Effect.NONE: "",
    Effect.REFUSE: ", so it may not go",
    Effect.REFER: ", so a person must decide",
    Effect.OBLIGES: ", with a duty",
    Effect.WAIVED: ", set aside in an emergency",
}


def _rule(finding: Finding, title: str) -> str:
    effect = _EFFECTS[finding.effect]
    rests_on = f" [{'; '.join(finding.law)}]" if finding.law else ""
    return f"{finding.rule} {title} ({_STATUSES[finding.status]}{effect}): {finding.say}{rests_on}"


def _law(law: Law) -> str:
    read = "" if law.tag in _UNREAD else f" Read: {law.read_in}"
    return f"{law.citation}: {law.sentence}{read}"
