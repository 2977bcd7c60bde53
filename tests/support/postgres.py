"""A PostgreSQL cluster of the tests' own: Debian's binaries, its own user, a temporary folder."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

BINARIES = Path("/usr/lib/postgresql")
SUPERUSER = "postgres"


class Cluster:
    """A running cluster that listens on a socket only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._binaries = installed()

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={self.folder}"

    def sql(self, statement: str) -> None:
        with psycopg.connect(host=str(self.folder), user=SUPERUSER, autocommit=True) as connection:
            connection.execute(statement.encode())

    def start(self, settings: str = "", environment: Mapping[str, str] = {}) -> None:
        options = (
            f"-c unix_socket_directories={self.folder} -c listen_addresses= "
            f"-c fsync=off -c max_connections=60 {settings}"
        )
        log = str(self.folder / "log")
        self._control("start", "-w", "-o", options, "-l", log, environment=environment)

    def stop(self, mode: str = "fast") -> None:
        self._control("stop", "-m", mode)

    def give(self, folder: Path) -> None:
        """Make a folder the cluster's own, which others reach too."""
        if os.geteuid() == 0:
            user = pwd.getpwnam(SUPERUSER)
            os.chown(folder, user.pw_uid, user.pw_gid)
            folder.chmod(0o755)

    def _control(self, *arguments: str, environment: Mapping[str, str] = {}) -> None:
        data = str(self.folder / "data")
        self._run("pg_ctl", "-D", data, "-s", *arguments, environment=environment)

    def create(self) -> None:
        self._run(
            "initdb",
            "-D",
            str(self.folder / "data"),
            "-A",
            "trust",
            "-U",
            SUPERUSER,
            "-N",
            "-E",
            "UTF8",
        )

    def _run(self, program: str, *arguments: str, environment: Mapping[str, str] = {}) -> None:
        command = [str(self._binaries / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", SUPERUSER, "--", *command]
        subprocess.run(
            command,
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=120,
            cwd=self.folder,
            env={
                "PATH": os.environ["PATH"],
                "PGHOST": str(self.folder),
                "PGUSER": SUPERUSER,
                **environment,
            },
        )


def installed() -> Path:
    """Return the newest binaries, or raise FileNotFoundError."""
    versions = sorted(BINARIES.glob("*/bin"), key=lambda path: int(path.parent.name))
    if not versions:
        raise FileNotFoundError(BINARIES)
    return versions[-1]


@contextmanager
def running_cluster() -> Generator[Cluster]:
    # A socket's path must be short, and another user must reach it.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        cluster = Cluster(folder)
        cluster.give(folder)
        cluster.create()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop("immediate")
    finally:
        shutil.rmtree(folder)
