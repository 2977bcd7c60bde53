"""The pickup folder: a message lies there whole under its name, or not at all."""

import os
from pathlib import Path

import pytest
from brokers import NOON
from values import REFERENCE

from audit.log.files import write_durably
from broker.delivery.courier import Acceptance
from broker.delivery.message import Envelope
from broker.delivery.pickup import PickupCourier
from broker.domain.errors import DeferredError

ENVELOPE = Envelope(
    reference=REFERENCE,
    message_id="<prv-7q4k-m2xh.00@disclosure.invalid>",
    sender="broker@disclosure.invalid",
    to="prevent@midshire.police.uk",
    at=NOON,
    envelope_id=f"{REFERENCE}.00",
)
MESSAGE = b"Subject: Document PRV-7Q4K-M2XH\r\n\r\nSealed.\r\n"


def test_a_message_lies_under_its_reference(tmp_path: Path) -> None:
    receipt = PickupCourier(tmp_path).deliver(ENVELOPE, MESSAGE)

    assert receipt == Acceptance(tls="none")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [
        ("PRV-7Q4K-M2XH.eml", MESSAGE)
    ]


def test_only_the_service_can_read_a_message(tmp_path: Path) -> None:
    PickupCourier(tmp_path).deliver(ENVELOPE, MESSAGE)

    assert (tmp_path / "PRV-7Q4K-M2XH.eml").stat().st_mode & 0o777 == 0o600


def test_the_same_message_again_is_one_file(tmp_path: Path) -> None:
    courier = PickupCourier(tmp_path)
    courier.deliver(ENVELOPE, MESSAGE)
    courier.deliver(ENVELOPE, MESSAGE)

    assert courier.repeatable
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [MESSAGE]


def test_a_folder_that_cannot_be_written_is_tried_again_later(tmp_path: Path) -> None:
    with pytest.raises(DeferredError, match=r"gone.* is missing"):
        PickupCourier(tmp_path / "gone").deliver(ENVELOPE, MESSAGE)


def test_no_symbolic_link_leads_a_message_away(tmp_path: Path) -> None:
    pickup, elsewhere = tmp_path / "pickup", tmp_path / "elsewhere"
    pickup.mkdir()
    elsewhere.write_bytes(b"Of somebody else.")
    for name in (".PRV-7Q4K-M2XH.eml.new", "PRV-7Q4K-M2XH.eml.new", "PRV-7Q4K-M2XH.eml"):
        (pickup / name).symlink_to(elsewhere)

    PickupCourier(pickup).deliver(ENVELOPE, MESSAGE)

    assert elsewhere.read_bytes() == b"Of somebody else."
    assert not (pickup / "PRV-7Q4K-M2XH.eml").is_symlink()
    assert (pickup / "PRV-7Q4K-M2XH.eml").read_bytes() == MESSAGE


def test_what_is_not_finished_begins_with_a_dot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    sync = os.fsync

    def looking(descriptor: int) -> None:
        seen.extend(path.name for path in tmp_path.iterdir())
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", looking)
    PickupCourier(tmp_path).deliver(ENVELOPE, MESSAGE)

    assert seen[0] == ".PRV-7Q4K-M2XH.eml.new"


def test_a_write_that_fails_leaves_the_old_file_and_nothing_half_written(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "inside").touch()

    with pytest.raises(OSError, match="taken"):
        write_durably(taken, MESSAGE)

    assert sorted(tmp_path.rglob("*")) == [taken, taken / "inside"]
