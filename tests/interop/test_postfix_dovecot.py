"""A real mail system: Postfix takes a message inside TLS, Dovecot gives it back, notices come."""

import email
import email.policy
import imaplib
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

import pytest
from brokers import NOON
from mail_servers import Authority
from values import REFERENCE

from broker.delivery.bounces import notice_of
from broker.delivery.message import Envelope, message_of
from broker.delivery.smtp.courier import SmtpCourier
from broker.domain.errors import RejectedError, TlsRefusedError
from broker.environment.mail import SmtpSettings

SENDER = "disclosures@northshire-example.nhs.uk"
RECIPIENT = "prevent@midshire-example.police.uk"
SEALED = b"%PDF-1.7 sealed \x00\xff\r\n.\r\n" * 2_000
PATIENCE = 20.0
PROGRAMS = ("/usr/sbin/postfix", "/usr/sbin/dovecot")


@dataclass(frozen=True)
class MailSystem:
    """Where it listens, whom to trust, and where mail to the sender ends up."""

    authority: Authority
    smtp: int
    imap: int
    bounces: Path


def a_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(there: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < give_up_at
        time.sleep(0.05)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@pytest.fixture(scope="module", name="system")
def _system() -> Generator[MailSystem]:
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing and os.environ.get("CI") == "true" and os.getuid() == 0:
        pytest.fail(f"these programs are needed: {missing}")
    if missing or os.getuid() != 0:
        pytest.skip("NOT CHECKED with a real mail system: it needs root, Postfix and Dovecot")
    with tempfile.TemporaryDirectory(prefix="mail-system-") as name:
        yield from served_from(Path(name))


def served_from(folder: Path) -> Generator[MailSystem]:
    """Both programs at work in a folder that their own users may enter, unlike pytest's."""
    folder.chmod(0o755)
    authority = Authority(folder)
    key, chain = authority.files(folder)
    smtp, imap = a_port(), a_port()
    mail = folder / "mailboxes"
    mail.mkdir()
    shutil.chown(mail, "postfix", "postfix")
    postfix = write_postfix(folder / "postfix", mail, smtp, key, chain)
    dovecot = write_dovecot(folder / "dovecot", mail, imap, key, chain)
    subprocess.run(["/usr/sbin/postfix", "-c", str(postfix), "start"], check=True, timeout=60)
    served = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", str(dovecot)])
    try:
        until(lambda: answers(smtp) and answers(imap))
        yield MailSystem(
            authority=authority, smtp=smtp, imap=imap, bounces=mail / "northshire" / "new"
        )
    finally:
        subprocess.run(["/usr/sbin/postfix", "-c", str(postfix), "stop"], check=False, timeout=60)
        served.terminate()
        served.wait(20)


def write_postfix(folder: Path, mail: Path, port: int, key: Path, chain: Path) -> Path:
    for name in ("queue", "data"):
        (folder / name).mkdir(parents=True)
    shutil.chown(folder / "data", "postfix", "postfix")
    uid, gid = mail.stat().st_uid, mail.stat().st_gid
    (folder / "boxes").write_text(f"{RECIPIENT} midshire/\n{SENDER} northshire/\n")
    (folder / "main.cf").write_text(
        f"""
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
myhostname = localhost
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
virtual_mailbox_domains = midshire-example.police.uk, northshire-example.nhs.uk
virtual_mailbox_maps = texthash:{folder}/boxes
virtual_mailbox_base = {mail}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = {key}, {chain}
smtpd_relay_restrictions = reject_unauth_destination
""",
        encoding="utf-8",
    )
    services = Path("/etc/postfix/master.cf").read_text(encoding="utf-8").splitlines()
    kept = [line for line in services if line and not line.startswith((" ", "#", "smtp "))]
    kept = [line for line in kept if line.split()[1] in {"unix", "unix-dgram"}]
    flat = [" ".join([*line.split()[:4], "n", *line.split()[5:]]) for line in kept]
    listening = f"127.0.0.1:{port} inet n - n - - smtpd"
    sending = "smtp unix - - n - - smtp"
    (folder / "master.cf").write_text("\n".join([listening, sending, *flat]) + "\n")
    return folder


def write_dovecot(folder: Path, mail: Path, port: int, key: Path, chain: Path) -> Path:
    folder.mkdir()
    (folder / "users").write_text(f"{RECIPIENT}:{{PLAIN}}made-up-words::::::\n")
    (folder / "dovecot.conf").write_text(
        f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{chain}
ssl_key = <{key}
mail_location = maildir:{mail}/midshire
mail_uid = postfix
mail_gid = postfix
first_valid_uid = 1
first_valid_gid = 1
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid=postfix gid=postfix home={mail}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
""",
        encoding="utf-8",
    )
    return folder / "dovecot.conf"


def envelope_to(recipient: str) -> Envelope:
    return Envelope(
        reference=REFERENCE,
        message_id="<prv-7q4k-m2xh.00@northshire-example.nhs.uk>",
        sender=SENDER,
        to=recipient,
        at=NOON,
        envelope_id=f"{REFERENCE}.{'0f' * 16}",
    )


def courier(system: MailSystem, host: str = "localhost") -> SmtpCourier:
    return SmtpCourier(
        settings=SmtpSettings(
            host=host, port=system.smtp, implicit_tls=False, ca_file=system.authority.file
        )
    )


def test_a_message_is_read_back_and_its_success_notice_names_our_mark(system: MailSystem) -> None:
    envelope = envelope_to(RECIPIENT)

    accepted = courier(system).deliver(envelope, message_of(envelope, SEALED))

    assert (accepted.tls, accepted.code) == ("TLSv1.3", 250)
    trusted = ssl.create_default_context(cafile=system.authority.file)
    with imaplib.IMAP4_SSL("localhost", system.imap, ssl_context=trusted) as imap:
        imap.login(RECIPIENT, "made-up-words")
        until(lambda: imap.select("INBOX")[1] == [b"1"])
        _, fetched = imap.fetch("1", "(RFC822)")
    (_, content), *_ = [one for one in fetched if isinstance(one, tuple)]
    message = email.message_from_bytes(content, policy=email.policy.default)
    (attachment,) = message.iter_attachments()
    assert attachment.get_content() == SEALED
    until(lambda: system.bounces.is_dir() and any(system.bounces.iterdir()))
    notices = [notice_of(path.read_bytes()) for path in system.bounces.iterdir()]
    assert [(one.mark, one.action) for one in notices if one] == [
        (envelope.envelope_id, "delivered")
    ]


def test_a_mailbox_that_is_not_there_is_refused_at_once(system: MailSystem) -> None:
    envelope = envelope_to("nobody@midshire-example.police.uk")

    with pytest.raises(RejectedError) as refused:
        courier(system).deliver(envelope, message_of(envelope, SEALED))

    assert refused.value.reply == 550


def test_its_certificate_must_bear_the_name_that_was_set(system: MailSystem) -> None:
    envelope = envelope_to(RECIPIENT)

    with pytest.raises(TlsRefusedError):
        courier(system, "127.0.0.1").deliver(envelope, message_of(envelope, SEALED))
