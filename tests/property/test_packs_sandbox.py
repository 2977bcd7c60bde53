"""Whatever a reader answers, the gateway takes a sound reading or refuses one file."""

import io
import random
import socket
import struct
import time
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rounds import rounds

from broker.packs.attachments import Attachment, AttachmentRefusedError, Kind, Reading, Remark
from broker.packs.attachments.kinds import MAX_CHARACTERS, MAX_PAGES
from broker.packs.sandbox import Sandbox
from broker.packs.sandbox.answers import images_of, reading_of
from broker.packs.sandbox.frames import Channel, FrameError

FINDINGS = Path(__file__).parent.parent / "fixtures" / "findings"
SAMPLES = {path.name: path.read_bytes() for path in sorted(FINDINGS.glob("*.[jpt]*"))}
SECONDS = 3_600
WORDS = st.sampled_from([b"read", b"drawn", b"refused", b"0", b"1", b"100", b"as-pages", b""])
FRAMES = st.lists(st.one_of(WORDS, st.binary(max_size=60)), max_size=9)


@settings(max_examples=rounds(300), deadline=None)
@given(st.sampled_from(Kind), FRAMES)
def test_any_answer_is_a_reading_within_bounds_or_a_refusal(
    kind: Kind, frames: list[bytes]
) -> None:
    try:
        reading = reading_of(kind, frames)
    except AttachmentRefusedError:
        return
    assert isinstance(reading, Reading)
    assert 0 <= reading.pages <= MAX_PAGES
    assert len(reading.text) <= MAX_CHARACTERS
    assert set(reading.remarks) <= set(Remark)
    assert (reading.copy is None) == (kind in {Kind.PDF, Kind.DOCX})


@settings(max_examples=rounds(300), deadline=None)
@given(st.integers(0, 3), FRAMES)
def test_any_answer_holds_as_many_page_images_as_were_asked_for_or_is_refused(
    pages: int, frames: list[bytes]
) -> None:
    try:
        images = images_of(pages, 50, frames)
    except AttachmentRefusedError:
        return
    assert len(images) == pages
    assert all(image.startswith(b"\xff\xd8\xff") for image in images)


@settings(max_examples=rounds(200), deadline=None)
@given(st.lists(st.binary(max_size=300), max_size=6))
def test_what_is_sent_is_what_is_received(frames: list[bytes]) -> None:
    one, other = socket.socketpair()
    with one, other:
        Channel(one).send(frames)
        assert Channel(other).receive(2_000) == frames


@settings(max_examples=rounds(200), deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_on_the_channel_are_frames_within_bounds_or_a_fault(sent: bytes) -> None:
    one, other = socket.socketpair()
    with one, other:
        one.sendall(sent)
        one.close()
        try:
            frames = Channel(other, time.monotonic() + 5).receive(100)
        except FrameError:
            return
    assert sum(map(len, frames)) <= 100


@pytest.fixture(scope="module", name="sandbox")
def _sandbox() -> Generator[Sandbox]:
    sandbox = Sandbox()
    yield sandbox
    sandbox.close()


def taken_or_refused(sandbox: Sandbox, name: str, content: bytes) -> None:
    """A damaged file is refused, or becomes an attachment that can be drawn or is refused."""
    try:
        attachment = sandbox.inspect(name, content)
        drawn = sandbox.drawn(attachment, 60_000)
    except AttachmentRefusedError:
        return
    assert isinstance(drawn, Attachment)
    assert len(drawn.images) == attachment.pages
    assert all(len(image) <= 60_000 for image in drawn.images)


@settings(
    max_examples=rounds(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.sampled_from(sorted(SAMPLES)),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=8)), max_size=5),
    st.floats(0.2, 1),
)
def test_a_damaged_sample_is_taken_or_refused(
    sandbox: Sandbox, name: str, damage: list[tuple[float, bytes]], kept: float
) -> None:
    content = bytearray(SAMPLES[name])
    for place, put in damage:
        at = int(place * len(content))
        content[at : at + len(put)] = put

    taken_or_refused(sandbox, name, bytes(content[: int(kept * len(content))]))


@pytest.mark.long
def test_an_hour_of_damaged_samples_is_taken_or_refused(sandbox: Sandbox) -> None:
    seed = int(time.time())
    chance, give_up_at = random.Random(seed), time.monotonic() + SECONDS  # noqa: S311  # no secret
    while time.monotonic() < give_up_at:
        name, content = chance.choice(list(SAMPLES.items()))
        taken_or_refused(sandbox, name, _damaged(chance, content))


def _damaged(chance: random.Random, content: bytes) -> bytes:
    """Flip, cut, repeat and splice, with the numbers that parsers trip over."""
    damaged = io.BytesIO(content)
    for _ in range(chance.randint(1, 8)):
        damaged.seek(chance.randrange(len(content)))
        number = chance.choice((0, 1, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF))
        damaged.write(
            chance.choice(
                (
                    chance.randbytes(chance.randint(1, 16)),
                    struct.pack(chance.choice((">I", "<I")), number),
                    content[: chance.randint(1, 64)],
                    str(number).encode(),
                )
            )
        )
    result = damaged.getvalue()
    return result[: chance.randint(len(result) // 2, len(result))]
