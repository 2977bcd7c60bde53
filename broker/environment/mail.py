"""How mail leaves: the settings of the SMTP courier, checked; without a host there is none."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from broker.environment import EnvironmentReader

MAIL_NAMES = (
    "BROKER_SMTP_HOST",
    "BROKER_SMTP_PORT",
    "BROKER_SMTP_TLS",
    "BROKER_SMTP_CA_FILE",
    "BROKER_SMTP_USER",
    "BROKER_SMTP_PASSWORD_FILE",
    "BROKER_SMTP_RELAY_ENFORCES_TLS",
    "BROKER_DKIM_SELECTOR",
    "BROKER_DKIM_KEY_FILE",
    "BROKER_BOUNCES",
)
"""Every setting of the way out by SMTP."""

_HOST = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*")
_SELECTOR = re.compile(r"[a-z0-9][a-z0-9.-]{0,62}")
_USER = re.compile(r"[\x21-\x7e]{1,128}")
_MIN_DKIM_BITS = 2048
_PORTS = range(1, 65_536)


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimKey:
    """A key by which messages are signed (RFC 6376): its selector, and the private key as PEM."""

    selector: str
    private_key: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """The relay that takes our messages, by which the certificate it shows is checked.

    `implicit_tls`: TLS from the first byte; else by STARTTLS. `ca_file` names authorities to
    believe instead of the machine's. `enforces_tls`: somebody made sure that the relay itself
    hands nothing on without verified TLS. `bounces` is the folder into which the mail system puts
    what comes back.
    """

    host: str
    port: int
    implicit_tls: bool
    ca_file: Path | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    enforces_tls: bool = False
    dkim: DkimKey | None = None
    bounces: Path | None = None


def smtp_settings(reader: EnvironmentReader) -> SmtpSettings | None:
    """Return what the environment says of the way out, None for the pickup folder."""
    set_names = [name for name in MAIL_NAMES if reader.is_set(name)]
    if "BROKER_SMTP_HOST" not in set_names:
        for name in set_names:
            reader.fault(f"{name} counts only with BROKER_SMTP_HOST, the name of a mail relay.")
        return None
    implicit = reader.choice("BROKER_SMTP_TLS", "starttls", ("starttls", "implicit"))
    user = reader.text("BROKER_SMTP_USER", "")
    if user:
        reader.matching("BROKER_SMTP_USER", "broker", _USER)
    if bool(user) != reader.is_set("BROKER_SMTP_PASSWORD_FILE"):
        reader.fault("BROKER_SMTP_USER and BROKER_SMTP_PASSWORD_FILE go together.")
    enforces = reader.choice("BROKER_SMTP_RELAY_ENFORCES_TLS", "0", ("0", "1"))
    port = 465 if implicit == "implicit" else 587
    return SmtpSettings(
        host=reader.matching("BROKER_SMTP_HOST", "relay.example.nhs.uk", _HOST),
        port=reader.number("BROKER_SMTP_PORT", port, _PORTS),
        implicit_tls=implicit == "implicit",
        ca_file=_readable(reader, "BROKER_SMTP_CA_FILE"),
        user=user or None,
        password=reader.secret("BROKER_SMTP_PASSWORD_FILE", _password_fault),
        enforces_tls=enforces == "1",
        dkim=_dkim(reader),
        bounces=_folder(reader, "BROKER_BOUNCES"),
    )


def _dkim(reader: EnvironmentReader) -> DkimKey | None:
    key = reader.secret("BROKER_DKIM_KEY_FILE", _dkim_fault)
    if (key is None) == reader.is_set("BROKER_DKIM_SELECTOR"):
        reader.fault("BROKER_DKIM_SELECTOR and BROKER_DKIM_KEY_FILE go together.")
    if key is None:
        return None
    selector = reader.matching("BROKER_DKIM_SELECTOR", "broker2026", _SELECTOR)
    return DkimKey(selector=selector, private_key=key)


def _password_fault(text: str) -> str | None:
    return None if _USER.fullmatch(text) else "must hold one line of 1 to 128 ASCII characters"


def _dkim_fault(text: str) -> str | None:
    # Loaded where there is a key alone: every command reads its settings.
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    try:
        key = load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError):
        return "holds no private key as PEM without a passphrase"
    if not isinstance(key, RSAPrivateKey) or key.key_size < _MIN_DKIM_BITS:
        return f"must hold an RSA key of at least {_MIN_DKIM_BITS} bits"
    return None


def _readable(reader: EnvironmentReader, name: str) -> Path | None:
    path = reader.path(name)
    if path is not None and not path.is_file():
        reader.fault(f"{name} points to a file that cannot be read.")
    return path


def _folder(reader: EnvironmentReader, name: str) -> Path | None:
    path = reader.path(name)
    if path is not None and not path.is_dir():
        reader.fault(f"{name} names no folder.")
    return path
