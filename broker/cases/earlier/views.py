"""What is told of earlier concerns: a list, never a number about a person."""

from collections.abc import Iterable

from broker.cases.earlier.lists import EarlierConcern, OpenedConcern
from broker.domain.cases.earlier import Match
from broker.domain.cases.stages import ENDS_IN_WORDS, CaseEnd
from broker.domain.model import Disclosure
from broker.domain.references import Reference
from broker.domain.roles import ROLES_IN_WORDS, Role
from broker.domain.times import day_text, uk_day


def owed_document(owed: Iterable[Disclosure]) -> dict[str, object]:
    """Return which disclosures have earlier concerns that nobody has opened."""
    return {"waiting": [str(disclosure.reference) for disclosure in owed]}


def list_document(reference: Reference, found: Iterable[EarlierConcern]) -> dict[str, object]:
    """Return the earlier concerns that were found from a disclosure."""
    return {"reference": str(reference), "earlier": earlier_documents(found)}


def earlier_documents(found: Iterable[EarlierConcern]) -> list[dict[str, object]]:
    """Return each earlier concern of a list, in its order: no word of one."""
    return list(map(_concern, found))


def received_document(reference: Reference, found: Iterable[Match]) -> dict[str, object]:
    """Return which earlier references came to the recipient's body: no content."""
    return {"reference": str(reference), "earlier": list(map(match_document, found))}


def opened_document(opened: OpenedConcern) -> dict[str, object]:
    """Return an earlier concern as it is read, or what is known since its words are gone."""
    gone_on = opened.concern.words_gone_on
    return {
        **_concern(opened.concern),
        "words": [{"label": label, "text": text} for label, text in opened.words],
        "ended_as": opened.ended_as,
        "says": None if gone_on is None else _gone(opened, str(gone_on)),
    }


def _gone(opened: OpenedConcern, day: str) -> str:
    if opened.closed_by is None or opened.ended_as in {None, CaseEnd.ERASED.value}:
        return f"Its words are gone since {day}."
    function = ROLES_IN_WORDS[Role(opened.closed_by)].partition(":")[0]
    end = ENDS_IN_WORDS[CaseEnd(str(opened.ended_as))]
    return f"Its words are gone since {day}: {end}. Closed by: {function}."


def _concern(concern: EarlierConcern) -> dict[str, object]:
    return {
        **match_document(concern.match),
        "case": concern.match.case,
        "purpose": concern.purpose,
        "state": concern.state.value,
        "was_opened": concern.was_opened,
        "words_gone_on": day_text(concern.words_gone_on),
    }


def match_document(match: Match) -> dict[str, object]:
    """Return one earlier reference: when it came, and how sure it is that it is one person."""
    return {
        "reference": str(match.reference),
        "on": str(uk_day(match.at)),
        "match": match.kind.value,
        "call": None if match.call is None else match.call.value,
    }
