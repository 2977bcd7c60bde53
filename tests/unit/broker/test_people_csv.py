"""People from a spreadsheet: every bad line is named, or all are taken."""

import pytest

from broker.domain.errors import Fault, FaultyDocumentError
from broker.domain.roles import Role
from broker.domain.tables.spreadsheets import MOST_LINES
from broker.registers.entering.lists import read_people

HEAD = "agency,name,contact,roles,team,from,until,deputy,trained_until,cleared_until"
GOOD = "example-school,Mira Specimen,mira@school.example,practitioner lead,,2026-03-16,,yes,,"


def faults_of(text: str | bytes) -> tuple[Fault, ...]:
    content = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(FaultyDocumentError) as refused:
        read_people(content)
    return refused.value.faults


def test_a_line_becomes_a_person_with_each_role() -> None:
    (person,) = read_people(f"\ufeff{HEAD}\r\n{GOOD}\r\n".encode())

    assert (person.name, person.contact, person.place) == (
        "Mira Specimen",
        "mira@school.example",
        "line 2",
    )
    assert [(role.role, role.is_deputy) for role in person.roles] == [
        (Role.PRACTITIONER, True),
        (Role.LEAD, True),
    ]


def test_columns_come_in_any_order_and_most_may_be_missing() -> None:
    (person,) = read_people(
        b"name,roles,contact,agency\nMira,hr,mira@school.example,example-school"
    )

    assert (person.agency, person.roles[0].role) == ("example-school", Role.HR)


def test_every_fault_of_every_line_is_named_and_nobody_is_taken() -> None:
    bad = [
        GOOD,
        GOOD.replace("practitioner lead", "partner"),
        GOOD.replace("2026-03-16,,yes", "2026-02-30,,perhaps"),
        GOOD.replace("2026-03-16,", "2026-03-16,2026-03-15"),
        GOOD.replace("example-school", "Example School"),
        "too,few",
        GOOD.replace("lead,,", "lead,A Team,"),
    ]

    places = [fault.place for fault in faults_of("\n".join((HEAD, *bad)))]

    assert places == [
        "line 3.roles",
        "line 4.deputy",
        "line 4.from",
        "line 5.until",
        "line 6.agency",
        "line 7",
        "line 8.team",
    ]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"name,contact\nMira,mira@school.example",
        HEAD.replace("team", "score").encode(),
        (HEAD + ",name").encode(),
        HEAD.encode() + b'\n"unclosed',
        HEAD.encode() + b"\n\xff",
        "\n".join([HEAD, *[GOOD] * (MOST_LINES + 1)]).encode(),
    ],
    ids=["empty", "few-columns", "unknown", "twice", "unclosed", "not-utf-8", "too-many"],
)
def test_what_is_no_table_of_people_is_refused(text: bytes) -> None:
    assert len(faults_of(text)) == 1


def test_no_fault_repeats_what_was_sent() -> None:
    canary = "Zzcanary"
    line = GOOD.replace("practitioner lead", canary).replace("2026-03-16", canary)

    assert all(canary not in fault.problem for fault in faults_of(f"{HEAD}\n{line}"))
