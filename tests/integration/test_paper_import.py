"""`broker import`: real files of a filled-in form, read by the process without keys."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from pikepdf import Array, Dictionary, Name, Pdf, String
from word_packages import a_docx, paragraph, table

from broker.cli import broker

ROWS = (("Subject's full name", "Tam Specimen"), ("Full address", "1 Example Road"))


def as_word() -> bytes:
    return a_docx(table(*(tuple(map(paragraph, row)) for row in ROWS)))


def as_text() -> bytes:
    return "\n".join(f"{label}: {words}" for label, words in ROWS).encode()


def as_pdf() -> bytes:
    pdf = Pdf.new()
    pdf.add_blank_page()
    fields = [
        Dictionary(T=String(f"f{n}"), TU=String(label), V=String(words), FT=Name.Tx)
        for n, (label, words) in enumerate(ROWS)
    ]
    held = Dictionary(T=String("all"), Kids=Array([pdf.make_indirect(one) for one in fields]))
    pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(held)]))
    written = io.BytesIO()
    pdf.save(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("name", "made"), [("form.docx", as_word), ("form.txt", as_text), ("form.pdf", as_pdf)]
)
def test_a_filled_in_form_becomes_a_draft_of_which_nothing_is_confirmed(
    tmp_path: Path, name: str, made: Callable[[], bytes]
) -> None:
    (tmp_path / name).write_bytes(made())

    answer = CliRunner().invoke(broker, ["import", "vtr", str(tmp_path / name), "--json"])

    assert answer.exit_code == 0
    draft = json.loads(answer.stdout)
    assert [(box["fields"], box["confirmed"]) for box in draft["boxes"]] == [
        ({"individual.name": "Tam Specimen"}, False),
        ({"individual.address": "1 Example Road"}, False),
    ]
    assert draft["not_mapped"] == []


def test_a_pdf_with_no_end_of_fields_is_refused(tmp_path: Path) -> None:
    with Pdf.new() as pdf:
        pdf.add_blank_page()
        field = pdf.make_indirect(Dictionary(T=String("a"), V=String("b")))
        field.Kids = Array([field])
        pdf.Root.AcroForm = Dictionary(Fields=Array([field] * 2_001))
        pdf.save(tmp_path / "form.pdf")

    answer = CliRunner().invoke(broker, ["import", "vtr", str(tmp_path / "form.pdf")])

    assert answer.exit_code != 0
    assert "Tam" not in answer.output


def test_a_draft_in_words_says_that_nothing_was_sent(tmp_path: Path) -> None:
    (tmp_path / "form.txt").write_bytes(as_text() + b"\nOur own box | kept")

    answer = CliRunner().invoke(broker, ["import", "vtr", str(tmp_path / "form.txt")])

    assert "Nothing was kept or sent." in answer.stdout
    assert "[no box of the form]" in answer.stdout


@pytest.mark.parametrize(
    "words",
    [
        *(["form", "list"], ["form", "export", "national"]),
        *(["pathway", "list"], ["pathway", "show", "dh-colleague"]),
    ],
)
def test_what_is_printed_for_people_is_one_document_for_machines(words: list[str]) -> None:
    told = CliRunner().invoke(broker, words)
    document = CliRunner().invoke(broker, [*words, "--json"])

    assert (told.exit_code, document.exit_code) == (0, 0)
    assert json.loads(document.stdout)
    assert told.stdout
