import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from rounds import rounds
from word_packages import a_docx, paragraph

from broker.packs.attachments import Attachment, AttachmentRefusedError, Kind
from broker.packs.attachments.gate import inspect

ENDINGS = ("pdf", "docx", "jpg", "png", "txt")


def seeds() -> dict[str, bytes]:
    """A sound file of each kind, to be damaged."""
    found: dict[str, bytes] = {"txt": b"Words of a made-up note."}
    for ending, form in (("jpg", "JPEG"), ("png", "PNG"), ("pdf", "PDF")):
        buffer = io.BytesIO()
        Image.effect_noise((24, 16), 60).convert("RGB").save(buffer, form)
        found[ending] = buffer.getvalue()
    return found | {"docx": a_docx(paragraph("Words of a made-up letter."))}


SEEDS = seeds()


def refused_or_whole(name: str, content: bytes) -> None:
    try:
        attachment = inspect(name, content)
    except AttachmentRefusedError:
        return
    assert isinstance(attachment, Attachment)
    assert attachment.content == content
    if attachment.copy is not None and attachment.kind is not Kind.TXT:
        again = inspect(name, attachment.copy)
        assert again.unchanged


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_seeds_are_sound(ending: str) -> None:
    assert inspect(f"a.{ending}", SEEDS[ending]).content == SEEDS[ending]


@settings(max_examples=rounds(150), deadline=None)
@given(st.sampled_from(ENDINGS), st.binary(max_size=400))
def test_any_bytes_are_taken_whole_or_refused_in_words(ending: str, content: bytes) -> None:
    refused_or_whole(f"a.{ending}", content)


@settings(max_examples=rounds(200), deadline=None)
@given(
    st.sampled_from(ENDINGS),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6),
    st.floats(0.5, 1),
)
def test_a_damaged_file_is_taken_whole_or_refused_in_words(
    ending: str, damage: list[tuple[float, int]], kept: float
) -> None:
    content = bytearray(SEEDS[ending])
    for place, value in damage:
        content[int(place * len(content))] = value

    refused_or_whole(f"a.{ending}", bytes(content[: int(kept * len(content))]))


@settings(max_examples=rounds(100), deadline=None)
@given(st.text(max_size=30))
def test_any_name_is_taken_or_refused_in_words(name: str) -> None:
    refused_or_whole(name, b"Words of a made-up note.")
