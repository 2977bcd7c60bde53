"""What an error of the disk or the database means, and what whoever keeps the host does about it.

The words name files, so they are for operators alone.
"""

import errno
import os
import sqlite3
from pathlib import Path

from broker.domain.errors import (
    DatabaseDamagedError,
    NoRoomError,
    StoreFaultError,
    StoreUnavailableError,
)

_PRIMARY = 0xFF
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BARRED = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
_POSTGRESQL_NO_ROOM = {"53100", "53200"}
_POSTGRESQL_BARRED = ("28", "42501")
_POSTGRESQL_DAMAGED = ("XX001", "XX002")
_POSTGRESQL_ABSENT = "3D000"
_POSTGRESQL_NO_TABLE = "42P01"

_BUSY = (
    "The database is busy or cannot be reached, so this was not done, or nobody can say yet "
    "whether it was. Ask for exactly the same again in a minute: nothing is done twice. In an "
    "emergency ring 999 and use the telephone procedure."
)

_MEANINGS = {
    errno.ENOENT: "or its folder is missing. Put it back from a backup, or check how the path is "
    "spelt",
    errno.EACCES: "may not be used by this user. Give it back to the user of the broker: chown, "
    "chmod 700 for a folder, chmod 600 for a file",
    errno.EPERM: "may not be changed by this user. Run the command as the user of the broker",
    errno.EROFS: "lies on a disk that was mounted read-only. Look why, then mount it for writing",
    errno.ENOSPC: "cannot be written: the disk has no room. Free some space, then run it again",
    errno.EDQUOT: "cannot be written: the user's quota is used up. Free some space",
    errno.EIO: "cannot be read or written by the disk. Look at the disk before anything else",
    errno.ENOTDIR: "is no folder, or lies below something that is none. Move that away",
    errno.EISDIR: "is a folder where a file should be. Move it away",
    errno.EEXIST: "is there already. Name another, or move it away",
    errno.ELOOP: "is a symbolic link, which is not followed here. Put the real thing in its place",
}


def file_trouble(error: OSError) -> str:
    """Return a sentence that names the file and the remedy; for operators alone."""
    what = "A file of the broker" if error.filename is None else str(error.filename)
    meaning = _MEANINGS.get(error.errno or 0)
    if meaning is None:
        return f"{what} cannot be used ({error.strerror or type(error).__name__})."
    return f"{what} {meaning}."


def fault_of(error: Exception, path: Path | None) -> StoreUnavailableError:
    """Return what an error of the driver means; `path` is the file of an SQLite database."""
    if isinstance(error, OSError) and error.filename is not None:
        return StoreFaultError(file_trouble(error))
    if path is not None:
        return _of_sqlite(error, path)
    return _of_postgresql(error)


def is_missing_table(error: BaseException | None) -> bool:
    """Say whether an error of the driver means that the broker's tables are not there."""
    original = getattr(error, "orig", None)
    return (
        getattr(original, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
        or getattr(original, "sqlstate", None) == _POSTGRESQL_NO_TABLE
    )


def _of_sqlite(error: Exception, path: Path) -> StoreUnavailableError:
    original = getattr(error, "orig", error)
    extended = getattr(original, "sqlite_errorcode", None)
    code = None if extended is None else extended & _PRIMARY
    if code in _DAMAGED:
        return DatabaseDamagedError(str(path))
    if code == sqlite3.SQLITE_FULL or getattr(original, "errno", None) == errno.ENOSPC:
        return NoRoomError(str(path.parent))
    if code in _BARRED or isinstance(original, PermissionError):
        return StoreFaultError(_barred(path))
    if code == sqlite3.SQLITE_CANTOPEN:
        return StoreFaultError(_unopened(path))
    if code == sqlite3.SQLITE_IOERR:
        return StoreFaultError(
            f"The disk does not read or write {path}. Look at the disk and at the kernel's log, "
            "then run: broker check"
        )
    return StoreUnavailableError(_BUSY)


def _of_postgresql(error: Exception) -> StoreUnavailableError:
    state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    if state in _POSTGRESQL_DAMAGED:
        return DatabaseDamagedError("of PostgreSQL")
    if state in _POSTGRESQL_NO_ROOM:
        return NoRoomError("of PostgreSQL")
    if state.startswith(_POSTGRESQL_BARRED):
        return StoreFaultError(
            "PostgreSQL does not let this user in, or not do this. What changes the directory, "
            "rules, holds or tables is run with the URL of the tables' owner in "
            "BROKER_DATABASE_URL_FILE. If serving stops here: as that owner, run what this "
            "prints: broker db grants ROLE"
        )
    if state == _POSTGRESQL_ABSENT:
        return StoreFaultError(
            "PostgreSQL has no database of that name. Check the URL in BROKER_DATABASE_URL_FILE."
        )
    return StoreUnavailableError(_BUSY)


def _barred(path: Path) -> str:
    return (
        f"This user may not write {path} or its folder, which belong to user number "
        f"{_owner(path)}. Run the broker as the user who owns them, or give them back: chown -R "
        f"and chmod 700 on {path.parent}, chmod 600 on the files."
    )


def _unopened(path: Path) -> str:
    if not path.parent.exists():
        return f"The folder of the database is missing: {path.parent}. Mount or restore it."
    if not path.exists():
        return f"The database is missing: {path}. Put it back from a backup."
    return _barred(path)


def _owner(path: Path) -> str:
    try:
        return str(path.stat().st_uid)
    except OSError:
        return f"unknown (this is {os.getuid()})"
