"""A mail server in a process of its own, that can be killed at any moment.

What it takes it writes down, synced, before it says so: the Message-ID of each, a line each.
"""

import email
import os
import ssl
import threading
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller


class Notebook:
    """Writes down what was taken."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    async def handle_DATA(  # noqa: N802  # aiosmtpd calls it so
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        taken = email.message_from_bytes(envelope.content)["Message-ID"]
        os.write(self._descriptor, f"{taken}\n".encode())
        os.fsync(self._descriptor)
        return "250 2.0.0 taken"


def main(port: int, key: Path, chain: Path, notebook: Path) -> None:
    """Take every message inside TLS, for ever."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    controller = Controller(
        Notebook(notebook),
        hostname="127.0.0.1",
        port=port,
        tls_context=context,
        require_starttls=True,
    )
    controller.start()
    threading.Event().wait()
