"""Faults of a pack say which field, what may stand there, and nothing that is not so."""

import json
import re
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from packs import a_pack
from values import the_rulebook

from broker.domain.errors import FaultyDocumentError
from broker.domain.model import Pack
from broker.intake.documents import read_pack
from broker.intake.submissions import attachments_of, submission_of
from broker.packs.attachments.gate import inspect
from keys import IndexKey, IndexPurpose

TODAY = date(2026, 11, 29)
KEY = IndexKey(purpose=IndexPurpose.IDEMPOTENCY, material=bytes(32))
FINDINGS = Path(__file__).parents[2] / "fixtures" / "findings"


def read(pack: dict[str, Any]) -> Pack:
    return read_pack(json.dumps(pack).encode(), the_rulebook().vocabulary, TODAY)


def faults_of(text: bytes) -> dict[str, str]:
    with pytest.raises(FaultyDocumentError) as refused:
        read_pack(text, the_rulebook().vocabulary, TODAY)
    return {fault.place: fault.problem for fault in refused.value.faults}


def faults(**changes: Any) -> dict[str, str]:
    return faults_of(json.dumps(a_pack(**changes)).encode())


def test_a_limit_that_is_passed_is_told_with_how_much_may_stand() -> None:
    note = {"name": "note.txt", "carries": ["concerns.event"], "why": "w" * 100_000}

    many = faults(attachments=[{**note, "name": f"{n}.txt", "why": "A note."} for n in range(99)])
    long = faults(attachments=[note])

    assert re.fullmatch(r"holds too many: \d+ at most", many["attachments"])
    assert re.fullmatch(r"is too long: [\d,]+ characters at most", long["attachments[0].why"])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("individual.dob", "individual.date_of_birth", id="initials"),
        pytest.param("individual.adress", "individual.address", id="a letter"),
        pytest.param("individual.date-of-birth", "individual.date_of_birth", id="hyphens"),
        pytest.param("Date of birth", "individual.date_of_birth", id="the printed label"),
        pytest.param("date_of_birth", "individual.date_of_birth", id="no section"),
        pytest.param("concern.description", "concerns.description", id="section"),
    ],
)
def test_a_misspelt_field_is_answered_with_the_one_that_is_meant(written: str, meant: str) -> None:
    assert f"the nearest is {meant}" in " ".join(faults(form={written: "x"}).values())


@pytest.mark.parametrize("written", ["individual.shoe", "individual.zzcanary", "Qqcanary", "x"])
def test_what_is_like_no_field_gets_no_hint(written: str) -> None:
    assert "nearest" not in " ".join(faults(form={written: "x"}).values())


def test_a_field_that_is_spelt_as_ours_are_is_named_and_any_other_name_is_not() -> None:
    found = faults(form={"individual.dob": "x", "Zzcanary Qqcanary": "x"})

    assert set(found) == {"form.individual.dob", "form"}
    assert "the 2. of them" in found["form"]
    assert "canary" not in str(found).casefold()


def test_every_fault_stands_on_a_line_of_its_own() -> None:
    with pytest.raises(FaultyDocumentError) as refused:
        read(a_pack(recipient="A B", questions__danger="maybe", form={"individual.dob": "x"}))

    head, *lines = str(refused.value).splitlines()
    assert head == "This cannot be accepted. Put right:"
    assert [line.partition(":")[0] for line in lines] == [
        "- form.individual.dob",
        "- questions.danger",
        "- recipient",
    ]


def test_a_missing_group_is_spelt_out_with_every_word_that_may_stand_in_it() -> None:
    pack = a_pack()
    del pack["questions"]["legal"]

    problem = faults_of(json.dumps(pack).encode())["questions.legal"]

    assert "compulsion (one of: none, court-order, warrant" in problem
    assert "order_verified (one of: not-applicable, yes, no)" in problem


def test_unknown_is_offered_only_where_it_is_an_answer() -> None:
    pack = a_pack()
    del pack["questions"]["told"]["status"]
    del pack["questions"]["danger"]

    found = faults_of(json.dumps(pack).encode())

    assert found["questions.told.status"] == "is missing; it must be one of: no, yes"
    assert found["questions.danger"].endswith("one of: none, imminent, unknown")


def test_a_wrong_word_is_answered_with_all_that_may_stand_and_the_near_one() -> None:
    problem = faults(questions__danger="iminent")["questions.danger"]

    assert problem == "must be one of: none, imminent, unknown; did you mean imminent?"


@pytest.mark.parametrize("text", ["unknown", "Not known.", ".", "n/a", "x", "TBC", "- - -"])
@pytest.mark.parametrize(
    "place", ["purpose_statement", "necessity__reason", "proportionality__reason"]
)
def test_a_text_that_says_nothing_is_not_written(place: str, text: str) -> None:
    found = faults(**{f"questions__{place}": text})

    assert list(found) == [f"questions.{place.replace('__', '.')}"]
    assert "say it in words" in next(iter(found.values()))


def test_a_reason_for_a_field_and_for_a_file_must_say_something_too() -> None:
    found = faults(
        questions__reasons_for_extra_fields={"needs.health": "."},
        attachments=[{"name": "a.txt", "carries": ["concerns.event"], "why": "?"}],
        again="n/a",
    )

    assert set(found) == {
        "questions.reasons_for_extra_fields.needs.health",
        "attachments[0].why",
        "again",
    }


@pytest.mark.parametrize(
    ("born", "says"),
    [
        pytest.param("2026-11-30", "in the future", id="tomorrow"),
        pytest.param("9999-01-01", "in the future", id="the year 9999"),
        pytest.param("0001-01-01", "more than 110 years ago", id="the year 1"),
        pytest.param("1916-11-28", "more than 110 years ago", id="110 years and a day"),
    ],
)
def test_nobody_was_born_then(born: str, says: str) -> None:
    found = faults(
        **{"form__individual.date_of_birth": born, "questions__subject__date_of_birth": born}
    )

    assert set(found) == {"form.individual.date_of_birth", "questions.subject.date_of_birth"}
    assert says in found["form.individual.date_of_birth"]


def test_somebody_may_be_110_today() -> None:
    born = "1916-11-29"
    day = {"form__individual.date_of_birth": born, "questions__subject__date_of_birth": born}

    assert read(a_pack(**day)).form["individual.date_of_birth"] == born


@pytest.mark.parametrize("number", ["943 476 5919", "9434765919", "943-476-5919", "LOCAL 77"])
def test_an_nhs_number_with_its_check_digit_or_a_local_reference_is_taken(number: str) -> None:
    pack = read(a_pack(**{"form__individual.nhs_number": number}))

    assert pack.form["individual.nhs_number"] == number


@pytest.mark.parametrize("number", ["943 476 5910", "9434765918", "123 456 7890"])
def test_an_nhs_number_with_another_last_digit_is_a_slip(number: str) -> None:
    assert list(faults(**{"form__individual.nhs_number": number})) == [
        "form.individual.nhs_number"
    ]


def test_two_thousand_misspelt_names_cost_no_noticeable_time() -> None:
    names = {f"individual.date_of_birht{number:010d}"[:36]: "x" for number in range(1_800)}
    begun = time.process_time()

    with pytest.raises(FaultyDocumentError, match="1,780 more fields"):
        read(a_pack(form=names))

    assert time.process_time() - begun < 0.3


@pytest.mark.parametrize(
    ("name", "place"),
    [
        pytest.param("pack-03-born-115-years-ago", "form.individual.date_of_birth", id="115"),
        pytest.param("pack-04-tell-by-in-the-past", "questions.told.tell_by", id="tell by"),
    ],
)
def test_a_finding_is_a_fault_now(name: str, place: str) -> None:
    assert place in faults_of((FINDINGS / f"{name}.json").read_bytes())


def test_a_byte_order_mark_is_passed_over() -> None:
    text = (FINDINGS / "pack-02-byte-order-mark.json").read_bytes()

    assert text.startswith(b"\xef\xbb\xbf")
    assert read_pack(text, the_rulebook().vocabulary, TODAY).recipient == "northshire-prevent"


def test_a_file_name_from_a_mac_is_the_name_that_the_pack_mentions() -> None:
    text = (FINDINGS / "pack-01-mac-file-name.json").read_bytes()
    pack = read_pack(text, the_rulebook().vocabulary, TODAY)
    file = {"Rene\u0301e letter.txt": (FINDINGS / "renee-letter.txt").read_bytes()}

    submission = submission_of(pack, file, "key-00000001", KEY, inspect)

    assert len(submission.attachments) == 1


def test_two_names_that_differ_in_their_spelling_alone_are_one() -> None:
    pack = read(a_pack())
    files = {"Rene\u0301e.txt": b"One.", "Ren\u00e9e.txt": b"Two."}

    with pytest.raises(FaultyDocumentError, match="two files of one name"):
        submission_of(pack, files, "key-00000001", KEY, inspect)
    assert attachments_of(pack, {}, inspect) == ()
