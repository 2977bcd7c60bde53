"""A second opinion: the cards, written as Cedar policies, answer the same as our engine."""

import random
from dataclasses import replace

import pytest
from cedar import FINDINGS, RULEBOOK, by_cards, by_cedar, random_sheet

from policies.engine import Card, Entry

SEED = 20260316


def _disagreements(count: int, cards: tuple[Card, ...] = RULEBOOK.cards) -> list[dict[str, Entry]]:
    chance = random.Random(SEED)  # noqa: S311 - a sample, not a secret
    sheets = (random_sheet(chance) for _ in range(count))
    return [sheet for sheet in sheets if by_cedar(sheet) != by_cards(sheet, cards)]


def test_every_finding_is_givenby_cedar_too() -> None:
    chance = random.Random(SEED)  # noqa: S311 - a sample, not a secret

    found = {finding for _ in range(8_000) for finding in by_cards(random_sheet(chance))}

    assert set(FINDINGS) - found == set()


def test_cedar_and_the_cards_agree() -> None:
    assert _disagreements(2_000) == []


def test_a_planted_slip_is_seen() -> None:
    spoilt = tuple(
        replace(card, applies_when=()) if card.rule == "R13" else card for card in RULEBOOK.cards
    )

    assert _disagreements(50, spoilt) != []


@pytest.mark.long
def test_cedar_and_the_cards_agree_on_many_more() -> None:
    assert _disagreements(20_000) == []
