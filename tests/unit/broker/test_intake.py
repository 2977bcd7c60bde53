"""Files meet the notes of a pack by name, each through the gate."""

import pytest
from packs import with_attachment
from values import a_read_pack

from broker.domain.errors import Fault, FaultyDocumentError
from broker.intake.shapes import Document
from broker.intake.submissions import attachments_of
from broker.intake.validation import validated
from broker.packs.attachments.gate import inspect

ONE, TWO = inspect("one.txt", b"One."), inspect("two.txt", b"Two.")
NOTES = [
    *with_attachment("one.txt", "concerns.description"),
    *with_attachment("two.txt", "concerns.source"),
]
MISSING = "came without a file of this name"
SURPLUS = "a file came that is not listed; list it, with what it carries and why"
EMPTY = "This file is empty. Check that it was saved, and choose it again."


def test_the_files_come_in_the_order_of_the_notes() -> None:
    pack = a_read_pack(attachments=NOTES)

    assert attachments_of(pack, {"two.txt": b"Two.", "one.txt": b"One."}, inspect) == (ONE, TWO)


def test_a_pack_without_notes_takes_no_file() -> None:
    assert attachments_of(a_read_pack(), {}, inspect) == ()


@pytest.mark.parametrize(
    ("files", "faults"),
    [
        pytest.param(
            {"one.txt": b"One."},
            (Fault(place="attachments[1].name", problem=MISSING),),
            id="one missing",
        ),
        pytest.param(
            {},
            (
                Fault(place="attachments[0].name", problem=MISSING),
                Fault(place="attachments[1].name", problem=MISSING),
            ),
            id="both missing",
        ),
        pytest.param(
            {"one.txt": b"One.", "two.txt": b"Two.", "three.txt": b"Three."},
            (Fault(place="attachments", problem=SURPLUS),),
            id="one too many",
        ),
        pytest.param(
            {"one.txt": b"One.", "TWO.txt": b"Two."},
            (
                Fault(place="attachments", problem=SURPLUS),
                Fault(place="attachments[1].name", problem=MISSING),
            ),
            id="another case",
        ),
        pytest.param(
            {"one.txt": b"", "two.txt": b""},
            (
                Fault(place="attachments[0]", problem=EMPTY),
                Fault(place="attachments[1]", problem=EMPTY),
            ),
            id="both empty",
        ),
    ],
)
def test_every_fault_is_named_at_once(files: dict[str, bytes], faults: tuple[Fault, ...]) -> None:
    with pytest.raises(FaultyDocumentError) as refused:
        attachments_of(a_read_pack(attachments=NOTES), files, inspect)

    assert refused.value.faults == faults


def test_a_shape_made_after_the_others_has_its_faults_named_too() -> None:
    class LaterModel(Document):
        grown_later: int

    with pytest.raises(FaultyDocumentError) as refused:
        validated(LaterModel, {"grown_later": "three"})

    (fault,) = refused.value.faults
    assert fault.place == "grown_later"
