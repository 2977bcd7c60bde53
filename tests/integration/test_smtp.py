"""The SMTP courier against honest, faulty and hostile servers: never in clear, never twice."""

import base64
import email
import email.policy
import socket
import ssl
import threading
import time
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import dkim
import pytest
from brokers import NOON
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from mail_servers import (
    DROP,
    HANG,
    HURRIED,
    Authority,
    ScriptedServer,
    courier_to,
    honest_server,
    scripted_server,
)
from values import REFERENCE

from broker.delivery.message import Envelope, message_of
from broker.delivery.smtp.faults import FAULTS, Fault
from broker.delivery.smtp.session import Patience
from broker.domain.errors import (
    DeferredError,
    DeliveryError,
    RejectedError,
    TlsRefusedError,
    UnknownFateError,
)
from broker.environment.mail import DkimKey

ENVELOPE = Envelope(
    reference=REFERENCE,
    message_id="<prv-7q4k-m2xh.00@northshire-example.nhs.uk>",
    sender="disclosures@northshire-example.nhs.uk",
    to="prevent@midshire-example.police.uk",
    at=NOON,
    envelope_id=f"{REFERENCE}.{'0f' * 16}",
)
MESSAGE = message_of(ENVELOPE, b"%PDF-1.7 sealed \x00\xff\r\n.\r\n.dots\r\n" * 9)


@pytest.fixture(scope="module", name="authority")
def _authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module", name="private")
def _private(authority: Authority) -> ssl.SSLContext:
    return authority.context()


def read(content: bytes) -> bytes:
    message = email.message_from_bytes(content, policy=email.policy.default)
    (attachment,) = message.iter_attachments()
    sealed: bytes = attachment.get_content()
    return sealed


@pytest.mark.parametrize("implicit", [False, True], ids=["STARTTLS", "implicit TLS"])
def test_an_honest_server_is_given_the_message_whole_inside_tls(
    authority: Authority, private: ssl.SSLContext, *, implicit: bool
) -> None:
    with honest_server(private, implicit=implicit) as (port, inbox):
        accepted = courier_to(port, authority, implicit_tls=implicit).deliver(ENVELOPE, MESSAGE)

    assert (accepted.tls, accepted.code) == ("TLSv1.3", 250)
    (envelope,) = inbox.taken
    assert envelope.mail_from == ENVELOPE.sender
    assert envelope.rcpt_tos == [ENVELOPE.to]
    assert read(envelope.content) == read(MESSAGE)
    assert b"Auto-Submitted: auto-generated" in envelope.content


def test_a_notice_is_asked_for_with_our_mark_and_the_headers_alone(
    authority: Authority, private: ssl.SSLContext
) -> None:
    with scripted_server(private) as server:
        courier_to(server.port, authority).deliver(ENVELOPE, MESSAGE)

    assert server.heard[3:5] == [
        f"MAIL FROM:<{ENVELOPE.sender}> SIZE={len(MESSAGE)} RET=HDRS ENVID={ENVELOPE.envelope_id}",
        f"RCPT TO:<{ENVELOPE.to}> NOTIFY=SUCCESS,FAILURE,DELAY",
    ]


def test_a_server_without_notices_is_asked_for_none(
    authority: Authority, private: ssl.SSLContext
) -> None:
    with scripted_server(private, EHLO="250-relay.example\r\n250 STARTTLS") as server:
        courier_to(server.port, authority).deliver(ENVELOPE, MESSAGE)

    assert server.heard[3] == f"MAIL FROM:<{ENVELOPE.sender}>"


def test_a_message_is_signed_for_the_domain_that_it_comes_from(
    authority: Authority, private: ssl.SSLContext
) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    signing = DkimKey(selector="b2026", private_key=pem.decode())
    with scripted_server(private) as server:
        courier_to(server.port, authority, dkim=signing).deliver(ENVELOPE, MESSAGE)

    asked: list[bytes] = []

    def txt(name: bytes, timeout: float = 5) -> bytes:
        del timeout
        asked.append(name)
        return b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)

    (taken,) = server.taken
    unstuffed = taken.replace(b"\r\n..", b"\r\n.")
    assert dkim.verify(unstuffed, dnsfunc=txt)
    assert not dkim.verify(unstuffed.replace(b"sealed document", b"other document"), dnsfunc=txt)
    assert asked[0] == b"b2026._domainkey.northshire-example.nhs.uk."


def refused(server: ScriptedServer, authority: Authority) -> DeliveryError:
    """Return the error of a delivery, of which the server must have heard nothing in clear."""
    with pytest.raises(DeliveryError) as raised:
        courier_to(server.port, authority).deliver(ENVELOPE, MESSAGE)
    return raised.value


def in_clear(server: ScriptedServer) -> set[str]:
    return {line.split(" ")[0].upper() for line in server.heard}


def test_a_server_that_offers_no_tls_hears_nothing(authority: Authority) -> None:
    with scripted_server(None, EHLO="250-relay.example\r\n250 SIZE 1000") as server:
        error = refused(server, authority)

    assert isinstance(error, TlsRefusedError)
    assert in_clear(server) == {"EHLO"}


@pytest.mark.parametrize("reply", ["454 TLS not available", "502 no", "250 ok"])
def test_a_server_that_takes_its_offer_back_hears_nothing(
    authority: Authority, reply: str
) -> None:
    with scripted_server(None, STARTTLS=reply) as server:
        error = refused(server, authority)

    assert isinstance(error, TlsRefusedError)
    assert in_clear(server) == {"EHLO", "STARTTLS"}


def test_a_man_in_the_middle_who_says_go_and_stays_in_clear_hears_nothing(
    authority: Authority,
) -> None:
    with scripted_server(None) as server:
        error = refused(server, authority)

    assert isinstance(error, DeferredError)
    assert not in_clear(server) & {"MAIL", "RCPT", "DATA"}
    assert server.taken == []


@pytest.mark.parametrize("fault", ["name", "expired", "stranger", "1.0", "1.1"])
def test_a_server_that_cannot_prove_its_name_hears_nothing(
    authority: Authority, tmp_path: Path, fault: str
) -> None:
    contexts = {
        "name": lambda: authority.context("other.example"),
        "expired": lambda: authority.context(expired=True),
        "stranger": lambda: Authority(tmp_path).context(),
        "1.0": lambda: authority.old_context(ssl.TLSVersion.TLSv1),
        "1.1": lambda: authority.old_context(ssl.TLSVersion.TLSv1_1),
    }
    with scripted_server(contexts[fault]()) as server:
        error = refused(server, authority)

    assert isinstance(error, TlsRefusedError)
    assert error.fault == Fault.NOT_PRIVATE.value
    assert in_clear(server) == {"EHLO", "STARTTLS"}


def test_what_was_slipped_in_before_tls_is_not_taken_for_an_answer(
    authority: Authority, private: ssl.SSLContext
) -> None:
    slipped = "220 go ahead\r\n250-relay.example\r\n250 SIZE 1"
    with scripted_server(private, STARTTLS=slipped) as server:
        courier_to(server.port, authority).deliver(ENVELOPE, MESSAGE)

    # The smuggled size would have refused it; what counts is what was said inside.
    assert len(server.taken) == 1
    assert [line.split(" ")[0] for line in server.heard[:4]] == [
        "ehlo",
        "STARTTLS",
        "ehlo",
        "MAIL",
    ]


AFTER_TLS = ("MAIL", "RCPT", "DATA", "dot")
REPLIES = [
    pytest.param("451 4.7.1 later", DeferredError, id="greylisted"),
    pytest.param("421 4.3.2 closing", DeferredError, id="closing"),
    pytest.param("550 5.1.1 no such mailbox", RejectedError, id="no such mailbox"),
    pytest.param("552 5.3.4 too big", RejectedError, id="too big"),
    pytest.param("554 5.7.1 policy", RejectedError, id="policy"),
]


@pytest.mark.parametrize("verb", AFTER_TLS)
@pytest.mark.parametrize(("reply", "kind"), REPLIES)
def test_a_refusal_at_any_verb_is_kept_with_its_number(
    authority: Authority,
    private: ssl.SSLContext,
    verb: str,
    reply: str,
    kind: type[DeliveryError],
) -> None:
    with scripted_server(private, **{verb: reply}) as server:
        error = refused(server, authority)

    assert (type(error), error.reply) == (kind, int(reply[:3]))


@pytest.mark.parametrize("verb", ["greeting", "EHLO", "STARTTLS", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("fault", [HANG, DROP])
def test_a_server_that_falls_silent_before_the_end_is_asked_again(
    authority: Authority, private: ssl.SSLContext, verb: str, fault: str
) -> None:
    with scripted_server(private, **{verb: fault}) as server:
        begun = time.monotonic()
        error = refused(server, authority)

    assert isinstance(error, DeferredError)
    assert time.monotonic() - begun < HURRIED.whole


@pytest.mark.parametrize("fault", [HANG, DROP, "nonsense", "354 go on"])
def test_a_lost_acknowledgement_leaves_the_fate_unknown(
    authority: Authority, private: ssl.SSLContext, fault: str
) -> None:
    with scripted_server(private, dot=fault) as server:
        error = refused(server, authority)

    assert isinstance(error, UnknownFateError)
    assert len(server.taken) == 1


@pytest.mark.parametrize("verb", ["MAIL", "RCPT"])
@pytest.mark.parametrize("code", [530, 535])
def test_a_relay_that_wants_us_signed_in_is_the_operators_to_mend(
    authority: Authority, private: ssl.SSLContext, verb: str, code: int
) -> None:
    with scripted_server(private, **{verb: f"{code} 5.7.0 sign in"}) as server:
        error = refused(server, authority)

    assert isinstance(error, DeferredError)
    assert error.fault == Fault.SIGN_IN.value


@pytest.mark.parametrize("greeting", ["554 no service", "HTTP/1.1 400 Bad Request", ""])
def test_what_is_no_relay_takes_nothing_and_is_asked_again(
    authority: Authority, private: ssl.SSLContext, greeting: str
) -> None:
    with scripted_server(private, greeting=greeting) as server:
        assert isinstance(refused(server, authority), DeferredError)


def test_a_message_that_is_too_large_is_not_begun(
    authority: Authority, private: ssl.SSLContext
) -> None:
    ehlo = f"250-relay.example\r\n250-STARTTLS\r\n250 SIZE {len(MESSAGE) - 1}"
    with scripted_server(private, EHLO=ehlo) as server:
        error = refused(server, authority)

    assert isinstance(error, RejectedError)
    assert error.fault == Fault.TOO_LARGE.value
    assert "MAIL" not in in_clear(server)


def test_nobody_who_listens_is_asked_again(authority: Authority) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(DeferredError) as raised:
        courier_to(port, authority).deliver(ENVELOPE, MESSAGE)

    assert raised.value.fault == Fault.UNREACHABLE.value


def test_a_name_without_address_is_asked_again(authority: Authority) -> None:
    with pytest.raises(DeferredError) as raised:
        courier_to(25, authority, host="no-such-relay.invalid").deliver(ENVELOPE, MESSAGE)

    assert raised.value.fault == Fault.NOT_FOUND.value


def test_a_server_that_dribbles_is_left_when_its_whole_time_is_over(authority: Authority) -> None:
    listener = dribbling()
    patience = Patience(word=0.3, verdict=0.3, whole=0.8)
    begun = time.monotonic()
    with pytest.raises(DeferredError):
        courier_to(next(listener), authority, patience).deliver(ENVELOPE, MESSAGE)
    assert time.monotonic() - begun < 2
    listener.close()


def dribbling() -> Generator[int]:
    """Yield the port of a server that says one letter of its greeting each tenth of a second."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                while not over.wait(0.1):
                    try:
                        connection.sendall(b"2")
                    except OSError:
                        return

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        over.set()


def test_no_line_of_a_conversation_comes_from_an_address(
    authority: Authority, private: ssl.SSLContext
) -> None:
    envelope = replace(ENVELOPE, to="prevent@midshire.police.uk>\r\nRCPT TO:<x@evil.example")
    with scripted_server(private) as server, pytest.raises(RejectedError):
        courier_to(server.port, authority).deliver(envelope, MESSAGE)

    assert "RCPT" not in in_clear(server)


def test_every_fault_has_its_meaning_and_an_example() -> None:
    assert set(FAULTS) == set(Fault)
    assert all(meaning.when and meaning.example for meaning in FAULTS.values())
    assert {fault for fault, meaning in FAULTS.items() if not meaning.is_tried_again} == {
        Fault.REFUSED,
        Fault.TOO_LARGE,
        Fault.NO_ANSWER,
    }
