"""Each refusal of the system is one sentence that names the file and what to do."""

import errno
import os

import pytest

from broker.domain.errors import StoreFaultError, StoreUnavailableError
from broker.host_faults import fault_of, file_trouble


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOENT, "missing"),
        (errno.EACCES, "chown"),
        (errno.EPERM, "as the user of the broker"),
        (errno.EROFS, "read-only"),
        (errno.ENOSPC, "no room"),
        (errno.EDQUOT, "quota"),
        (errno.EIO, "the disk"),
        (errno.ENOTDIR, "no folder"),
        (errno.EISDIR, "is a folder"),
        (errno.EEXIST, "already"),
        (errno.ELOOP, "symbolic link"),
    ],
)
def test_a_file_is_named_with_its_remedy(number: int, remedy: str) -> None:
    told = file_trouble(OSError(number, os.strerror(number), "/var/lib/broker/pickup"))

    assert told.startswith("/var/lib/broker/pickup ")
    assert remedy in told


def test_a_refusal_of_another_kind_is_told_too() -> None:
    assert "Too many open files" in file_trouble(OSError(errno.EMFILE, "Too many open files"))


def test_a_file_beside_the_database_is_not_called_the_database() -> None:
    error = FileNotFoundError(errno.ENOENT, "No such file", "/home/checkpoints/lock")

    fault = fault_of(error, None)
    assert isinstance(fault, StoreFaultError)
    assert "/home/checkpoints/lock" in str(fault)


def test_waiting_too_long_for_a_turn_is_no_fault_of_the_host() -> None:
    fault = fault_of(TimeoutError(), None)

    assert type(fault) is StoreUnavailableError
    assert "again in a minute" in str(fault)
