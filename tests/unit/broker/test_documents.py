"""Documents of the API become frozen values, or faults by their places."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from packs import EXAMPLES, FORM, QUESTIONS, with_attachment
from values import BASIS, POLICE, PREVENT, TRUST, a_read_pack

from broker.domain.errors import Fault, FaultyDocumentError
from broker.domain.model import AttachmentNote, MailboxId, Pack
from broker.intake.documents import read_directory, read_handover

DIRECTORY: dict[str, Any] = json.loads((EXAMPLES / "directory.json").read_bytes())


def an_entry(kind: str, **changes: Any) -> bytes:
    """Return the sample directory, its first agency or mailbox changed."""
    first, *others = DIRECTORY[kind]
    return json.dumps({**DIRECTORY, kind: [{**first, **changes}, *others]}).encode()


def faults_of(text: bytes) -> tuple[Fault, ...]:
    with pytest.raises(FaultyDocumentError) as refused:
        read_directory(text)
    return refused.value.faults


def test_a_pack_is_read_whole() -> None:
    pack = a_read_pack(
        questions__confirmed=["redact-third-parties"],
        attachments=with_attachment("note.txt", "concerns.description"),
    )

    assert pack == Pack(
        recipient=MailboxId("northshire-prevent"),
        form=FORM,
        questions=QUESTIONS,
        confirmed=frozenset({"redact-third-parties"}),
        attachments=(
            AttachmentNote(
                name="note.txt",
                carries=("concerns.description",),
                why="The note made on the day.",
            ),
        ),
    )


def test_a_directory_is_read_with_no_entry_verified() -> None:
    agencies, mailboxes = read_directory((EXAMPLES / "directory.json").read_bytes())

    power = "Counter-Terrorism and Security Act 2015 s26; Crime and Disorder Act 1998 s115"
    asks = replace(
        BASIS,
        schedule_1="10",
        power="Counter-Terrorism and Security Act 2015 s36; common law policing powers",
    )
    assert agencies[:2] == (
        replace(TRUST, bases={"*": replace(BASIS, power=power)}),
        replace(POLICE, bases={"partner-request": asks}),
    )
    assert mailboxes[0] == replace(PREVENT, verified_on=None, verified_by=None)
    assert all(mailbox.verified_on is None for mailbox in mailboxes)


def test_days_of_an_agency_are_read() -> None:
    agencies, _ = read_directory(an_entry("agencies", suitability_until="2026-12-31"))

    assert agencies[0].suitability_until == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        pytest.param(b"[]", ["document"], id="a list"),
        pytest.param(b"{}", ["agencies", "directory", "mailboxes"], id="nothing"),
        pytest.param(an_entry("agencies", id="Zzcanary"), ["agencies[0].id"], id="id"),
        pytest.param(an_entry("agencies", name=""), ["agencies[0].name"], id="no name"),
        pytest.param(
            an_entry("agencies", in_united_kingdom="yes"),
            ["agencies[0].in_united_kingdom"],
            id="a truth in words",
        ),
        pytest.param(an_entry("agencies", zzcanary=1), ["agencies[0]"], id="unknown name"),
        pytest.param(an_entry("agencies", bases={"*": {}}), None, id="an empty basis"),
        pytest.param(
            an_entry("agencies", bases={"zzcanary": "Zzcanary"}),
            ["agencies[0].bases"],
            id="a basis in words",
        ),
        pytest.param(
            an_entry("agencies", suitability_until="2026-02-30"), ["agencies"], id="30 February"
        ),
        pytest.param(an_entry("mailboxes", type="Role"), ["mailboxes[0].type"], id="type"),
        pytest.param(
            an_entry("mailboxes", telephone="01632 960 001 Zzcanary"),
            ["mailboxes[0].telephone"],
            id="letters in a number",
        ),
        pytest.param(
            an_entry("mailboxes", verified_on="2026-03-01"),
            ["mailboxes[0]"],
            id="verified by its own word",
        ),
    ],
)
def test_a_faulty_directory_is_refused_by_its_places(
    text: bytes, places: list[str] | None
) -> None:
    faults = faults_of(text)

    if places is None:
        names = ("article_6", "article_9", "power", "schedule_1")
        places = [f"agencies[0].bases.{name}" for name in names]
    assert [fault.place for fault in faults] == places
    assert "zzcanary" not in repr(faults).casefold()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(b"", None, id="nothing"),
        pytest.param(b"{}", None, id="an empty object"),
        pytest.param(b'{"reason": null}', None, id="null"),
        pytest.param(b'{"reason": "The line was cut."}', "The line was cut.", id="a reason"),
    ],
)
def test_a_reason_may_be_given(text: bytes, reason: str | None) -> None:
    assert read_handover(text) == reason


@pytest.mark.parametrize("reason", ['""', "7", "[]", f'"{"x" * 4_001}"'])
def test_a_reason_is_a_text_of_some_length(reason: str) -> None:
    with pytest.raises(FaultyDocumentError) as refused:
        read_handover(f'{{"reason": {reason}}}'.encode())

    assert [fault.place for fault in refused.value.faults] == ["reason"]
