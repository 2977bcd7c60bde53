"""What is told of the law and of reviews of the rules: one shape for the API and the commands."""

from collections.abc import Iterable
from datetime import date

from broker.domain.oversight.records import RuleReview
from broker.domain.times import day_text
from policies import Rulebook, law_on


def law_document(rulebook: Rulebook, day: date) -> dict[str, object]:
    """Return every source that a rule cites, and what of the law stands on a day."""
    return {**law_on(rulebook, day).document(), "sources": sources_of(rulebook)}


def sources_of(rulebook: Rulebook) -> list[dict[str, object]]:
    """Return every source that a rule cites: how it was read, and when it is in force."""
    return [_source(rulebook, name) for name in sorted(rulebook.laws)]


def _source(rulebook: Rulebook, name: str) -> dict[str, object]:
    source = rulebook.laws[name]
    reading = source.reading
    return {
        "id": name,
        "citation": source.citation,
        "tag": source.tag,
        "edition": None if reading is None else reading.edition,
        "read_by": None if reading is None else reading.by,
        "read_on": None if reading is None else reading.on.isoformat(),
        "in_force_from": day_text(source.begins),
        "in_force_to": day_text(source.in_force_to),
        "extent": source.extent,
    }


def reviews_document(reviews: Iterable[RuleReview]) -> dict[str, object]:
    """Return reviews of rules, the newest first."""
    return {"reviews": list(map(review_document, reviews))}


def review_document(review: RuleReview) -> dict[str, object]:
    """Return one review: why, when the next is due, and the digests of its papers."""
    return {
        "on": review.on.isoformat(),
        "by": review.by,
        "trigger": review.trigger.value,
        "due": review.due_on.isoformat(),
        "rulebook": review.rulebook,
        "equality_sha256": review.equality_sha256,
        "dpia_sha256": review.dpia_sha256,
    }
