"""A gateway as `broker serve` runs it, and the example's nginx before it, as a child each."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import trustme
from brokers import settings_for
from packs import EXAMPLES

from broker.operations.installation import initialise

NAME = "broker.example.nhs.uk"
"""The name that the example's nginx serves."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """A gateway that serves; `process` is gunicorn's master."""

    port: int
    home: Path
    log: Path
    process: subprocess.Popen[bytes]
    environment: Mapping[str, str]

    def command(self, *arguments: str) -> str:
        """Run a command of this installation, and return what it says."""
        done = subprocess.run(
            [sys.executable, "-m", "broker", *arguments],
            env=dict(self.environment),
            check=True,
            capture_output=True,
        )
        return done.stdout.decode()

    def logged(self) -> list[dict[str, object]]:
        """Return the lines of the log, each of which is JSON."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]

    def reload(self) -> None:
        """Tell it to begin a fresh process, and to end the one that serves."""
        self.process.send_signal(signal.SIGHUP)

    def stop(self) -> int:
        """Tell it to stop, and return with which status it left."""
        self.process.terminate()
        return self.process.wait(timeout=40)


def environment_of(home: Path, port: int, **settings: str) -> dict[str, str]:
    """Return the environment of an installation in `home`."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BROKER_")}
    return {**clean, "BROKER_HOME": str(home), "BROKER_PORT": str(port), **settings}


@contextmanager
def serving(home: Path, *, within: Sequence[str] = (), **settings: str) -> Generator[Gateway]:
    """Yield a gateway over the installation of `home`, which is made where there is none.

    `within` is a program that begins it in its own place, with arguments.
    """
    port = int(settings.get("BROKER_PORT", "0")) or free_port()
    environment = environment_of(home, port, **{**settings, "BROKER_PORT": str(port)})
    command = [*within, sys.executable, "-m", "broker"]
    if not home.exists():
        initialise(settings_for(home), clock=lambda: datetime.now(UTC)).close()
    log = home.with_suffix(".log")
    with log.open("ab") as stream:
        process = subprocess.Popen(
            [*command, "serve"], env=environment, stderr=stream, stdout=subprocess.PIPE
        )
    assert process.stdout is not None
    try:
        assert b"serves on" in process.stdout.readline(), log.read_text("utf-8")
        yield Gateway(port=port, home=home, log=log, process=process, environment=environment)
    finally:
        process.terminate()
        process.communicate(timeout=40)


@contextmanager
def fronted(folder: Path, gateway: Gateway) -> Generator[int]:
    """Yield the port of nginx as examples/nginx.conf sets it up, before a gateway.

    What differs from the example is where it listens, where its files lie and whom it asks.
    """
    port = free_port()
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    leaf = authority.issue_cert(NAME)
    leaf.private_key_pem.write_to_path(str(folder / "broker.key"))
    for number, part in enumerate(leaf.cert_chain_pems):
        part.write_to_path(str(folder / "broker.pem"), append=number > 0)
    example = (EXAMPLES / "nginx.conf").read_text("utf-8")
    for theirs, ours in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/ssl/broker.pem", str(folder / "broker.pem")),
        ("/etc/ssl/private/broker.key", str(folder / "broker.key")),
        ("/srv/broker-public", str(gateway.home / "public")),
        ("127.0.0.1:8350", f"127.0.0.1:{gateway.port}"),
    ):
        assert theirs in example
        example = example.replace(theirs, ours)
    # Debian has it read files as www-data, which may not enter a test's folder.
    user = "user root; " if os.geteuid() == 0 else ""
    temporary = "".join(
        f"{kind}_temp_path {folder / kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    settings = folder / "nginx.conf"
    settings.write_text(
        f"{user}daemon off; worker_processes 1; pid {folder / 'nginx.pid'};\n"
        f"error_log {folder / 'nginx.log'};\n"
        "events { worker_connections 512; }\n"
        f"http {{\n{temporary}{example}}}\n",
        "utf-8",
    )
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert nginx is not None
    process = subprocess.Popen([nginx, "-c", str(settings)], stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port: int) -> None:
    give_up_at = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < give_up_at
            time.sleep(0.05)
        else:
            return
