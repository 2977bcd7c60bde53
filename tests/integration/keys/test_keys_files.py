import multiprocessing
import os
from pathlib import Path

import pytest

from keys import KeystoreUnavailableError, LooseModeError
from keys.keystore.files import lock_folder, make_private_file, refuse_loose, replace_file

ME = os.geteuid()


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700], ids=oct)
def test_what_only_its_owner_reaches_is_accepted(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "key"
    file.touch()
    file.chmod(mode)

    refuse_loose(file, owner=ME)


@pytest.mark.parametrize("mode", [0o601, 0o602, 0o604, 0o610, 0o620, 0o640, 0o666], ids=oct)
def test_a_file_that_others_reach_is_refused_with_the_repair(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "key"
    file.touch()
    file.chmod(mode)

    with pytest.raises(LooseModeError, match=f"Run: chmod 600 {file}"):
        refuse_loose(file, owner=ME)


def test_a_folder_that_others_reach_is_refused_with_the_repair(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)

    with pytest.raises(LooseModeError, match=f"Run: chmod 700 {tmp_path}"):
        refuse_loose(tmp_path, owner=ME)


def test_a_file_of_another_owner_is_refused_with_the_repair(tmp_path: Path) -> None:
    with pytest.raises(LooseModeError, match=f"Run: chown {ME + 1} {tmp_path}"):
        refuse_loose(tmp_path, owner=ME + 1)


def test_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").touch(0o600)
    (tmp_path / "link").symlink_to("real")

    with pytest.raises(LooseModeError, match="is a link"):
        refuse_loose(tmp_path / "link", owner=ME)


def test_a_private_file_is_private_from_its_first_moment(tmp_path: Path) -> None:
    make_private_file(tmp_path / "key", b"made up")

    refuse_loose(tmp_path / "key", owner=ME)
    assert (tmp_path / "key").read_bytes() == b"made up"


def test_a_private_file_replaces_nothing(tmp_path: Path) -> None:
    make_private_file(tmp_path / "key", b"first")

    with pytest.raises(FileExistsError):
        make_private_file(tmp_path / "key", b"second")


def test_a_published_draft_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"old")
    (tmp_path / "draft").write_bytes(b"new")

    replace_file(tmp_path / "draft", tmp_path / "key")

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"key": b"new"}


def test_only_one_works_in_a_folder(tmp_path: Path) -> None:
    with (
        lock_folder(tmp_path),
        pytest.raises(KeystoreUnavailableError, match="a broker process that hangs"),
        lock_folder(tmp_path, patience=0.002),
    ):
        pass


def test_a_folder_is_free_after_work_and_after_a_fault(tmp_path: Path) -> None:
    with lock_folder(tmp_path):
        pass
    with pytest.raises(ZeroDivisionError), lock_folder(tmp_path):
        raise ZeroDivisionError

    with lock_folder(tmp_path, patience=0.0):
        pass


def test_a_child_forked_meanwhile_does_not_keep_the_folder(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    over = context.Event()
    with lock_folder(tmp_path):
        child = context.Process(target=over.wait)
        child.start()

    with lock_folder(tmp_path, patience=0.0):
        over.set()
    child.join()
