"""One conversation with a relay (RFC 5321), private before anything is said, each wait bounded."""

import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Final

from broker.delivery.smtp.faults import Fault, error_of, fault_of_reply
from broker.domain.errors import DeliveryError
from broker.environment.mail import SmtpSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long is waited, in seconds: for a word, for the answer to a message, in all."""

    word: float = 3.0
    verdict: float = 60.0
    whole: float = 240.0


PATIENCE: Final = Patience()
"""The whole is shorter than a lease, so that no second dispatcher takes the same message up."""

_READY, _SUCCESS, _START_MAIL = 220, range(200, 300), 354


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What an SMTP envelope says beside the message: from, to, and our own mark on it.

    Without a mark no notice is asked for.
    """

    sender: str
    recipient: str
    envelope_id: str | None


class Session:
    """A conversation on a connection whose other end proved its name; made by `opened`."""

    def __init__(self, client: smtplib.SMTP, patience: Patience, tls: str) -> None:
        """Speak by `client`, which has said EHLO inside TLS of the version `tls`."""
        self._client, self._patience = client, patience
        self.tls = tls

    def sign_in(self, user: str, password: str) -> None:
        """Sign in at the relay; raises `DeferredError`."""
        try:
            self._client.login(user, password)
        except smtplib.SMTPAuthenticationError as error:
            fault = Fault.LATER if error.smtp_code // 100 == 4 else Fault.SIGN_IN  # noqa: PLR2004
            raise error_of(fault, error.smtp_code) from None
        except smtplib.SMTPException:
            raise error_of(Fault.SIGN_IN) from None

    def hand_over(self, route: Route, message: bytes) -> int:
        """Give the message over whole, and return the code with which the relay took it.

        Raises `DeliveryError`, by the table of faults.
        """
        self._refuse_too_large(len(message))
        notices = route.envelope_id is not None and self._client.has_extn("dsn")
        size = f" SIZE={len(message)}" if self._client.has_extn("size") else ""
        asked = f" RET=HDRS ENVID={route.envelope_id}" if notices else ""
        self._say(f"MAIL FROM:<{_bare(route.sender)}>{size}{asked}")
        told = " NOTIFY=SUCCESS,FAILURE,DELAY" if notices else ""
        self._say(f"RCPT TO:<{_bare(route.recipient)}>{told}")
        self._say("DATA", expected=_START_MAIL)
        self._give(_stuffed(message))
        return self._end()

    def _refuse_too_large(self, length: int) -> None:
        limit = self._client.esmtp_features.get("size", "")
        if limit.isdecimal() and 0 < int(limit) < length:
            raise error_of(Fault.TOO_LARGE)

    def _say(self, command: str, expected: int | None = None) -> None:
        code, _ = self._client.docmd(command)
        is_right = code in _SUCCESS if expected is None else code == expected
        if not is_right:
            raise error_of(fault_of_reply(code, heard_of_message=True), code)

    def _give(self, message: bytes) -> None:
        """Send everything but the last dot, without which no server may take it as whole."""
        connection = _socket_of(self._client)
        connection.settimeout(self._patience.verdict)
        connection.sendall(message)

    def _end(self) -> int:
        """End the message, and wait for its acknowledgement: from here on it may have gone."""
        try:
            _socket_of(self._client).sendall(b".\r\n")
            code, _ = self._client.getreply()
        except (OSError, smtplib.SMTPException, ValueError):
            raise error_of(Fault.NO_ANSWER) from None
        if code in _SUCCESS:
            return code
        if not 400 <= code < 600:  # noqa: PLR2004  # RFC 5321, 4.2.1: neither taken nor refused
            raise error_of(Fault.NO_ANSWER, code)
        raise error_of(fault_of_reply(code, heard_of_message=True), code)


@contextmanager
def opened(settings: SmtpSettings, name: str, patience: Patience = PATIENCE) -> Generator[Session]:
    """Yield a conversation with the relay, under `name`; nothing is said in clear but EHLO.

    Raises `DeliveryError`, also for whatever ends the conversation early.
    """
    connection = _connected(settings, patience)
    client = smtplib.SMTP(local_hostname=name, timeout=patience.word)
    client.sock = connection
    # TLS takes the connection over; this second handle on it stays ours.
    with closing(client), closing(connection.dup()) as handle:
        watch = threading.Timer(patience.whole, _hang_up, [handle])
        watch.daemon = True
        watch.start()
        try:
            yield _begun(client, connection, settings, patience)
            _take_leave(client, patience)
        except DeliveryError:
            raise
        except smtplib.SMTPResponseException:
            raise error_of(Fault.NOT_SMTP) from None
        except (OSError, smtplib.SMTPException):
            raise error_of(Fault.SILENT) from None
        finally:
            watch.cancel()


def _take_leave(client: smtplib.SMTP, patience: Patience) -> None:
    """Say goodbye; what goes wrong now changes nothing."""
    with suppress(OSError, smtplib.SMTPException):
        _socket_of(client).settimeout(patience.word)
        client.quit()


def _begun(
    client: smtplib.SMTP, connection: socket.socket, settings: SmtpSettings, patience: Patience
) -> Session:
    if settings.implicit_tls:
        connection = _private(connection, settings)
        client.sock = connection
    _greeted(client)
    if not settings.implicit_tls:
        if not client.has_extn("starttls"):
            raise error_of(Fault.NOT_PRIVATE)
        code, _ = client.docmd("STARTTLS")
        if code != _READY:
            raise error_of(Fault.NOT_PRIVATE, code)
        connection = _private(connection, settings)
        client.sock = connection
        # What was said before TLS was said by anybody: it is forgotten, and asked again.
        client.file = None
        client.esmtp_features = {}
        _introduced(client)
    if not isinstance(connection, ssl.SSLSocket):
        raise error_of(Fault.NOT_PRIVATE)
    session = Session(client, patience, connection.version() or "none")
    if settings.user is not None:
        session.sign_in(settings.user, settings.password or "")
    return session


def _greeted(client: smtplib.SMTP) -> None:
    code, _ = client.getreply()
    if code != _READY:
        raise error_of(fault_of_reply(code, heard_of_message=False), code)
    _introduced(client)


def _introduced(client: smtplib.SMTP) -> None:
    code, _ = client.ehlo()
    if code not in _SUCCESS:
        raise error_of(fault_of_reply(code, heard_of_message=False), code)


def _private(connection: socket.socket, settings: SmtpSettings) -> ssl.SSLSocket:
    """Return the connection inside TLS 1.2 or later, its other end proved to bear the name."""
    context = ssl.create_default_context(cafile=settings.ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        return context.wrap_socket(connection, server_hostname=settings.host)
    except (ssl.SSLError, ssl.CertificateError):
        raise error_of(Fault.NOT_PRIVATE) from None


def _connected(settings: SmtpSettings, patience: Patience) -> socket.socket:
    """Return a connection to the first address that takes one; all of them share one wait."""
    ends, addresses = time.monotonic() + patience.word, _addresses(settings, patience)
    for left, (family, address) in zip(range(len(addresses), 0, -1), addresses, strict=True):
        connection = socket.socket(family, socket.SOCK_STREAM)
        # What one does not use of its share is the others'.
        connection.settimeout(max(ends - time.monotonic(), 0.001) / left)
        try:
            connection.connect(address)
        except OSError:
            connection.close()
            continue
        connection.settimeout(patience.word)
        return connection
    raise error_of(Fault.UNREACHABLE)


_Address = tuple[socket.AddressFamily, tuple[object, ...]]


def _addresses(settings: SmtpSettings, patience: Patience) -> list[_Address]:
    """Return the relay's addresses; the resolver, which knows no deadline, is given one."""
    found: SimpleQueue[list[_Address] | OSError] = SimpleQueue()

    def look() -> None:
        try:
            found.put(_looked_up(settings))
        except OSError as error:
            found.put(error)

    threading.Thread(target=look, daemon=True).start()
    try:
        addresses = found.get(timeout=patience.word)
    except Empty:
        raise error_of(Fault.NOT_FOUND) from None
    if isinstance(addresses, OSError):
        raise error_of(Fault.NOT_FOUND) from None
    return addresses


def _looked_up(settings: SmtpSettings) -> list[_Address]:
    found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
    return [(family, address) for family, _, _, _, address in found]


def _hang_up(connection: socket.socket) -> None:
    """End a conversation that takes too long, whatever its other end dribbles."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _socket_of(client: smtplib.SMTP) -> socket.socket:
    connection = client.sock
    if connection is None:
        raise smtplib.SMTPServerDisconnected
    return connection


def _stuffed(message: bytes) -> bytes:
    """Return the message for DATA: CRLF line ends, a dot before each dot that begins a line."""
    lines = message.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    body = lines.replace(b"\r\n.", b"\r\n..")
    body = b"." + body if body.startswith(b".") else body
    return body if body.endswith(b"\r\n") else body + b"\r\n"


def _bare(address: str) -> str:
    """Return an address of the directory as an envelope holds it: nothing that ends a line."""
    if not address.isascii() or any(one in address for one in "\r\n<> ") or "@" not in address:
        raise error_of(Fault.REFUSED)
    return address
