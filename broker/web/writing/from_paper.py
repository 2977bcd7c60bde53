"""A filled-in printed form becomes a draft: each box stands filled in on its page.

Nothing counts before a person has sent that page. What has no page is listed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from broker.domain.concerns.drafts import DraftText
from broker.domain.form import FIELD_BY_ID, Kind
from broker.domain.json_values import as_array, as_object, texts
from broker.intake.paper import NotMapped, PaperDraft
from broker.web.journeys.composed import TYPED
from broker.web.journeys.reading import DATE_PARTS

FROM_PAPER: Final = "from-paper"
"""Under which name a draft keeps what its form said that stands on no page."""

_PARTLY: Final[Mapping[str, tuple[str, str]]] = {
    "capacity.finding": ("capacity", "finding"),
    "checks.discussed": ("lead", "said"),
    "consent.agreements": ("agree", "said"),
    "consent.reason": ("not-told", "why"),
    "consent.told": ("told", "how"),
    "dates.noticed": ("seen", "first"),
    "family.implicated": ("family-part", "who"),
    "noticed_by.person": ("told-by", "who"),
}
"""Where the words of a field stand that we put together: beside choices which nobody has made."""

_NOT_ASKED: Final = frozenset({"concerns.source", "individual.approximate_age", "referrer.person"})
"""Fields that we write from other answers alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToConfirm:
    """A box that waits for a person's yes: its field, its words, and the page on which it is."""

    field: str
    words: str
    page: str


def draft_of(paper: PaperDraft) -> DraftText:
    """Return the draft that a filled-in form makes; every page of it waits for an answer."""
    typed: dict[str, dict[str, object]] = {}
    rest = list(paper.not_mapped)
    added: list[str] = []
    for name, words in paper.values.items():
        home = _home(name)
        if home is None:
            label = FIELD_BY_ID[name].label
            why = "we write this from your other answers"
            rest.append(NotMapped(label=label, words=words, why=why))
            continue
        page, question = home
        if page.startswith("field/"):
            added.append(name)
        typed.setdefault(page, {}).update(_as_typed(name, question, words))
    if added:
        typed["more"] = {"fields": added}
    typed[FROM_PAPER] = {
        "form": [paper.form],
        "boxes": [[name, words] for name, words in paper.values.items() if _home(name)],
        "rest": [[one.label or "", one.words, one.why] for one in rest],
    }
    return DraftText(answers={"about": {"about": "person"}}, typed=typed)


def to_confirm(text: DraftText) -> tuple[ToConfirm, ...]:
    """Return the boxes of the form that a draft came from, in its order; none of any other."""
    return tuple(
        ToConfirm(field=name, words=words, page=home[0])
        for name, words in _lists(text, "boxes")
        if (home := _home(name)) is not None
    )


def not_on_a_page(text: DraftText) -> tuple[NotMapped, ...]:
    """Return what the form said that stands on no page."""
    return tuple(
        NotMapped(label=label or None, words=words, why=why)
        for label, words, why in _lists(text, "rest")
    )


def _lists(text: DraftText, name: str) -> Iterator[tuple[str, ...]]:
    kept = as_object(text.typed.get(FROM_PAPER, {}))
    yield from map(texts, as_array(kept.get(name, [])))


def _home(name: str) -> tuple[str, str] | None:
    if name in _NOT_ASKED:
        return None
    return TYPED.get(name) or _PARTLY.get(name) or (f"field/{name}", "text")


def _as_typed(name: str, question: str, words: str) -> dict[str, object]:
    if FIELD_BY_ID[name].kind is not Kind.DATE or question == "text":
        return {question: [words]}
    day = date.fromisoformat(words)
    return {f"{question}-{part}": [str(getattr(day, part))] for part in DATE_PARTS}
