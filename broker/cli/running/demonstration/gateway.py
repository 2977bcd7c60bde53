"""The demonstration's gateway: started, called, and ended with it."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NoReturn

from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from broker.cli.output import read_file
from broker.cli.running.demonstration.ports import free_port
from broker.domain.json_values import as_object
from broker.operations.demo_home import DemoError
from broker.packs.sandbox.walls import die_with_parent
from broker.settings import Settings

START_SECONDS = 120.0
CALL_SECONDS = 30.0
SEALING_SECONDS = 60.0


@contextmanager
def gateway(
    settings: Settings, mail: Mapping[str, str]
) -> Generator[tuple[str, subprocess.Popen[bytes]]]:
    """Start `broker serve` as its own process and yield its address once it answers.

    `mail` are the settings of the relay that it sends to. It ends with the demonstration, also
    where that is stopped by a closed terminal or by `kill`, and where it is killed at once.
    """
    port = free_port(settings.port)
    address = f"http://127.0.0.1:{port}"
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    own = {**mail, "BROKER_HOME": str(settings.home), "BROKER_PORT": str(port)}
    with _served(("serve",), own, settings.home / "gateway.log", f"{address}/readyz") as server:
        yield address, server


@contextmanager
def portal(home: Path, address: str) -> Generator[None]:
    """Run `broker portal serve` as its own process, at an address of this machine."""
    own = {
        "BROKER_HOME": str(home),
        "BROKER_PORTAL_URL": address,
        "BROKER_PORTAL_PORT": address.rpartition(":")[2],
    }
    with _served(("portal", "serve"), own, home / "portal.log", f"{address}/healthz"):
        yield


@contextmanager
def _served(
    words: tuple[str, ...], own: Mapping[str, str], log_file: Path, ready: str
) -> Generator[subprocess.Popen[bytes]]:
    log = log_file.open("ab")
    server = started((sys.executable, "-m", "broker", *words), {**os.environ, **own}, log)
    try:
        _wait_until_ready(ready, server, log_file.name)
        yield server
    finally:
        server.terminate()
        server.wait(timeout=START_SECONDS)
        log.close()


def started(
    words: Sequence[str], environment: Mapping[str, str], log: BinaryIO
) -> subprocess.Popen[bytes]:
    """Start a process of ours that stops, as when it is asked to, if this one is killed."""
    parent = os.getpid()

    def end_with_this_one() -> None:
        die_with_parent(signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return subprocess.Popen(  # noqa: S603  # our own command
        words,
        env=environment,
        stdout=log,
        stderr=log,
        preexec_fn=end_with_this_one,  # noqa: PLW1509  # it calls the kernel and nothing of ours
    )


def _stop(number: int, _frame: object) -> NoReturn:
    raise SystemExit(128 + number)


def _wait_until_ready(ready: str, server: subprocess.Popen[bytes], log: str) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up_at:
        if server.poll() is not None:
            raise DemoError(f"A server ended at once. Its log is {log} in BROKER_HOME.")
        try:
            with urllib.request.urlopen(ready, timeout=CALL_SECONDS):  # noqa: S310
                return
        except OSError:
            time.sleep(0.1)
    raise DemoError(f"A server did not answer. Its log is {log} in BROKER_HOME.")


def submit(address: str, token: str, path: Path) -> Mapping[str, object]:
    """Submit a sample pack with its files, and return what the gateway told of it."""
    pack = read_file(path)
    files = [str(as_object(note)["name"]) for note in json.loads(pack)["attachments"]]
    fields: MultiDict[str, object] = MultiDict([("pack", pack.decode())])
    for name in files:
        fields.add("attachment", FileStorage((path.parent / name).open("rb"), filename=name))
    boundary, body = encode_multipart(fields)
    return call(
        f"{address}/api/v1/disclosures",
        token,
        body,
        {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Idempotency-Key": secrets.token_hex(16),
        },
    )


def wait_until_sent(address: str, token: str, told: Mapping[str, object]) -> Mapping[str, object]:
    """Return what the gateway tells once the pack was sent, or will not be."""
    give_up_at = time.monotonic() + SEALING_SECONDS
    while told["state"] in {"decided", "sealed", "sending"}:
        if time.monotonic() > give_up_at:
            raise DemoError("A pack was not sealed in time. See gateway.log in BROKER_HOME.")
        time.sleep(0.1)
        told = call(f"{address}/api/v1/disclosures/{told['reference']}", token)
    return told


def call(
    url: str, token: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Mapping[str, object]:
    """Return what the gateway answers; a refusal is a `DemoError` in its words."""
    request = urllib.request.Request(  # noqa: S310  # our own gateway on loopback
        url, data=body, headers={"Authorization": f"Bearer {token}", **(headers or {})}
    )
    try:
        with urllib.request.urlopen(request, timeout=CALL_SECONDS) as response:  # noqa: S310
            return as_object(json.load(response))
    except urllib.error.HTTPError as error:
        problem = as_object(json.load(error))
        message = f"The gateway refused: {problem.get('title')}. {problem.get('detail', '')}"
        raise DemoError(message) from None
