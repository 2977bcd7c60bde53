"""Backups: database and keystore apart, and never put together where they do not match."""

import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url

from audit.log.files import write_durably
from broker.domain.errors import BackupError, DatabaseDamagedError, MismatchedPairError
from broker.settings import Home, Settings
from broker.wiring import Services
from keys import Keystore, Standing

_MANIFEST = "manifest.json"
_SQLITE = "broker.db"
_POSTGRESQL = "broker.dump"
_DUMP_SECONDS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The two folders of a backup, to be moved to different places."""

    database: Path
    keystore: Path


def backup(services: Services, folder: Path) -> Written:
    """Write `folder`/database and `folder`/keystore, neither of which may exist.

    The database's folder holds the checkpoints too, so that its ledger can be verified. Raises
    `BackupError`, and the keystore's own errors.
    """
    written = Written(database=folder / "database", keystore=folder / "keystore")
    if written.database.exists() or written.keystore.exists():
        raise BackupError("The folder holds a backup already. Name one that does not exist yet.")
    if not services.transaction.database.is_sound():
        raise DatabaseDamagedError("it was not backed up, so that no good backup is replaced")
    written.database.mkdir(mode=0o700, parents=True)
    # Whatever came before counts in the keystore's mark, by which copies are told apart.
    services.checkpoints.keep()
    # The keystore first: a key without its rows opens nothing, rows without their key are lost.
    standing = services.keystore.backup_to(written.keystore).standing()
    services.checkpoints.keep()
    for heads in services.home.path.glob("checkpoints*"):
        shutil.copytree(heads, written.database / heads.name)
    _copy_database(services.settings.database_url, written.database)
    manifest = {
        "backup": "disclosure-broker/1",
        "keystore": services.keystore.identity,
        "standing": _in_words(standing),
    }
    write_durably(written.database / _MANIFEST, json.dumps(manifest).encode())
    return written


def restore(settings: Settings, *, database: Path, keystore: Path) -> Home:
    """Put a backup back into an empty home and return it.

    Raises `BackupError` where the home is not empty or a folder is no backup, and
    `MismatchedPairError` where the two do not belong together; nothing is written then.
    """
    home = Home(path=settings.home)
    if home.path.exists() and any(home.path.iterdir()):
        raise BackupError(
            "BROKER_HOME is not empty. Move what is there away first, so that nothing is lost."
        )
    expected, standing = _manifest_of(database)
    held = Keystore.open(keystore, settings.keystore_protection)
    if held.identity != expected:
        raise MismatchedPairError(
            "This keystore does not belong to this database, so nothing could be opened. Take "
            "the two folders of one backup."
        )
    home.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    home.pickup.mkdir(mode=0o700)
    shutil.copytree(keystore, home.keystore)
    for heads in database.glob("checkpoints*"):
        shutil.copytree(heads, home.path / heads.name)
    _restore_database(settings.database_url, database)
    home.gateway.write_text(f"g-restored-{expected[:12].lower()}", encoding="ascii")
    if standing == _in_words(held.standing()):
        # Copied together, one after the other; which of them is ahead means nothing.
        write_durably(home.matched, b"")
    return home


def _in_words(standing: Standing) -> str:
    """Return what tells one copy of a keystore from another."""
    mark = standing.mark
    return f"{standing.epoch} {'none' if mark is None else f'{mark.size} {mark.root.hex()}'}"


def _manifest_of(database: Path) -> tuple[str, str]:
    """Return which keystore a backup belongs to, and where that stood if it says so."""
    try:
        manifest = json.loads((database / _MANIFEST).read_bytes())
    except (OSError, ValueError):
        manifest = None
    match manifest:
        case {"backup": "disclosure-broker/1", "keystore": str() as keystore, **rest}:
            return keystore, str(rest.get("standing"))
        case _:
            raise BackupError("The first folder is no backup of a database: it has no manifest.")


def _copy_database(url: str, folder: Path) -> None:
    place = make_url(url)
    if place.get_backend_name() == "sqlite":
        with (
            closing(sqlite3.connect(str(place.database))) as source,
            closing(sqlite3.connect(folder / _SQLITE)) as copy,
        ):
            source.backup(copy)
        (folder / _SQLITE).chmod(0o600)
        return
    _run("pg_dump", place, "--format=custom", f"--file={folder / _POSTGRESQL}")


def _restore_database(url: str, folder: Path) -> None:
    place = make_url(url)
    if place.get_backend_name() == "sqlite":
        shutil.copy2(folder / _SQLITE, str(place.database))
        return
    dump = str(folder / _POSTGRESQL)
    _run("pg_restore", place, "--exit-on-error", "--single-transaction", "--no-owner", dump)


def _run(program: str, place: URL, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs on a database; its password goes by environment."""
    found = shutil.which(program)
    if found is None:
        message = f"{program} is not installed. Install PostgreSQL's client programs."
        raise BackupError(message)
    target = place.set(drivername="postgresql", password=None).render_as_string()
    finished = subprocess.run(  # noqa: S603  # a fixed program on the operator's own database
        [found, f"--dbname={target}", *arguments],
        capture_output=True,
        timeout=_DUMP_SECONDS,
        check=False,
        env={**os.environ, "PGPASSWORD": str(place.password or "")},
    )
    if finished.returncode != 0:
        message = f"{program} failed with status {finished.returncode}. Check the database's log."
        raise BackupError(message)
