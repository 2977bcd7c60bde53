"""The configuration: environment variables only, read once, all faults reported together."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from broker.domain.retention_periods import (
    DELIVERED_DAYS,
    REVIEW_DAYS,
    UNDELIVERED_DAYS,
    RetentionPeriods,
)
from broker.environment import EnvironmentReader
from broker.environment.mail import MAIL_NAMES, SmtpSettings, smtp_settings
from broker.environment.openid import OPENID_NAMES, OpenIdSettings, openid_settings
from broker.environment.secret_files import TOKEN_NAMES, database_url, protection
from keys import AgencyId, HardwareToken

DEFAULT_HOME = Path.home() / ".disclosure-broker"
_IDLE_MINUTES = range(5, 151)
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""The names under which this host itself may always speak to the broker."""

_PORTS = range(1, 65_536)
_USUAL_TERMS = RetentionPeriods()
_PER_HOUR = range(10, 1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLimits:
    """How many calls within an hour may fail or create something, by whom they are counted.

    `client` counts what a machine asks in vain where tokens are given.
    """

    person: int = 240
    body: int = 2_400
    address: int = 600
    client: int = 60


_USUAL_LIMITS = CallLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting, checked. `home` holds all of the embedded default (docs/settings.md).

    `database_url` and a passphrase or PIN of the keystore come from files that only the service
    can read. With `metrics_port` 0 no figures are served.
    """

    home: Path
    database_url: str = field(repr=False)
    keystore_protection: str | HardwareToken | None = field(repr=False)
    token_file: Path | None
    port: int
    threads: int
    behind_proxy: bool
    mail_from: str
    log_level: str
    hosts: tuple[str, ...] = ()
    session_idle_minutes: int = 15
    service_name: str = "Disclosure broker"
    brand_colour: str = "#1d4f6e"
    readings_alarm: int = 40
    retention: RetentionPeriods = _USUAL_TERMS
    client_address_header: str | None = None
    limits: CallLimits = _USUAL_LIMITS
    webhook_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    webhook_ca_file: Path | None = None
    smtp: SmtpSettings | None = None
    metrics_port: int = 0
    portal_url: str | None = None
    portal_port: int = 8351
    openid: OpenIdSettings | None = None
    public_reports_to: AgencyId | None = None
    clamd: str | None = None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Return the settings of `environ`; raise `SettingsError` naming every fault at once."""
        reader = EnvironmentReader(environ, NAMES)
        home = Path(reader.text("BROKER_HOME", str(DEFAULT_HOME))).expanduser().absolute()
        settings = cls(
            home=home,
            database_url=reader.secret("BROKER_DATABASE_URL_FILE", database_url)
            or f"sqlite:///{home / 'broker.db'}",
            keystore_protection=protection(reader),
            token_file=reader.path("BROKER_TOKEN_FILE"),
            port=reader.number("BROKER_PORT", 8350, _PORTS),
            threads=reader.number("BROKER_THREADS", 8, range(1, 65)),
            behind_proxy=reader.choice("BROKER_BEHIND_PROXY", "0", ("0", "1")) == "1",
            mail_from=reader.matching("BROKER_MAIL_FROM", "broker@disclosure.invalid", _MAILBOX),
            log_level=reader.choice(
                "BROKER_LOG_LEVEL", "info", ("debug", "info", "warning", "error")
            ),
            hosts=reader.names("BROKER_HOSTS"),
            session_idle_minutes=reader.number("BROKER_SESSION_IDLE_MINUTES", 15, _IDLE_MINUTES),
            service_name=reader.matching(
                "BROKER_SERVICE_NAME", "Disclosure broker", _SERVICE_NAME
            ),
            brand_colour=reader.matching("BROKER_BRAND_COLOUR", "#1d4f6e", _COLOUR),
            readings_alarm=reader.number("BROKER_READINGS_ALARM", 40, range(1, 10_001)),
            retention=RetentionPeriods(
                delivered=reader.number(
                    "BROKER_RETENTION_DELIVERED_DAYS", _USUAL_TERMS.delivered, DELIVERED_DAYS
                ),
                review=reader.number(
                    "BROKER_RETENTION_REVIEW_DAYS", _USUAL_TERMS.review, REVIEW_DAYS
                ),
                undelivered=reader.number(
                    "BROKER_RETENTION_UNDELIVERED_DAYS", _USUAL_TERMS.undelivered, UNDELIVERED_DAYS
                ),
            ),
            client_address_header=reader.header("BROKER_CLIENT_ADDRESS_HEADER"),
            limits=CallLimits(
                person=reader.number("BROKER_LIMIT_PERSON", _USUAL_LIMITS.person, _PER_HOUR),
                body=reader.number("BROKER_LIMIT_BODY", _USUAL_LIMITS.body, _PER_HOUR),
                address=reader.number("BROKER_LIMIT_ADDRESS", _USUAL_LIMITS.address, _PER_HOUR),
                client=reader.number("BROKER_LIMIT_CLIENT", _USUAL_LIMITS.client, _PER_HOUR),
            ),
            webhook_networks=reader.networks("BROKER_WEBHOOK_NETWORKS"),
            webhook_ca_file=reader.path("BROKER_WEBHOOK_CA_FILE"),
            smtp=smtp_settings(reader),
            public_reports_to=_body(reader.identifier("BROKER_PUBLIC_REPORTS_TO")),
            metrics_port=reader.number("BROKER_METRICS_PORT", 0, range(65_536)),
            portal_url=reader.address("BROKER_PORTAL_URL", LOOPBACK_NAMES),
            portal_port=reader.number("BROKER_PORTAL_PORT", 8351, _PORTS),
            openid=openid_settings(reader),
            clamd=_clamd(reader),
        )
        reader.finish()
        return settings


NAMES = (
    "BROKER_HOME",
    "BROKER_DATABASE_URL_FILE",
    "BROKER_KEYSTORE_PASSPHRASE_FILE",
    *TOKEN_NAMES,
    "BROKER_TOKEN_FILE",
    "BROKER_PORT",
    "BROKER_THREADS",
    "BROKER_BEHIND_PROXY",
    "BROKER_MAIL_FROM",
    "BROKER_LOG_LEVEL",
    "BROKER_HOSTS",
    "BROKER_SESSION_IDLE_MINUTES",
    "BROKER_SERVICE_NAME",
    "BROKER_BRAND_COLOUR",
    "BROKER_READINGS_ALARM",
    "BROKER_RETENTION_DELIVERED_DAYS",
    "BROKER_RETENTION_REVIEW_DAYS",
    "BROKER_RETENTION_UNDELIVERED_DAYS",
    "BROKER_CLIENT_ADDRESS_HEADER",
    "BROKER_LIMIT_PERSON",
    "BROKER_LIMIT_BODY",
    "BROKER_LIMIT_ADDRESS",
    "BROKER_LIMIT_CLIENT",
    "BROKER_METRICS_PORT",
    "BROKER_PORTAL_URL",
    "BROKER_PORTAL_PORT",
    "BROKER_PUBLIC_REPORTS_TO",
    "BROKER_WEBHOOK_NETWORKS",
    "BROKER_WEBHOOK_CA_FILE",
    "BROKER_CLAMD",
    *MAIL_NAMES,
    *OPENID_NAMES,
)
"""Every name that may be set; any other `BROKER_*` name is a fault, since it is a misspelling."""

_MAILBOX = re.compile(r"[A-Za-z0-9._'+-]{1,64}@[A-Za-z0-9.-]{1,189}")
_SERVICE_NAME = re.compile(r"[^\W_][\w '&(),.-]{0,59}")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_CLAMD = re.compile(r"/[\x21-\x7e]{1,100}|(127\.0\.0\.1|localhost):[1-9][0-9]{0,4}")


def _clamd(reader: EnvironmentReader) -> str | None:
    # Files go to it in clear, so it stands on this machine.
    if not reader.is_set("BROKER_CLAMD"):
        return None
    return reader.matching("BROKER_CLAMD", "/run/clamav/clamd.ctl", _CLAMD)


def _body(name: str | None) -> AgencyId | None:
    return None if name is None else AgencyId(name)


def host_name(host: str) -> str:
    """Return the name in a Host header, in small letters, without its port."""
    name, colon, port = host.rpartition(":")
    without_port = name if colon and port.isdecimal() and port.isascii() else host
    return without_port.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where things lie in `BROKER_HOME`."""

    path: Path

    @property
    def keystore(self) -> Path:
        """The folder of the keystore, apart from the database and its backups."""
        return self.path / "keystore"

    @property
    def checkpoints(self) -> Path:
        """The folder of signed checkpoints, outside the database."""
        return self.path / "checkpoints"

    @property
    def pickup(self) -> Path:
        """The folder where sealed messages wait for a mail system."""
        return self.path / "pickup"

    @property
    def public(self) -> Path:
        """The folder of the pages that need nothing else, as plain files with all they show."""
        return self.path / "public"

    @property
    def restoring(self) -> Path:
        """The file with the plan of a restore ceremony, there until it is carried out."""
        return self.path / "restoring"

    @property
    def ledger_fault(self) -> Path:
        """The file that says what was found wrong with the ledger, there until it is put right."""
        return self.path / "ledger-fault"

    @property
    def verified(self) -> Path:
        """The file that says what the newest verification of the whole ledger found."""
        return self.path / "verified"

    @property
    def verification_asked(self) -> Path:
        """The file that asks for a verification of the whole ledger, there until it is made."""
        return self.path / "verification-asked"

    def foreign_rows(self, digest: str) -> Path:
        """Return the file that keeps rows, of this SHA-256, which were set aside as evidence."""
        return self.path / "foreign" / f"{digest}.jsonl"

    @property
    def matched(self) -> Path:
        """The file that says that a backup was restored whose parts were copied together."""
        return self.path / "matched"

    def closed_checkpoints(self, number: int) -> Path:
        """Return the folder of the checkpoints under the ledger's name of this number, closed."""
        return self.path / f"checkpoints-{number}"

    @property
    def gateway(self) -> Path:
        """The file with this host's name in the ledger and in the leases of the outbox."""
        return self.path / "gateway"

    @property
    def gateway_name(self) -> str:
        """The host's name, made at `broker init`; it says nothing of the host."""
        return self.gateway.read_text(encoding="ascii").strip()

    @property
    def running_body(self) -> Path:
        """The file with the identifier of the body that runs the installation."""
        return self.path / "run-by"

    @property
    def run_by(self) -> AgencyId | None:
        """The body that runs the installation, None where nobody has said."""
        found = self.running_body
        return AgencyId(found.read_text(encoding="ascii").strip()) if found.exists() else None

    @property
    def clock(self) -> Path:
        """The file that keeps a doubt about the clock, and when a person last ended one."""
        return self.path / "clock"

    @property
    def known_log(self) -> Path:
        """The file of what a process knew of a long ledger, so that the next need not read it."""
        return self.path / "known-log"

    @property
    def build(self) -> Path:
        """The file with the number of the entry that names the build which served last."""
        return self.path / "build"

    @property
    def notices(self) -> Path:
        """The file of what happened once and waits for somebody to mend it."""
        return self.path / "notices"

    @property
    def alarms(self) -> Path:
        """The file that remembers when each alarm was first seen."""
        return self.path / "alarms"

    @property
    def heartbeat(self) -> Path:
        """The file by which a serving gateway says that it still makes its rounds."""
        return self.path / "heartbeat"

    @property
    def dispatch_lock(self) -> Path:
        """The file that the one dispatch loop of this host holds locked."""
        return self.path / "dispatch.lock"
