"""Settings come from the environment alone, and every fault of them is told at once."""

from ipaddress import ip_network
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from broker.domain.errors import SettingsError
from broker.domain.retention_periods import RetentionPeriods
from broker.environment.mail import MAIL_NAMES, DkimKey, SmtpSettings
from broker.environment.openid import OPENID_NAMES
from broker.environment.secret_files import TOKEN_NAMES
from broker.settings import NAMES, CallLimits, Settings
from keys import AgencyId, HardwareToken

PASSPHRASE = "made-up words for these tests"


def a_secret(folder: Path, content: str, mode: int = 0o600) -> str:
    path = folder / "secret"
    path.write_text(content, encoding="utf-8")
    path.chmod(mode)
    return str(path)


URL = "postgresql+psycopg://made/up?sslmode=verify-full"


def faults_of(**environ: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment(environ)
    return refused.value.faults


def test_without_settings_everything_lies_in_the_home_folder_and_speaks_on_loopback() -> None:
    home = Path.home() / ".disclosure-broker"

    assert Settings.from_environment({"PATH": "/bin"}) == Settings(
        home=home,
        database_url=f"sqlite:///{home / 'broker.db'}",
        keystore_protection=None,
        token_file=None,
        port=8350,
        threads=8,
        behind_proxy=False,
        mail_from="broker@disclosure.invalid",
        log_level="info",
        retention=RetentionPeriods(delivered=30, review=365, undelivered=1095),
    )


def test_every_setting_is_read(tmp_path: Path) -> None:
    (tmp_path / "url").mkdir()
    environ = {
        "BROKER_HOME": str(tmp_path),
        "BROKER_DATABASE_URL_FILE": a_secret(tmp_path / "url", f"{URL}\n"),
        "BROKER_KEYSTORE_PASSPHRASE_FILE": a_secret(tmp_path, f"  {PASSPHRASE}\n"),
        "BROKER_TOKEN_FILE": str(tmp_path / "token"),
        "BROKER_PORT": "65535",
        "BROKER_THREADS": "64",
        "BROKER_BEHIND_PROXY": "1",
        "BROKER_MAIL_FROM": "disclosures@northshire-example.nhs.uk",
        "BROKER_LOG_LEVEL": "debug",
        "BROKER_HOSTS": "Broker.northshire-example.nhs.uk, 10.0.0.7",
        "BROKER_SESSION_IDLE_MINUTES": "150",
        "BROKER_SERVICE_NAME": "Northshire disclosures",
        "BROKER_BRAND_COLOUR": "#123abc",
        "BROKER_READINGS_ALARM": "7",
        "BROKER_RETENTION_DELIVERED_DAYS": "366",
        "BROKER_RETENTION_REVIEW_DAYS": "180",
        "BROKER_RETENTION_UNDELIVERED_DAYS": "730",
        "BROKER_CLIENT_ADDRESS_HEADER": "X-Real-IP",
        "BROKER_LIMIT_PERSON": "10",
        "BROKER_LIMIT_BODY": "100",
        "BROKER_LIMIT_ADDRESS": "999999",
        "BROKER_LIMIT_CLIENT": "30",
        "BROKER_METRICS_PORT": "9350",
        "BROKER_PUBLIC_REPORTS_TO": "northshire-trust",
        "BROKER_PORTAL_URL": "https://packs.northshire-example.nhs.uk",
        "BROKER_PORTAL_PORT": "9351",
        "BROKER_WEBHOOK_NETWORKS": "10.20.0.0/16, fd00::/8",
        "BROKER_WEBHOOK_CA_FILE": str(tmp_path / "authority.pem"),
        "BROKER_CLAMD": "/run/clamav/clamd.ctl",
    }

    assert {*environ, *MAIL_NAMES, *TOKEN_NAMES, *OPENID_NAMES} == set(NAMES)
    assert Settings.from_environment(environ) == Settings(
        home=tmp_path,
        database_url=URL,
        keystore_protection=PASSPHRASE,
        token_file=tmp_path / "token",
        port=65535,
        threads=64,
        behind_proxy=True,
        mail_from="disclosures@northshire-example.nhs.uk",
        log_level="debug",
        hosts=("broker.northshire-example.nhs.uk", "10.0.0.7"),
        session_idle_minutes=150,
        service_name="Northshire disclosures",
        brand_colour="#123abc",
        readings_alarm=7,
        retention=RetentionPeriods(delivered=366, review=180, undelivered=730),
        client_address_header="X-Real-IP",
        metrics_port=9350,
        limits=CallLimits(person=10, body=100, address=999_999, client=30),
        public_reports_to=AgencyId("northshire-trust"),
        portal_url="https://packs.northshire-example.nhs.uk",
        portal_port=9351,
        webhook_networks=(ip_network("10.20.0.0/16"), ip_network("fd00::/8")),
        webhook_ca_file=tmp_path / "authority.pem",
        clamd="/run/clamav/clamd.ctl",
    )


def a_key(bits: int) -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def test_the_way_out_by_a_relay_is_read(tmp_path: Path) -> None:
    (tmp_path / "key").mkdir()
    (tmp_path / "authority.pem").touch()
    key = a_key(2048)
    environ = {
        "BROKER_SMTP_HOST": "relay.northshire-example.nhs.uk",
        "BROKER_SMTP_PORT": "2465",
        "BROKER_SMTP_TLS": "implicit",
        "BROKER_SMTP_CA_FILE": str(tmp_path / "authority.pem"),
        "BROKER_SMTP_USER": "broker",
        "BROKER_SMTP_PASSWORD_FILE": a_secret(tmp_path, "made-up-words"),
        "BROKER_SMTP_RELAY_ENFORCES_TLS": "1",
        "BROKER_DKIM_SELECTOR": "b2026",
        "BROKER_DKIM_KEY_FILE": a_secret(tmp_path / "key", key),
        "BROKER_BOUNCES": str(tmp_path),
    }

    assert set(environ) == set(MAIL_NAMES)
    assert Settings.from_environment(environ).smtp == SmtpSettings(
        host="relay.northshire-example.nhs.uk",
        port=2465,
        implicit_tls=True,
        ca_file=tmp_path / "authority.pem",
        user="broker",
        password="made-up-words",
        enforces_tls=True,
        dkim=DkimKey(selector="b2026", private_key=key.strip()),
        bounces=tmp_path,
    )
    assert "made-up" not in repr(Settings.from_environment(environ))
    assert "PRIVATE" not in repr(Settings.from_environment(environ))


@pytest.mark.parametrize(("tls", "port"), [("starttls", 587), ("implicit", 465)])
def test_a_relay_has_the_usual_port_of_its_kind_of_tls(tls: str, port: int) -> None:
    smtp = Settings.from_environment(
        {"BROKER_SMTP_HOST": "relay.example", "BROKER_SMTP_TLS": tls}
    ).smtp

    assert smtp is not None
    assert (smtp.port, smtp.enforces_tls) == (port, False)


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"BROKER_SMTP_PORT": "25"}, "counts only with BROKER_SMTP_HOST"),
        ({"BROKER_SMTP_HOST": "relay.example:25"}, "must look like relay.example.nhs.uk"),
        ({"BROKER_SMTP_HOST": "10.0.0.7;x"}, "must look like relay.example.nhs.uk"),
        ({"BROKER_SMTP_HOST": "relay.example", "BROKER_SMTP_USER": "broker"}, "go together"),
        ({"BROKER_SMTP_HOST": "relay.example", "BROKER_DKIM_SELECTOR": "b1"}, "go together"),
        ({"BROKER_SMTP_HOST": "relay.example", "BROKER_SMTP_TLS": "none"}, "must be one of"),
        ({"BROKER_SMTP_HOST": "relay.example", "BROKER_SMTP_CA_FILE": "/no"}, "cannot be read"),
        ({"BROKER_SMTP_HOST": "relay.example", "BROKER_BOUNCES": "/no"}, "names no folder"),
    ],
)
def test_half_a_way_out_is_a_fault(environ: dict[str, str], said: str) -> None:
    (fault,) = faults_of(**environ)

    assert said in fault


@pytest.mark.parametrize("bits", [0, 1024])
def test_a_weak_or_broken_key_signs_nothing(tmp_path: Path, bits: int) -> None:
    path = a_secret(tmp_path, a_key(bits) if bits else "no key")
    (fault,) = faults_of(
        BROKER_SMTP_HOST="relay.example", BROKER_DKIM_SELECTOR="b1", BROKER_DKIM_KEY_FILE=path
    )

    assert "key" in fault


def test_nothing_can_be_kept_for_longer_than_the_defaults_but_what_was_delivered() -> None:
    assert faults_of(
        BROKER_RETENTION_DELIVERED_DAYS="367",
        BROKER_RETENTION_REVIEW_DAYS="366",
        BROKER_RETENTION_UNDELIVERED_DAYS="1096",
    ) == (
        "BROKER_RETENTION_DELIVERED_DAYS must be a whole number from 1 to 366.",
        "BROKER_RETENTION_REVIEW_DAYS must be a whole number from 1 to 365.",
        "BROKER_RETENTION_UNDELIVERED_DAYS must be a whole number from 30 to 1095.",
    )


def test_a_limit_leaves_room_for_work_and_a_header_is_one_name() -> None:
    assert faults_of(BROKER_LIMIT_PERSON="9", BROKER_CLIENT_ADDRESS_HEADER="X-Real-IP, Via") == (
        "BROKER_CLIENT_ADDRESS_HEADER must be the name of a header, such as X-Real-IP.",
        "BROKER_LIMIT_PERSON must be a whole number from 10 to 999999.",
    )


def test_an_empty_setting_is_one_that_was_not_made() -> None:
    assert Settings.from_environment(dict.fromkeys(NAMES, "")) == Settings.from_environment({})


def test_all_faults_are_told_together() -> None:
    faults = faults_of(BROKER_PORT="0", BROKER_THREADS="many", BROKER_LOG_LEVEL="loud")

    assert faults == (
        "BROKER_PORT must be a whole number from 1 to 65535.",
        "BROKER_THREADS must be a whole number from 1 to 64.",
        "BROKER_LOG_LEVEL must be one of: debug, info, warning, error.",
    )


def test_a_misspelt_setting_is_a_fault() -> None:
    (fault,) = faults_of(BROKER_PROT="8350")

    assert fault.startswith("BROKER_PROT is not a setting of the broker. The settings are: BROKER")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("BROKER_PORT", "65536", id="port too high"),
        pytest.param("BROKER_PORT", "-1", id="port negative"),
        pytest.param("BROKER_PORT", "8350 ", id="port with a space"),
        pytest.param("BROKER_PORT", "\u0668", id="port in other digits"),
        pytest.param("BROKER_THREADS", "65", id="too many threads"),
        pytest.param("BROKER_BEHIND_PROXY", "yes", id="neither 0 nor 1"),
        pytest.param("BROKER_MAIL_FROM", "secret words", id="no address"),
        pytest.param("BROKER_MAIL_FROM", "a@b\nBcc: secret@c", id="a header behind it"),
        pytest.param("BROKER_LOG_LEVEL", "INFO", id="level in capitals"),
        pytest.param("BROKER_HOSTS", "secret.example:443", id="a host with its port"),
        pytest.param("BROKER_HOSTS", "https://secret.example", id="a host that is a URL"),
        pytest.param("BROKER_DATABASE_URL_FILE", "/nowhere/secret", id="no such file"),
    ],
)
def test_a_fault_names_the_setting_and_never_its_value(name: str, value: str) -> None:
    (fault,) = faults_of(**{name: value})

    assert name in fault
    assert "secret" not in fault


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("BROKER_DATABASE_URL_FILE", "mysql://u:secret@h/db", id="another database"),
        pytest.param("BROKER_KEYSTORE_PASSPHRASE_FILE", "too short secret", id="16 characters"),
    ],
)
def test_an_unfit_secret_is_refused_without_being_shown(
    tmp_path: Path, name: str, content: str
) -> None:
    (fault,) = faults_of(**{name: a_secret(tmp_path, content)})

    assert fault.startswith(f"The file that {name} points to must ")
    assert content not in fault


def test_a_secret_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = Path(a_secret(tmp_path, ""))
    path.write_bytes(b"\xff" * 30)

    faults = faults_of(BROKER_KEYSTORE_PASSPHRASE_FILE=str(path))

    assert faults == ("BROKER_KEYSTORE_PASSPHRASE_FILE points to a file that cannot be read.",)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_secret_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    (fault,) = faults_of(BROKER_KEYSTORE_PASSPHRASE_FILE=a_secret(tmp_path, PASSPHRASE, mode))

    assert fault == (
        "BROKER_KEYSTORE_PASSPHRASE_FILE points to a file that others can read. "
        "Run: chmod 600 on that file."
    )


def test_settings_do_not_show_their_secrets(tmp_path: Path) -> None:
    settings = Settings.from_environment(
        {"BROKER_KEYSTORE_PASSPHRASE_FILE": a_secret(tmp_path, PASSPHRASE)}
    )

    assert PASSPHRASE not in repr(settings)
    assert "sqlite" not in repr(settings)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://made/up",
        "postgresql+psycopg://u:secret@10.0.0.9/up?sslmode=disable",
        "postgresql+psycopg://made/up?sslmode=require",
        "postgresql+psycopg://made/up?sslmode=verify-full&sslmode=disable",
        "postgresql+psycopg://localhost/up?host=db.example",
        "postgresql+psycopg://localhost/up?hostaddr=10.0.0.9",
    ],
)
def test_a_database_on_another_host_must_prove_its_name(tmp_path: Path, url: str) -> None:
    (fault,) = faults_of(BROKER_DATABASE_URL_FILE=a_secret(tmp_path, url))

    assert "sslmode=verify-full" in fault
    assert "secret" not in fault.replace(str(tmp_path), "")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://broker@/up?host=/var/run/postgresql",
        "postgresql+psycopg://localhost/up",
        "postgresql+psycopg://127.0.0.1:5432/up?sslmode=disable",
        "postgresql+psycopg://[::1]/up",
        "postgresql+psycopg://broker:word@db.example/up?sslmode=verify-full&sslrootcert=/etc/ca",
    ],
)
def test_a_database_on_this_host_or_one_that_proves_its_name_is_taken(
    tmp_path: Path, url: str
) -> None:
    settings = Settings.from_environment({"BROKER_DATABASE_URL_FILE": a_secret(tmp_path, url)})

    assert settings.database_url == url


@pytest.mark.parametrize(
    "passphrase",
    ["a" * 20, "ab" * 15, "passphrase" * 3, "12345678901234567890", "abcdefghijklmnopqrstuvwxyz",
     "aaaaaaaaaaaaaaaaaaab", "zyxwvutsrqponmlkjihgfe"],
)  # fmt: skip
def test_a_passphrase_that_repeats_or_counts_is_refused(tmp_path: Path, passphrase: str) -> None:
    (fault,) = faults_of(BROKER_KEYSTORE_PASSPHRASE_FILE=a_secret(tmp_path, passphrase))

    assert "must not repeat" in fault
    assert passphrase not in fault


@pytest.mark.parametrize(
    "passphrase", ["correct horse battery staple", "Xq7!vK2#pL9$wZ4%nR6&", "0f3a91c27be845d6a1f0"]
)
def test_an_ordinary_passphrase_is_taken(tmp_path: Path, passphrase: str) -> None:
    environ = {"BROKER_KEYSTORE_PASSPHRASE_FILE": a_secret(tmp_path, passphrase)}

    assert Settings.from_environment(environ).keystore_protection == passphrase


def test_a_token_keeps_the_root_where_all_three_settings_name_it(tmp_path: Path) -> None:
    environ = {
        "BROKER_PKCS11_MODULE": "/usr/lib/softhsm/libsofthsm2.so",
        "BROKER_PKCS11_TOKEN": "broker",
        "BROKER_PKCS11_PIN_FILE": a_secret(tmp_path, "246813\n"),
    }

    settings = Settings.from_environment(environ)

    assert settings.keystore_protection == HardwareToken(
        module=Path("/usr/lib/softhsm/libsofthsm2.so"), label="broker", pin="246813"
    )
    assert "246813" not in repr(settings)
    for name in environ:
        (fault,) = faults_of(**{other: environ[other] for other in environ if other != name})
        assert "go together" in fault
    (tmp_path / "other").mkdir()
    passphrase = a_secret(tmp_path / "other", PASSPHRASE)
    (fault,) = faults_of(**environ, BROKER_KEYSTORE_PASSPHRASE_FILE=passphrase)
    assert "without BROKER_KEYSTORE_PASSPHRASE_FILE" in fault
