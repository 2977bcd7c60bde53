"""The pickup folder: a message lies there whole under its name, or not at all."""

from pathlib import Path

import pytest
from values import REFERENCE

from audit.log.files import write_durably
from broker.delivery.courier import Acceptance
from broker.delivery.pickup import PickupCourier
from broker.domain.errors import DeferredError

MESSAGE = b"Subject: Document PRV-7Q4K-M2XH\r\n\r\nSealed.\r\n"


def test_a_message_lies_under_its_reference(tmp_path: Path) -> None:
    receipt = PickupCourier(tmp_path).deliver(REFERENCE, MESSAGE)

    assert receipt == Acceptance(courier="pickup", tls="none")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [
        ("PRV-7Q4K-M2XH.eml", MESSAGE)
    ]


def test_only_the_service_can_read_a_message(tmp_path: Path) -> None:
    PickupCourier(tmp_path).deliver(REFERENCE, MESSAGE)

    assert (tmp_path / "PRV-7Q4K-M2XH.eml").stat().st_mode & 0o777 == 0o600


def test_the_same_message_again_is_one_file(tmp_path: Path) -> None:
    courier = PickupCourier(tmp_path)
    courier.deliver(REFERENCE, MESSAGE)
    courier.deliver(REFERENCE, MESSAGE)

    assert courier.repeatable
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [MESSAGE]


def test_a_folder_that_cannot_be_written_is_tried_again_later(tmp_path: Path) -> None:
    with pytest.raises(DeferredError, match="pickup folder cannot be written"):
        PickupCourier(tmp_path / "gone").deliver(REFERENCE, MESSAGE)


def test_a_write_that_fails_leaves_the_old_file_and_nothing_half_written(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "inside").touch()

    with pytest.raises(OSError, match="taken"):
        write_durably(taken, MESSAGE)

    assert sorted(tmp_path.rglob("*")) == [taken, taken / "inside"]
