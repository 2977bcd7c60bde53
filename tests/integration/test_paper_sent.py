"""What a recipient reads when the sealed document is opened, and what only its sender is told."""

import json
from collections.abc import Generator
from typing import Any

import pytest
from brokers import Clock
from callers import PREVIEWS, Caller, a_caller
from homes import Prepared
from packs import FORM, a_pack, with_attachment
from werkzeug.test import TestResponse

from broker.cli.standing import tell_in_words
from broker.domain.form import label_of
from broker.domain.references import parse_reference
from broker.packs.pdfium import opened
from broker.wiring import Services

KEPT = "Of the made-up faith."


@pytest.fixture(name="made", scope="module")
def _made(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Services]:
    made = prepared_on_sqlite.copied(tmp_path_factory.mktemp("paper") / "home", Clock())
    yield made
    made.close()


@pytest.fixture(name="nurse", scope="module")
def _nurse(made: Services) -> Caller:
    return a_caller(made)


def answer_to(response: TestResponse) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(response.data)
    return answer


def read(made: Services, caller: Caller, reference: str) -> str:
    """Return the words on the pages of a document, as whoever opens it sees them."""
    made.dispatcher.dispatch()
    passphrase = answer_to(caller.post(f"/api/v1/disclosures/{reference}/handover"))["passphrase"]
    with made.transaction() as tx:
        sealed = tx.case_file(tx.store.disclosure(parse_reference(reference))).sealed() or b""
    with opened(sealed, passphrase) as document:
        return " ".join(" ".join(map(document.text, range(document.pages))).split())


def test_the_recipient_reads_one_sentence_about_what_stays_and_the_sender_the_list(
    made: Services, nurse: Caller
) -> None:
    pack = a_pack(
        form={**FORM, "individual.ethnicity": KEPT, "history.criminal": KEPT},
        attachments=with_attachment("note.txt", "individual.ethnicity"),
    )

    told = answer_to(nurse.submit_with_files(pack, {"note.txt": KEPT.encode()}, key="key-of-some"))
    words = read(made, nurse, told["reference"])

    withheld = list(told["decision"]["withheld"])
    assert withheld
    assert [field for field in withheld if label_of(field) in words] == []
    assert [reason for reason in told["decision"]["withheld"].values() if reason in words] == []
    assert words.count("Something was held back. Ask ") == 1
    assert words.count("held back") == 1
    assert KEPT not in words


def test_nothing_is_said_of_holding_back_where_nothing_stays(
    made: Services, nurse: Caller
) -> None:
    told = answer_to(nurse.submit(a_pack(), key="key-of-all-goes"))

    words = read(made, nurse, told["reference"])

    assert told["decision"]["withheld"] == {}
    assert "held back" not in words


def test_no_answer_to_a_question_is_on_the_pages(made: Services, nurse: Caller) -> None:
    pack = a_pack(questions__purpose_statement="Zzstatement of the purpose.")
    pack["questions"]["necessity"]["reason"] = "Zznecessity, since only they can check."

    told = answer_to(nurse.submit(pack, key="key-of-questions"))

    assert "Zz" not in read(made, nurse, told["reference"]).replace("Zzcanary", "")


def test_in_an_emergency_the_danger_stands_before_all_that_is_said_of_the_document(
    made: Services, nurse: Caller
) -> None:
    pack = a_pack(questions__danger="imminent", questions__purpose="emergency")
    pack["form"]["concerns.event"] = "Outside the school with a knife."

    told = answer_to(nurse.submit(pack, key="key-of-emergency"))
    words = read(made, nurse, told["reference"])

    places = [
        words.index(one)
        for one in (
            "Immediate danger",
            "Check that the call was made.",
            "Whom to ring.",
            "Outside the school with a knife.",
            "Zzcanary Qqcanary",
            "Legal basis",
            "How to use this document",
        )
    ]
    assert places == sorted(places)


def test_the_sender_is_told_which_letters_the_page_cannot_show(
    made: Services, nurse: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = a_pack(form={**FORM, "individual.name": "ਗੁਰਪ੍ਰੀਤ Qqcanary 𐂂"})

    tried = answer_to(nurse.post(PREVIEWS, pack))
    told = answer_to(nurse.submit(pack, key="key-of-letters"))
    words = read(made, nurse, told["reference"])

    assert (
        told["cannot_be_printed"]
        == tried["cannot_be_printed"]
        == [
            {
                "field": "individual.name",
                "label": "Names, and any other names used",
                "characters": ["U+10082 LINEAR B IDEOGRAM B104 DEER"],
            }
        ]
    )
    assert "[U+10082]" in words

    tell_in_words(told)
    assert "Names, and any other names used: the page shows codes for U+10082" in " ".join(
        capsys.readouterr().out.split()
    )
