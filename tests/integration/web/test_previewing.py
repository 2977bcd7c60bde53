"""Before sending, people see the pages that go, and what becomes of each file."""

import io

import pytest
from brokers import Clock
from visits import Visit, signed_in
from walks import AGREEING_ADULT, REFUSED_ADULT, walk
from word_packages import a_picture

from broker.wiring import Services


@pytest.fixture(name="visit")
def _visit(sqlite_broker: Services, clock: Clock) -> Visit:
    return signed_in(sqlite_broker, clock)


def begun(visit: Visit) -> str:
    visit.get("/referrals/new")
    answer = visit.send("/referrals/new", about="person", _action="continue")
    return answer.headers["Location"].rpartition("/")[0]


def version_of(visit: Visit, page: str) -> str:
    shown = visit.get(page).text
    return shown.partition('name="_version" value="')[2].partition('"')[0]


def attach(
    visit: Visit, base: str, content: bytes, name: str, carries: str = "concerns.event"
) -> str:
    """Attach a file, and return where that leads or the page with what is wrong."""
    answer = visit.send(
        f"{base}/file/1",
        file=(io.BytesIO(content), name),
        carries=carries,
        why="It shows the place.",
        _version=version_of(visit, f"{base}/file/1"),
        _action="continue",
    )
    return answer.headers.get("Location") or answer.text


def test_the_document_is_seen_as_pictures_and_as_a_pdf_before_it_is_sent(visit: Visit) -> None:
    base = walk(visit, AGREEING_ADULT).base
    check = visit.get(f"{base}/check").text
    page = visit.get(f"{base}/document").text
    picture = visit.get(f"{base}/document/1/1")
    pdf = visit.get(f"{base}/document/1/pdf")

    assert f'href="{base}/document"' in check
    assert f'src="{base}/document/1/1"' in page
    assert picture.get_data().startswith(b"\x89PNG")
    assert picture.headers["Cache-Control"] == "no-store"
    assert pdf.get_data().startswith(b"%PDF")
    for nothing in ("1/99", "1/0", "2/1", "0/pdf", "2/pdf"):
        assert visit.get(f"{base}/document/{nothing}").status_code == 404


def test_what_does_not_go_has_no_document(visit: Visit) -> None:
    base = walk(visit, REFUSED_ADULT).base

    assert "Nothing, as it stands." in visit.get(f"{base}/document").text
    assert visit.get(f"{base}/document/1/pdf").status_code == 404


def test_a_file_is_shown_as_the_page_that_it_becomes(visit: Visit) -> None:
    base = begun(visit)
    leads_to = attach(visit, base, a_picture(form="JPEG", size=(400, 300)), "photo.jpg")
    seen = visit.get(f"{base}/file/1/seen").text
    picture = visit.get(f"{base}/file/1/seen/1")

    assert leads_to == f"{base}/file/1/seen"
    assert "photo.jpg" in seen
    assert f'src="{base}/file/1/seen/1"' in seen
    assert picture.get_data().startswith(b"\xff\xd8\xff")
    assert visit.get(f"{base}/file/1/seen/2").status_code == 404
    assert visit.get(f"{base}/file/2/seen").status_code == 404


def test_the_words_of_a_text_are_shown_as_they_go(visit: Visit) -> None:
    base = begun(visit)
    attach(visit, base, b"Fictitious letter.", "letter.txt")
    seen = visit.get(f"{base}/file/1/seen").text

    assert "Fictitious letter." in seen
    assert "It goes as it is." in seen
    assert "was not checked for malware" in seen


def test_a_file_that_the_gate_refuses_is_not_kept_and_says_why(visit: Visit) -> None:
    base = begun(visit)
    refused = attach(visit, base, b"MZ not a picture", "photo.png")

    assert "The content of this file is not what its name says." in refused
    assert "Error: Add a file" in refused
    assert visit.get(f"{base}/file/1/seen").status_code == 404


def test_the_document_of_somebody_elses_draft_is_not_there(visit: Visit) -> None:
    for page in ("document", "document/1/1", "document/1/pdf", "file/1/seen", "file/1/seen/1"):
        assert visit.get(f"/r/nobodys-draft/{page}").status_code == 404


@pytest.mark.parametrize(
    ("carries", "said"),
    [
        ("concerns.event", "It goes along"),
        ("individual.ethnicity", "It stays with you: not all that you say is in it goes"),
    ],
)
def test_what_becomes_of_a_file_is_said_before_anything_is_sent(
    visit: Visit, carries: str, said: str
) -> None:
    base = walk(visit, AGREEING_ADULT).base
    before = visit.get(f"{base}/check").text
    version = version_of(visit, f"{base}/more")
    visit.send(f"{base}/more", fields="file", _version=version, _action="continue")
    attach(visit, base, b"Fictitious letter.", "letter.txt", carries=carries)

    assert "letter.txt" not in before
    for page in ("check", "try"):
        shown = visit.get(f"{base}/{page}").text.partition("Your files")[2]
        assert "letter.txt" in shown
        assert said in shown.partition("</dl>")[0], page
