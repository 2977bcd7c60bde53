"""A file brings contacts whole or not at all, and what goes out obeys no spreadsheet."""

import json
from dataclasses import replace

import pytest
from values import POLICE, PREVENT, TRUST

from broker.domain.errors import FaultyDocumentError
from broker.registers.contact_changes import is_another
from broker.registers.directory import Entries
from broker.registers.exchange.lines import faults_of, lines_of, read
from broker.registers.exchange.open_referral import document_of, read_services
from broker.registers.exchange.table import read_table, written

KNOWN = Entries(agencies=(POLICE, TRUST), mailboxes=(PREVENT,))
NEW = "organisation,function,title,address,telephone\n"


def faults(text: str, known: Entries = KNOWN) -> list[str]:
    return [one.place for one in faults_of(read_table(text.encode()), known)]


def test_a_table_that_goes_out_comes_in_as_it_was() -> None:
    lines = read_table(written(lines_of(KNOWN)))

    assert [*faults_of(lines, KNOWN)] == []
    (one,) = read(lines, KNOWN).contacts
    assert not is_another(one, PREVENT)


def test_services_that_go_out_come_in_as_they_were() -> None:
    document = document_of(KNOWN)
    lines = read_services(json.dumps(document).encode())

    assert [*faults_of(lines, KNOWN)] == []
    (one,) = read(lines, KNOWN).contacts
    assert not is_another(one, PREVENT)
    assert document_of(KNOWN) == document


def test_a_service_has_the_fields_of_open_referral() -> None:
    contents = document_of(KNOWN)["contents"]
    assert isinstance(contents, list)
    (service,) = contents

    assert (service["name"], service["status"]) == (PREVENT.title, "active")
    assert service["organization"]["name"] == POLICE.name
    assert service["phones"][0]["number"] == PREVENT.telephone
    assert service["assured_date"] == "2026-03-01"


@pytest.mark.parametrize("begins", ["=", "+", "-", "@"])
def test_a_text_that_a_spreadsheet_would_obey_goes_out_behind_a_quote(begins: str) -> None:
    telling = replace(PREVENT, title=f"{begins}1+1", telephone="+44 1632 960001")
    entries = Entries(agencies=KNOWN.agencies, mailboxes=(telling,))
    text = written(lines_of(entries)).decode("utf-8-sig")

    assert f"'{begins}1+1" in text
    assert "'+44 1632 960001" in text
    lines = read_table(text.encode())
    assert lines[0].says["telephone"] == "+44 1632 960001"
    assert [one.place for one in faults_of(lines, entries)] == ["line 2.title"]


def test_three_bad_lines_in_five_hundred_are_all_named() -> None:
    good = "northshire-police,prevent-inbox,Team {n},t{n}@northshire.police.uk,01632 960{n:03}\n"
    lines = [good.format(n=n) for n in range(500)]
    lines[3] = "northshire-police,nothing,Team,t@northshire.police.uk,01632 960001\n"
    lines[250] = "northshire-police,prevent-inbox,,t@northshire.police.uk,none\n"
    lines[499] = "unknown-body,prevent-inbox,Team,t@x.police.uk,01632 960001\n"

    assert faults(NEW + "".join(lines)) == [
        "line 5.function",
        "line 252.title",
        "line 252.telephone",
        "line 501.organisation_name",
    ]


@pytest.mark.parametrize(
    ("says", "place"),
    [
        ("UPPER,prevent-inbox,Team,a@b.police.uk,01632 960001", "line 2.organisation"),
        ("northshire-police,prevent-inbox,Team,,01632 960001", "line 2.address"),
        ("northshire-police,prevent-inbox,=Team,a@b.police.uk,01632 960001", "line 2.title"),
        (
            f"northshire-police,hr,{'x' * 201},a@b.police.uk,01632 960001",
            "line 2.title",
        ),
    ],
)
def test_what_is_wrong_with_a_line_is_named(says: str, place: str) -> None:
    assert faults(f"{NEW}{says}\n") == [place]


def test_two_lines_about_one_contact_are_named() -> None:
    header = "organisation,id,function,title,address,telephone\n"
    line = "northshire-police,team,prevent-inbox,Team,a@b.police.uk,01632 960001\n"

    assert faults(header + line + line) == ["line 3.id"]


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b'organisation,"', b"title,address\n", b"organisation,organisation\n"],
)
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(FaultyDocumentError):
        read_table(content)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"[" * 100_000, b'{"contents": {}}'])
def test_what_is_no_page_of_services_is_refused(content: bytes) -> None:
    with pytest.raises(FaultyDocumentError):
        read_services(content)


def test_a_service_of_somebody_else_is_read_as_far_as_it_says() -> None:
    service = {
        "name": "Early Help",
        "email": "help@council.gov.uk",
        "phones": [{"number": "01632 960 444"}],
        "organization": {"name": "Another Council", "description": "local-authority"},
    }
    lines = read_services(json.dumps([service]).encode())

    assert [*faults_of(lines, KNOWN)] == []
    found = read(lines, KNOWN)
    assert [body.id for body in found.bodies] == ["another-council"]
    assert found.contacts[0].function == "other"
    nothing = read_services(b'[{"phones": 1, "organization": 2, "attributes": [3]}]')
    assert {one.place for one in faults_of(nothing, KNOWN)} >= {"service 1.title"}
