import io
from datetime import UTC, datetime

import pikepdf
from drawings import pages_of
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from rounds import rounds

from broker.packs.attachments import Attachment, Kind, PackTooLargeError, Reading, page_budget
from broker.packs.attachments.gate import inspect
from broker.packs.attachments.size import FIXED_BYTES, MAX_SEALED_BYTES
from broker.packs.glyphs import shown, spelled
from broker.packs.rendering import Enclosure, Entry, PackDocument, Section, render

ODD = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "\n\t\r aą\u0301\u0628\u064e\u05d0\u05b7\u0915\u094d1\u2cef\u200d\ufe0f😀"
        ),
    ),
    max_size=200,
)


def a_document(value: str) -> PackDocument:
    return PackDocument(
        reference="PRV-7Q4K-M2XH",
        title="Prevent referral",
        purpose="Made-up purpose",
        sender="Midshire Example Trust",
        recipient="Example Prevent Team",
        created_at=datetime(2026, 6, 24, 14, 5, tzinfo=UTC),
        contact="01632 960 001",
        sections=(Section(title="Only", entries=(Entry(label="Words", value=value),)),),
    )


@settings(max_examples=rounds(60), deadline=None)
@given(ODD)
def test_any_text_at_all_can_be_put_on_paper(value: str) -> None:
    with pikepdf.open(io.BytesIO(render(a_document(value)))) as document:
        assert len(document.pages) >= 1


@settings(max_examples=rounds(100), deadline=None)
@given(ODD)
def test_showing_twice_changes_nothing_more(value: str) -> None:
    assert shown(shown(value).replace("\u200b", "")) == shown(value)
    assert spelled(value).replace("\u200b", "").isascii()


@settings(max_examples=rounds(100), deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 10_000_000), st.integers(0, 100)), min_size=1, max_size=6)
)
def test_what_fits_leaves_room_for_every_page_image(files: list[tuple[int, int]]) -> None:
    attachments = [
        Attachment(
            kind=Kind.JPEG,
            content=b"",
            sha256="",
            reading=Reading(pages=pages, copy=bytes(size)),
        )
        for size, pages in files
    ]
    try:
        budget = page_budget(attachments)
    except PackTooLargeError:
        return
    taken = sum(size + pages * budget for size, pages in files)
    assert taken + FIXED_BYTES <= MAX_SEALED_BYTES


@settings(max_examples=rounds(10), deadline=None)
@given(st.integers(1, 900), st.integers(1, 900), st.integers(2_000, 40_000))
def test_a_page_image_never_passes_its_budget(width: int, height: int, budget: int) -> None:
    buffer = io.BytesIO()
    Image.effect_noise((width, height), 120).save(buffer, "PNG")

    images = pages_of("a.png", buffer.getvalue(), budget)

    assert images
    assert all(len(image.jpeg) <= budget for image in images)


@settings(max_examples=rounds(10), deadline=None)
@given(st.text(st.sampled_from("a ąب😀ক\n"), min_size=1, max_size=40))
def test_text_on_paper_keeps_to_what_was_set_aside_for_it(piece: str) -> None:
    value = piece * (3_000 // len(piece))
    budgeted = len(value.encode("unicode_escape")) * 6 + value.count("\n") * 80

    grown = len(render(a_document(value))) - len(render(a_document("a")))

    assert grown <= budgeted + 200_000  # the fonts' share is set aside once for the whole pack


def test_a_text_file_of_the_longest_kind_can_be_enclosed() -> None:
    attachment = inspect("a.txt", b"word " * 40_000)

    pdf = render(a_document("a"), [Enclosure(attachment=attachment, carries=())])

    assert len(pdf) <= FIXED_BYTES
