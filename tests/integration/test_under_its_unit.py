"""The service does all that it is for as shut in as its systemd unit says."""

import http.client
import io
import json
import platform
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import confined
import pytest
from brokers import NURSE, Clock, a_broker, a_token
from fronts import Gateway, serving
from missing_tools import missing
from packs import EXAMPLES, pack_bytes
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

UNIT = EXAMPLES / "broker.service"
NOTE = {"name": "note.txt", "carries": ["concerns.source"], "why": "What was heard."}
_SECONDS = 60


@pytest.fixture(name="confining")
def _confining() -> list[str]:
    """What begins a program shut in as the unit says."""
    if platform.machine() != "x86_64" or not confined.NUMBERS.exists():
        missing("the numbers of the system calls", "apt-get install linux-libc-dev, on x86_64")
    if shutil.which("systemd-analyze") is None:
        missing("systemd-analyze", "apt-get install systemd")
    return [sys.executable, confined.__file__, str(UNIT)]


def ask(
    gateway: Gateway, token: str, method: str, path: str, body: bytes = b"", **headers: str
) -> tuple[int, Any]:
    caller = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=_SECONDS)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        caller.request(method, path, body, {"Authorization": f"Bearer {token}", **named})
        answer = caller.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        caller.close()


def with_a_file() -> tuple[str, bytes]:
    """Return a pack with a file, and of which type it is."""
    boundary, body = encode_multipart(
        MultiDict(
            {
                "pack": pack_bytes(attachments=[NOTE]).decode(),
                "attachment": FileStorage(
                    io.BytesIO(b"What was heard on Monday.\n"), filename="note.txt"
                ),
            }
        )
    )
    return f"multipart/form-data; boundary={boundary}", body


def test_a_file_is_read(confining: list[str], tmp_path: Path) -> None:
    tried = tmp_path / "tried.py"
    tried.write_text(
        "from broker.packs.sandbox import Sandbox\n"
        "sandbox = Sandbox()\n"
        "print(sandbox.inspect('note.txt', b'What was heard on Monday.').text)\n"
        "sandbox.close()\n"
    )
    done = subprocess.run(
        [*confining, sys.executable, str(tried)], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (0, "What was heard on Monday.\n"), done.stderr


@pytest.mark.long
def test_a_referral_with_a_file_goes_and_a_reload_and_a_stop_end_well(
    tmp_path: Path, confining: list[str]
) -> None:
    services = a_broker(tmp_path / "home", Clock(now=datetime.now(UTC)))
    token = a_token(services, NURSE)
    services.close()

    with serving(tmp_path / "home", within=confining) as gateway:
        type_, body = with_a_file()
        status, made = ask(
            gateway,
            token,
            "POST",
            "/api/v1/disclosures",
            body,
            Content_Type=type_,
            Idempotency_Key="key-confined",
        )
        assert status == 201, made
        ends, path = time.monotonic() + _SECONDS, f"/api/v1/disclosures/{made['reference']}"
        while (found := ask(gateway, token, "GET", path)[1])["state"] != "sent":
            assert time.monotonic() < ends, found["state"]
            time.sleep(0.2)
        assert gateway.process.stdout is not None
        gateway.reload()
        assert b"serves on" in gateway.process.stdout.readline()
        assert ask(gateway, token, "GET", path)[0] == 200
        assert gateway.stop() == 0

    events = {str(line["event"]) for line in gateway.logged()}
    assert events.isdisjoint({"request-failed", "step-failed", "dispatch-paused"})


def test_what_the_unit_refuses_is_refused_and_not_a_sudden_end(
    confining: list[str], tmp_path: Path
) -> None:
    """The filter stands, and a call that it refuses is an error that a program can live with."""
    tried = tmp_path / "tried.py"
    tried.write_text(
        "import ctypes, os, socket\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "def refused(act):\n"
        "    try: act()\n"
        "    except OSError as error: return error.errno\n"
        "print([refused(lambda: os.chown('.', 1, 1)),"
        " refused(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)),"
        " libc.unshare(0x10000000), refused(lambda: os.nice(5))])\n"
    )
    done = subprocess.run(
        [*confining, sys.executable, str(tried)], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (0, "[1, 97, -1, None]\n"), done.stderr
