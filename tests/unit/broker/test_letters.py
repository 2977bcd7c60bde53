"""The mail around a sealed pack: the reference and nothing about anybody."""

import email
import email.policy
from email.message import EmailMessage

from brokers import NOON
from values import PREVENT, REFERENCE

from broker.delivery.message import Envelope, message_id_of, message_of

SEALED = b"%PDF-1.7 sealed \x00\xff\r\n.\r\n"
ENVELOPE = Envelope(
    reference=REFERENCE,
    message_id=message_id_of(REFERENCE, "0123456789abcdef", "broker@disclosure.invalid"),
    sender="broker@disclosure.invalid",
    to=PREVENT.address,
    at=NOON,
    envelope_id=f"{REFERENCE}.00",
)


def read(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_the_headers_bear_the_reference_and_the_parties_alone() -> None:
    headers = dict(read(message_of(ENVELOPE, SEALED)).items())

    del headers["Content-Type"]
    assert headers == {
        "From": "broker@disclosure.invalid",
        "To": "prevent@northshire-example.police.uk",
        "Subject": "Document PRV-7Q4K-M2XH",
        "Date": "Mon, 16 Mar 2026 12:00:00 +0000",
        "Message-ID": "<prv-7q4k-m2xh.0123456789abcdef@disclosure.invalid>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
    }


def test_the_sealed_document_comes_out_as_it_went_in() -> None:
    (attached,) = read(message_of(ENVELOPE, SEALED)).iter_attachments()

    assert attached.get_content_type() == "application/pdf"
    assert attached.get_filename() == "document-PRV-7Q4K-M2XH.pdf"
    assert attached.get_payload(decode=True) == SEALED


def test_the_body_says_what_to_do_next_and_holds_no_passphrase() -> None:
    body = read(message_of(ENVELOPE, SEALED)).get_body()

    assert body is not None
    text = body.get_content()
    assert "PRV-7Q4K-M2XH" in text
    assert "It never comes by mail." in text
    assert "ring 999" in text


def test_every_attempt_sends_the_same_bytes() -> None:
    assert message_of(ENVELOPE, SEALED) == message_of(ENVELOPE, SEALED)


def test_lines_end_as_mail_does_and_are_short_enough_for_it() -> None:
    lines = message_of(ENVELOPE, SEALED).split(b"\r\n")

    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    assert max(map(len, lines)) <= 998


def test_a_message_id_is_in_small_letters_under_the_senders_host() -> None:
    made = message_id_of(REFERENCE, "TOKEN", "Broker@Disclosure.Invalid")

    assert made == "<prv-7q4k-m2xh.token@disclosure.invalid>"
