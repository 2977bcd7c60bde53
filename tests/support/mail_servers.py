"""Mail servers on loopback for tests: an honest one, and one that follows a script of faults."""

import contextlib
import socket
import ssl
import threading
import warnings
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller

from broker.delivery.smtp.courier import SmtpCourier
from broker.delivery.smtp.session import Patience
from broker.environment.mail import SmtpSettings

HURRIED = Patience(word=0.3, verdict=0.3, whole=2.0)
HANG, DROP = "hang", "drop"
USUAL: Mapping[str, str] = {
    "greeting": "220 relay.example ready",
    "EHLO": "250-relay.example\r\n250-SIZE 26214400\r\n250-DSN\r\n250 STARTTLS",
    "STARTTLS": "220 go ahead",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 end with a dot",
    ".": "250 2.0.0 taken",
    "QUIT": "221 bye",
}


class Authority:
    """An invented certificate authority, and the file that names it."""

    def __init__(self, folder: Path) -> None:
        self._ca = trustme.CA(key_type=trustme.KeyType.ECDSA)
        self.file = folder / "authority.pem"
        self._ca.cert_pem.write_to_path(self.file)

    def context(self, name: str = "localhost", *, expired: bool = False) -> ssl.SSLContext:
        before = datetime.now(UTC) - timedelta(days=400)
        certificate = self._ca.issue_cert(
            name,
            not_before=before if expired else None,
            not_after=before + timedelta(days=90) if expired else None,
            key_type=trustme.KeyType.ECDSA,
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        return context

    def files(self, folder: Path) -> tuple[Path, Path]:
        """Return files with the key and the certificate of this machine, for other programs."""
        issued = self._ca.issue_cert("localhost", key_type=trustme.KeyType.ECDSA)
        key, chain = folder / "key.pem", folder / "chain.pem"
        issued.private_key_pem.write_to_path(key)
        key.chmod(0o600)
        issued.cert_chain_pems[0].write_to_path(chain)
        return key, chain

    def old_context(self, version: ssl.TLSVersion) -> ssl.SSLContext:
        context = self.context()
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = version
            context.maximum_version = version
        return context


@dataclass(slots=True)
class Inbox:
    """What an honest server took: envelopes and messages."""

    taken: list[Any] = field(default_factory=list[Any])

    async def handle_DATA(  # noqa: N802  # aiosmtpd calls it so
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        self.taken.append(envelope)
        return "250 2.0.0 taken"


@contextmanager
def honest_server(
    context: ssl.SSLContext, *, implicit: bool = False, **options: Any
) -> Generator[tuple[int, Inbox]]:
    """Yield port and inbox of an aiosmtpd that takes everything, inside TLS alone."""
    inbox = Inbox()
    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=_free_port(),
        ssl_context=context if implicit else None,
        tls_context=None if implicit else context,
        require_starttls=not implicit,
        **options,
    )
    controller.start()
    try:
        yield controller.port, inbox
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class ScriptedServer:
    """Answers each verb by a script; a reply of HANG or DROP is silence or an end.

    `heard` is every line that came, `taken` every message that was ended by a dot.
    """

    def __init__(self, context: ssl.SSLContext | None, script: Mapping[str, str]) -> None:
        self._context = context
        self._script = {**USUAL, **script}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.heard: list[str] = []
        self.taken: list[bytes] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        # Whoever waits for a connection is woken by one.
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        self._thread.join(5)
        self._listener.close()

    def _serve(self) -> None:
        while not self._over.is_set():
            connection, _ = self._listener.accept()
            connection.settimeout(5)
            with contextlib.suppress(OSError), contextlib.ExitStack() as closing:
                closing.callback(connection.close)
                self._converse(connection, closing)

    def _converse(self, connection: socket.socket, closing: contextlib.ExitStack) -> None:
        if self._over.is_set() or not self._say(connection, "greeting"):
            return
        stream = closing.enter_context(connection.makefile("rb"))
        while line := stream.readline():
            said = line.decode(errors="replace").strip()
            verb = said.split(" ")[0].split(":")[0].upper()
            self.heard.append(said)
            if not self._say(connection, verb):
                return
            if verb == "STARTTLS" and self._context is not None:
                connection = self._context.wrap_socket(connection, server_side=True)
                closing.callback(connection.close)
                stream = closing.enter_context(connection.makefile("rb"))
            elif verb == "DATA" and self._script["DATA"].startswith("354"):
                self.taken.append(_message_of(stream))
                if not self._say(connection, "."):
                    return
            elif verb == "QUIT":
                return

    def _say(self, connection: socket.socket, verb: str) -> bool:
        reply = self._script.get(verb, "500 what")
        if reply == DROP:
            return False
        if reply == HANG:
            self._over.wait(1)
            return False
        connection.sendall(f"{reply}\r\n".encode())
        return True


def _message_of(stream: Any) -> bytes:
    lines: list[bytes] = []
    while (line := stream.readline()) != b".\r\n":
        if not line:
            raise OSError
        lines.append(line)
    return b"".join(lines)


@contextmanager
def scripted_server(context: ssl.SSLContext | None, **script: str) -> Generator[ScriptedServer]:
    server = ScriptedServer(
        context, {verb.replace("dot", "."): say for verb, say in script.items()}
    )
    try:
        yield server
    finally:
        server.close()


def courier_to(
    port: int, authority: Authority, patience: Patience = HURRIED, **changes: Any
) -> SmtpCourier:
    options = {"host": "localhost", "implicit_tls": False, **changes}
    settings = SmtpSettings(port=port, ca_file=authority.file, **options)
    return SmtpCourier(settings=settings, patience=patience)
