"""How often earlier concerns are found in made-up histories, and how often wrongly.

The names are drawn from lists that are not those of the product, and the variants are made here.
"""

import random
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from broker.domain.cases.likeness import Mark, MarkKind, marks_of

NAMES = Path(__file__).parent.parent / "fixtures" / "likeness"
GIVEN = (NAMES / "given.txt").read_text(encoding="utf-8").split()
FAMILY = (NAMES / "family.txt").read_text(encoding="utf-8").split()
MOHAMMED = ("Muhammad", "Mohamed", "Mohammad", "Muhammed", "Mohamad", "Mohamud", "Mohd")
SAME: dict[str, tuple[str, ...]] = {
    "Mohammed": MOHAMMED,
    "Muhammad": MOHAMMED,
    "Ahmed": ("Ahmad", "Ahmet"),
    "Hussain": ("Hussein", "Husain"),
    "Hussein": ("Hussain", "Husain"),
    "Hassan": ("Hasan",),
    "Yusuf": ("Yousef", "Youssef"),
    "Zainab": ("Zaynab", "Zeinab"),
    "Khadija": ("Khadeeja",),
    "Aisha": ("Ayesha", "Aysha"),
    "Fatima": ("Fatimah", "Fatma"),
    "Omar": ("Umar",),
    "Ibrahim": ("Ebrahim",),
    "Lewis": ("Louis",),
    "Clarke": ("Clark",),
    "Thompson": ("Thomson",),
    "Chowdhury": ("Choudhury", "Chaudhry"),
    "Rahman": ("Rehman",),
    "Phillips": ("Philips",),
    "Zofia": ("Sofia",),
    "Sophie": ("Sofie",),
    "MacDonald": ("McDonald", "Mc Donald"),
}

Draw = Callable[[random.Random, str], str]


def seeded(number: int) -> random.Random:
    return random.Random(number)  # noqa: S311  # made-up people, the same in every run


def without_accents(_: random.Random, name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).replace("ł", "l")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def without_apostrophe(draw: random.Random, name: str) -> str:
    return name.replace("'", draw.choice(("", "’", " ")))


def in_other_order(_: random.Random, name: str) -> str:
    given, family = name.split(" ", 1)
    return f"{family.upper()}, {given}"


def spelt_otherwise(draw: random.Random, name: str) -> str:
    return " ".join(draw.choice(SAME.get(word, (word,))) for word in name.split(" "))


def with_a_middle_name(draw: random.Random, name: str) -> str:
    given, family = name.split(" ", 1)
    return f"{given} {draw.choice(GIVEN)} {family}"


def without_hyphen(_: random.Random, name: str) -> str:
    return name.replace("-", " ")


CHANGES: tuple[Draw, ...] = (
    without_accents,
    without_apostrophe,
    in_other_order,
    spelt_otherwise,
    with_a_middle_name,
    without_hyphen,
)


def a_number(draw: random.Random) -> str:
    while True:
        digits = [draw.randint(0, 9) for _ in range(9)]
        check = 11 - sum(digit * (10 - place) for place, digit in enumerate(digits)) % 11
        if check != 10:
            text = "".join(map(str, (*digits, check % 11)))
            return f"{text[:3]} {text[3:6]} {text[6:]}"


def a_person(draw: random.Random) -> dict[str, str]:
    day = date(1950, 1, 1) + timedelta(days=draw.randint(0, 25_000))
    return {
        "individual.name": f"{draw.choice(GIVEN)} {draw.choice(FAMILY)}",
        "individual.date_of_birth": day.isoformat(),
    }


def swapped(day: str) -> str:
    year, month, of_month = day.split("-")
    return day if int(of_month) > 12 else f"{year}-{of_month}-{month}"


def kinds_of(one: frozenset[Mark], other: frozenset[Mark]) -> set[MarkKind]:
    return {mark.kind for mark in one & other}


def test_every_repeat_of_an_identifier_is_found() -> None:
    draw = seeded(20260316)
    missed = 0
    for _ in range(1_000):
        number = a_number(draw)
        first = {**a_person(draw), "individual.nhs_number": number}
        second = {**a_person(draw), "individual.nhs_number": number.replace(" ", "")}
        missed += MarkKind.EXACT not in kinds_of(marks_of(first), marks_of(second))

    assert missed == 0


def written_otherwise(draw: random.Random, person: dict[str, str]) -> dict[str, str]:
    """Write a person as somebody else would, in at least one place."""
    changed = dict(person)
    while changed == person:
        for change in draw.sample(CHANGES, draw.randint(1, 3)):
            changed["individual.name"] = change(draw, changed["individual.name"])
        if draw.random() < 0.3:
            changed["individual.date_of_birth"] = swapped(changed["individual.date_of_birth"])
    return changed


def test_spelling_variants_are_found_in_at_least_ninety_five_of_a_hundred() -> None:
    draw = seeded(20260317)
    missed = 0
    for _ in range(1_000):
        person = a_person(draw)
        changed = written_otherwise(draw, person)
        missed += MarkKind.ALIKE not in kinds_of(marks_of(person), marks_of(changed))

    assert missed <= 50, f"{missed} of 1,000 were missed"


@pytest.mark.parametrize("change", [*CHANGES, swapped], ids=lambda one: str(one.__name__))
def test_each_way_of_writing_otherwise_is_found_in_at_least_ninety_five_of_a_hundred(
    change: Callable[..., str],
) -> None:
    draw = seeded(20260319)
    missed = tried = 0
    while tried < 100:
        person = a_person(draw)
        changed = (
            {**person, "individual.date_of_birth": swapped(person["individual.date_of_birth"])}
            if change is swapped
            else {**person, "individual.name": change(draw, person["individual.name"])}
        )
        if changed != person:
            tried += 1
            missed += MarkKind.ALIKE not in kinds_of(marks_of(person), marks_of(changed))

    assert missed <= 5, f"{missed} of 100 were missed"


def test_of_ten_thousand_pairs_of_different_people_with_one_birthday_five_at_most_are_alike() -> (
    None
):
    draw = seeded(20260318)
    wrong = 0
    for _ in range(10_000):
        person, other = a_person(draw), a_person(draw)
        other["individual.date_of_birth"] = person["individual.date_of_birth"]
        wrong += bool(kinds_of(marks_of(person), marks_of(other)))

    assert wrong <= 5, f"{wrong} of 10,000 pairs were proposed"
