"""Files that may not go along: each refused by its place, none kept, no name or content told."""

import io
import json
import secrets
from collections.abc import Generator

import pytest
from brokers import Clock
from callers import KEY, PACKS, Caller, Refusal, a_caller, a_file, refusal_of
from homes import Prepared
from packs import a_pack, with_attachment
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart
from word_packages import a_docx, with_parts, zipped

from broker.domain.form import FORM, LIMITS, Kind
from broker.wiring import Services

NOTE = b"Made on the day."
WRONG_PARTS = Refusal(415, "request-shape")
Part = tuple[str, str | FileStorage]


@pytest.fixture(scope="module", name="shared")
def _shared(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Services]:
    """One broker for all: a refused file leaves nothing behind."""
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("files") / "home", Clock())
    yield services
    services.close()


@pytest.fixture(scope="module", name="nurse")
def _nurse(shared: Services) -> Caller:
    return a_caller(shared)


def faulty(*places: str) -> Refusal:
    return Refusal(422, "faulty-document", places)


def a_noisy_png(side: int) -> bytes:
    """A picture that no compression makes smaller: 3 bytes for each of its side x side pixels."""
    pixels = secrets.token_bytes(3 * side * side)
    buffer = io.BytesIO()
    picture = Image.frombytes("RGB", (side, side), pixels)
    picture.save(buffer, "PNG", compress_level=0)
    return buffer.getvalue()


REFUSED_FILES = [
    pytest.param("note.txt", b"", "empty", id="empty"),
    pytest.param("note.txt", b"Zzcanary \x00", "plain text", id="NUL in a text"),
    pytest.param("note.txt", b"Zzcanary \x81", "plain text", id="a text of no character set"),
    pytest.param("Zzcanary.exe", b"MZ", "do not open it", id="a program"),
    pytest.param("Zzcanary.html", b"<script>", "print it as a PDF", id="a page"),
    pytest.param("Zzcanary.svg", b"<svg/>", "save a copy as JPEG", id="a drawing"),
    pytest.param("Zzcanary.docm", a_docx(), "Open it in Word", id="a macro file by its name"),
    pytest.param("Zzcanary", NOTE, "of this kind", id="no ending"),
    pytest.param("note.pdf", b"%PDF-1.7 Zzcanary %%EOF", "damaged", id="a damaged PDF"),
    pytest.param("note.pdf", NOTE, "not what its name says", id="a text named PDF"),
    pytest.param("note.png", NOTE, "not what", id="a text named PNG"),
    pytest.param("note.docx", zipped({"a": b"Zzcanary"}), "not what", id="a zip named docx"),
    pytest.param(
        "note.docx",
        with_parts(a_docx(), {"word/vbaProject.bin": b"Zzcanary"}),
        "a program",
        id="a macro",
    ),
    pytest.param(
        "note.docx",
        with_parts(a_docx(), {"word/media/image1.png": bytes(30_000_000)}),
        "known attack",
        id="a zip bomb",
    ),
    pytest.param(
        "note.docx", with_parts(a_docx(), {"../Zzcanary.xml": b"<R/>"}), "damaged", id="a way out"
    ),
    pytest.param("../Zzcanary.txt", NOTE, "Rename", id="a path in the name"),
    pytest.param("/etc/Zzcanary.txt", NOTE, "Rename", id="an absolute path"),
    pytest.param(".txt", NOTE, "Rename", id="no name before the ending"),
]


@pytest.mark.parametrize(("name", "content", "advice"), REFUSED_FILES)
def test_a_file_that_does_not_pass_the_gate_is_refused_with_advice(
    nurse: Caller, name: str, content: bytes, advice: str
) -> None:
    pack = a_pack(attachments=with_attachment(name, "concerns.description"))

    answer = nurse.submit_with_files(pack, {name: content})

    assert refusal_of(answer) == faulty("attachments[0]")
    said = answer.get_data(as_text=True)
    assert advice in said
    assert "Zzcanary" not in said


def test_a_name_that_reads_backwards_is_refused_where_the_pack_says_it(nurse: Caller) -> None:
    name = "Zzcanary\u202etxt.exe.txt"
    pack = a_pack(attachments=with_attachment(name, "concerns.description"))

    answer = nurse.submit_with_files(pack, {name: NOTE})

    assert refusal_of(answer) == faulty("attachments[0].name")
    assert "Zzcanary" not in answer.get_data(as_text=True)


def test_every_file_that_is_refused_is_named_by_its_place(nurse: Caller) -> None:
    notes = [
        *with_attachment("one.txt", "concerns.description"),
        *with_attachment("two.txt", "concerns.description"),
        *with_attachment("three.exe", "concerns.description"),
    ]

    answer = nurse.submit_with_files(
        a_pack(attachments=notes), {"one.txt": b"", "two.txt": NOTE, "three.exe": NOTE}
    )

    assert refusal_of(answer) == faulty("attachments[0]", "attachments[2]")


def test_a_file_that_the_pack_does_not_mention_is_refused(nurse: Caller) -> None:
    answer = nurse.submit_with_files(a_pack(), {"Zzcanary.txt": NOTE})

    assert refusal_of(answer) == faulty("attachments")
    assert "Zzcanary" not in answer.get_data(as_text=True)


def test_a_mention_without_its_file_is_refused(nurse: Caller) -> None:
    pack = a_pack(attachments=with_attachment("Zzcanary.txt", "concerns.description"))

    multipart, plain = nurse.submit_with_files(pack, {}), nurse.submit(pack)

    assert refusal_of(multipart) == refusal_of(plain) == faulty("attachments[0].name")
    assert "Zzcanary" not in multipart.get_data(as_text=True)


def test_one_file_mentioned_twice_is_refused(nurse: Caller) -> None:
    twice = with_attachment("note.txt", "concerns.description") * 2

    answer = nurse.submit_with_files(a_pack(attachments=twice), {"note.txt": NOTE})

    assert refusal_of(answer) == faulty("attachments")


def test_two_files_of_one_name_are_refused(nurse: Caller) -> None:
    pack = a_pack(attachments=with_attachment("Zzcanary.txt", "concerns.description"))

    answer = nurse.submit_parts(
        ("pack", json.dumps(pack)),
        ("attachment", a_file("Zzcanary.txt", NOTE)),
        ("attachment", a_file("Zzcanary.txt", b"Other")),
    )

    assert refusal_of(answer) == WRONG_PARTS
    assert "Zzcanary" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "field", ["concerns.descriptoin", "Concerns.description", "zzcanary", "", "*"]
)
def test_a_file_that_carries_an_unknown_field_is_refused(nurse: Caller, field: str) -> None:
    pack = a_pack(attachments=with_attachment("note.txt", field))

    answer = nurse.submit_with_files(pack, {"note.txt": NOTE})

    assert refusal_of(answer) == faulty("attachments[0].carries")
    assert "zzcanary" not in answer.get_data(as_text=True)


def test_a_whole_record_never_goes_along(nurse: Caller) -> None:
    pack = a_pack(attachments=with_attachment("note.txt", "record.whole"))

    answer = nurse.submit_with_files(pack, {"note.txt": NOTE})

    told = json.loads(answer.get_data())
    assert answer.status_code == 201
    assert "record.whole" not in told["decision"]["release"]


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(("Zzcanary", "x"), id="text"),
        pytest.param(("other", a_file("Zzcanary.txt", NOTE)), id="file"),
    ],
)
def test_a_part_of_another_name_is_refused(nurse: Caller, part: Part) -> None:
    answer = nurse.submit_parts(("pack", json.dumps(a_pack())), part)

    assert refusal_of(answer) == WRONG_PARTS
    assert "Zzcanary" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([("pack", "{}"), ("pack", "{}")], id="twice"),
        pytest.param([], id="never"),
        pytest.param([("pack", a_file("pack.json", b"{}"))], id="as a file"),
    ],
)
def test_the_pack_comes_once_and_as_text(nurse: Caller, parts: list[Part]) -> None:
    assert refusal_of(nurse.submit_parts(*parts)) == WRONG_PARTS


def test_65_parts_are_too_many(nurse: Caller) -> None:
    files = {f"{number}.txt": NOTE for number in range(64)}

    answer = nurse.submit_with_files(a_pack(), files)

    assert refusal_of(answer) == Refusal(413, "request-too-large")


def test_a_pack_of_more_than_a_megabyte_is_too_large_beside_files_too(nurse: Caller) -> None:
    pack = a_pack(questions__purpose_statement="Z" * 1_000_000)

    answer = nurse.submit_with_files(pack, {})

    assert refusal_of(answer) == Refusal(413, "request-too-large")


def test_a_pack_that_is_not_utf_8_is_not_mended_in_silence(nurse: Caller) -> None:
    boundary, body = encode_multipart({"pack": json.dumps(a_pack())})

    answer = nurse.client.post(
        PACKS,
        data=body.replace(b"Zzcanary", b"Zzcan\xffry"),
        content_type=f"multipart/form-data; boundary={boundary}",
        headers={"Authorization": f"Bearer {nurse.token}", "Idempotency-Key": KEY},
    )

    assert refusal_of(answer) == faulty("document")
    assert "not UTF-8" in answer.get_data(as_text=True)


def test_a_file_of_more_than_ten_megabytes_is_refused(nurse: Caller) -> None:
    pack = a_pack(attachments=with_attachment("note.png", "concerns.description"))

    answer = nurse.submit_with_files(pack, {"note.png": a_noisy_png(1_830)})

    assert refusal_of(answer) == faulty("attachments[0]")
    assert "10 MB" in answer.get_data(as_text=True)


def test_what_would_pass_18_megabytes_sealed_is_refused_with_the_words_counted(
    nurse: Caller,
) -> None:
    texts = {field.id: "Made up. " * 2_000 for field in FORM if field.kind is Kind.TEXT}
    assert all(len(text) <= LIMITS[Kind.TEXT] for text in texts.values())
    notes = [
        *with_attachment("one.png", "concerns.description"),
        *with_attachment("two.png", "concerns.description"),
    ]
    files = {"one.png": a_noisy_png(1_480), "two.png": a_noisy_png(1_480)}

    answer = nurse.submit_with_files(a_pack(form=texts, attachments=notes), files)

    assert refusal_of(answer) == Refusal(413, "pack-too-large")


def test_no_refused_file_was_kept(shared: Services) -> None:
    pickup, names = shared.home.pickup, ("one.txt", "note.txt", "Zzcanary.txt")

    assert [path for path in shared.home.path.rglob("*") if path.name in names] == []
    assert list(pickup.iterdir()) == []
