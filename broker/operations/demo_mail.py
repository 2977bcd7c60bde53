"""The mail server of the demonstration: thrown away at its end, on loopback, inside TLS alone."""

import email
import email.policy
import ssl
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from audit.log.files import write_durably

CLOSED = "closed-"
"""How the address of a mailbox begins that is not there."""

SENDER = "disclosures@broker.northshire-example.gov.uk"
"""From which address the demonstration sends: on the list of secure systems."""

_NAME = "localhost"
_DAYS = 2


class _Mailbox:
    """Puts each message that comes into a folder, under the reference in its subject.

    No dataclass with slots: aiosmtpd looks through all members of it, and those of such a class
    hold one that cannot be looked at in Python 3.11 before 3.11.3, which Debian 12 has.
    """

    def __init__(self, folder: Path) -> None:
        """Keep messages in `folder`."""
        self.folder = folder

    async def handle_RCPT(  # noqa: N802  # aiosmtpd calls it so
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if address.startswith(CLOSED):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(  # noqa: N802  # aiosmtpd calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        if not isinstance(content, bytes):
            return "554 5.6.0 a message is bytes"
        message = email.message_from_bytes(content, policy=email.policy.default)
        reference = str(message["Subject"]).rpartition(" ")[2]
        write_durably(self.folder / f"{reference}.eml", content)
        return "250 2.0.0 taken"


@contextmanager
def mail_server(home: Path, port: int) -> Generator[Mapping[str, str]]:
    """Serve on `port` and yield the settings by which a broker sends to it.

    What comes lies in `received` of the home; `mailbox.pem` there is the certificate.
    """
    folder = home / "received"
    folder.mkdir(mode=0o700, exist_ok=True)
    certificate = home / "mailbox.pem"
    context = _context(certificate)
    controller = Controller(
        _Mailbox(folder),
        hostname="127.0.0.1",
        port=port,
        tls_context=context,
        require_starttls=True,
        data_size_limit=30_000_000,
    )
    controller.start()
    try:
        yield {
            "BROKER_MAIL_FROM": SENDER,
            # Nothing is handed on from here: what it takes has come over proved TLS alone.
            "BROKER_SMTP_RELAY_ENFORCES_TLS": "1",
            "BROKER_SMTP_HOST": _NAME,
            "BROKER_SMTP_PORT": str(port),
            "BROKER_SMTP_CA_FILE": str(certificate),
        }
    finally:
        controller.stop()


def _context(path: Path) -> ssl.SSLContext:
    """Make a certificate of two days for this machine, and return TLS with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=_DAYS))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName(_NAME), x509.IPAddress(ip_address("127.0.0.1"))]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    write_durably(path, made.public_bytes(Encoding.PEM))
    secret = path.with_name("mailbox-key.pem")
    write_durably(
        secret,
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, secret)
    return context
