"""The page about delivery says what the one table of faults says."""

import re
from pathlib import Path

from broker.delivery.smtp.faults import FAULTS, Fault
from broker.delivery.ways_out import Way
from broker.disclosures.standing_still.deliveries import HAND_WAYS
from broker.domain.errors import UnknownFateError

PAGE = (Path(__file__).parents[2] / "docs" / "delivery.md").read_text(encoding="utf-8")


def follows(fault: Fault) -> str:
    meaning = FAULTS[fault]
    if meaning.is_tried_again:
        return "tried again"
    return "nobody knows" if meaning.follows is UnknownFateError else "a person"


def test_the_table_of_faults_is_the_one_table() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)

    assert rows == [
        (fault.value, meaning.when, follows(fault), meaning.example)
        for fault, meaning in FAULTS.items()
    ]


def test_every_way_stands_there() -> None:
    assert re.findall(r"^\| `([a-z-]+)` \| [^|]+ \|$", PAGE, re.MULTILINE) == [
        *(way.value for way in (Way.VERIFIED_MAIL, Way.PORTAL, Way.SEALED_MAIL)),
        *(way.value for way in (Way.BY_HAND, Way.TELEPHONE)),
    ]
    assert all(way in PAGE for way in HAND_WAYS)
