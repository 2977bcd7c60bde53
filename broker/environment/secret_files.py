"""What the files with secrets must hold: where the database is, what keeps the keystore's root."""

from ipaddress import ip_address
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

from broker.environment import EnvironmentReader
from keys import HardwareToken

TOKEN_NAMES = ("BROKER_PKCS11_MODULE", "BROKER_PKCS11_TOKEN", "BROKER_PKCS11_PIN_FILE")
"""Every setting of a token that keeps the keystore's root."""

_MIN_PASSPHRASE = 20
_MIN_DISTINCT = 7


def database_url(text: str) -> str | None:
    """Say what is wrong with a URL of a database, None where nothing is."""
    if text.startswith("sqlite:///"):
        return None
    if text.startswith("postgresql+psycopg://"):
        return _wire_fault(text)
    return "must begin with sqlite:/// or postgresql+psycopg://"


def _wire_fault(url: str) -> str | None:
    """Say what is wrong with the way to PostgreSQL: off this host, its name must be proved."""
    try:
        parts = urlsplit(url)
        options = parse_qs(parts.query)
        hosts = [parts.hostname or "", *options.get("host", ()), *options.get("hostaddr", ())]
        # A service file of libpq may name any host.
        hosts += options.get("service", ())
    except ValueError:
        return "is no URL; write postgresql+psycopg://user:password@host/name"
    stays_here = all(not host or host.startswith("/") or _is_loopback(host) for host in hosts)
    if stays_here or options.get("sslmode") == ["verify-full"]:
        return None
    return (
        "names another host, so it must end in ?sslmode=verify-full (and &sslrootcert=FILE where "
        "your own authority signed its certificate): anything less can be read or answered by "
        "others"
    )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _passphrase(text: str) -> str | None:
    if len(text) < _MIN_PASSPHRASE:
        return f"must hold at least {_MIN_PASSPHRASE} characters (six words are easy to keep)"
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    repeats = (text + text).find(text, 1) < len(text)
    if repeats or len(set(text)) < _MIN_DISTINCT or len(steps) < _MIN_DISTINCT:
        return "must not repeat a few characters or count through them (draw six words by dice)"
    return None


def protection(reader: EnvironmentReader) -> str | HardwareToken | None:
    """Return what keeps the keystore's root: a passphrase, a token, or its file mode alone."""
    passphrase = reader.secret("BROKER_KEYSTORE_PASSPHRASE_FILE", _passphrase)
    named = [name for name in TOKEN_NAMES if reader.is_set(name)]
    if not named:
        return passphrase
    if passphrase is not None or len(named) < len(TOKEN_NAMES):
        reader.fault(
            f"{', '.join(TOKEN_NAMES)} go together, and without BROKER_KEYSTORE_PASSPHRASE_FILE."
        )
        return passphrase
    pin = reader.secret("BROKER_PKCS11_PIN_FILE", _pin)
    module = reader.path("BROKER_PKCS11_MODULE")
    if module is None or pin is None:
        return None
    label = reader.text("BROKER_PKCS11_TOKEN", "")
    return HardwareToken(module=module, label=label, pin=pin)


def _pin(text: str) -> str | None:
    return None if text else "must hold the PIN of the token's user"
