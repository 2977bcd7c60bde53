"""A contact gets documents as it takes them: the form that it asked for, within its size."""

import email
import email.policy
import io
from dataclasses import replace
from http import HTTPStatus

import pikepdf
import pytest
from brokers import NURSE, Clock, a_submission, read_here
from packs import with_attachment
from referrals import assert_ledger_verifies, submit
from visits import Visit, signed_in

from broker.disclosures.views import view_of
from broker.domain.directory.profiles import PLAIN, RecipientProfile, SealedAs
from broker.domain.errors import UnknownMailboxError
from broker.domain.json_values import as_array, as_object
from broker.domain.model import MailboxId, Person
from broker.domain.roles import Role
from broker.domain.states import State
from broker.intake.submissions import submission_of
from broker.packs.attachments import PackTooLargeError
from broker.packs.sealing import Finding, check
from broker.registers.recipient_profiles import UnfitSizeError
from broker.wiring import Services
from keys import PersonId

CONTACT = MailboxId("northshire-prevent")
KEEPER = Person(id=PersonId("p-keeper"), agency=NURSE.agency, role=Role.KEEPER)


def attached(services: Services) -> tuple[str, str, bytes, str]:
    """Name, media type and bytes of what the newest message carries, and its words."""
    path = max(services.home.pickup.glob("*.eml"), key=lambda one: one.stat().st_mtime_ns)
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    (found,) = message.iter_attachments()
    body = message.get_body()
    assert body is not None
    name = found.get_filename()
    assert name is not None
    return name, found.get_content_type(), found.get_content(), body.get_content()


@pytest.mark.parametrize(
    ("form", "ending", "words", "opens_in"),
    [
        (SealedAs.WORD, "docx", 6, "It opens in Microsoft Word."),
        (SealedAs.ZIP, "zip", 7, "7-Zip or WinZip"),
    ],
)
def test_a_document_goes_sealed_as_its_recipient_takes_it(
    sqlite_broker: Services, form: SealedAs, ending: str, words: int, opens_in: str
) -> None:
    services = sqlite_broker
    services.keeping.profiles.set(CONTACT, RecipientProfile(sealed_as=form), KEEPER.id)
    letter = services.trying.send(CONTACT, KEEPER)
    assert attached(services)[0] == f"document-{letter.trial.reference}.{ending}"
    reference = submit(services)

    services.dispatcher.dispatch()

    name, media_type, content, body = attached(services)
    assert name == f"document-{reference}.{ending}"
    assert media_type != "application/pdf"
    assert opens_in in body
    told = services.disclosures.hand_over(reference, NURSE, None).passphrase
    assert len(told.split("-")) == words
    checked = check(content, told)
    assert (checked.finding, checked.reference) == (Finding.WHOLE_INSIDE, str(reference))
    with services.transaction() as tx:
        assert tx.disclosure(reference).state is State.TOLD
        assert tx.case_file(tx.disclosure(reference)).sealed() == content
    assert services.log.differences() == ()
    assert_ledger_verifies(services)


def test_a_mailbox_that_takes_little_gets_no_more_than_it_takes(sqlite_broker: Services) -> None:
    services = sqlite_broker
    profile = RecipientProfile(most_megabytes=2)
    services.keeping.profiles.set(CONTACT, profile, KEEPER.id)
    submission = a_submission(services, "key-00000002")
    form = {**submission.pack.form, "concerns.description": "words " * 15_000}
    large = replace(submission, pack=replace(submission.pack, form=form))

    with pytest.raises(PackTooLargeError, match="takes messages of 2 MB"):
        services.disclosures.submit(large, NURSE)

    reference = submit(services)
    services.dispatcher.dispatch()
    assert len(attached(services)[2]) < (profile.most_bytes or 0)
    with services.transaction() as tx:
        assert tx.disclosure(reference).state is State.SENT


@pytest.mark.parametrize("taken", [True, False])
def test_a_file_goes_as_it_was_sent_where_that_is_asked_and_taken(
    sqlite_broker: Services,
    taken: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    services = sqlite_broker
    services.keeping.profiles.set(CONTACT, RecipientProfile(takes_originals=taken), KEEPER.id)
    sent = "The note, in an old program’s letters.".encode("cp1252")
    (note,) = with_attachment("note.txt", "concerns.description")
    pack = read_here(services, attachments=[{**note, "original": "yes"}])
    submission = submission_of(
        pack, {"note.txt": sent}, "key-00000002", services.idempotency, services.sandbox.inspect
    )
    reference = services.disclosures.submit(submission, NURSE)

    services.dispatcher.dispatch()

    told = services.disclosures.hand_over(reference, NURSE, None).passphrase
    with pikepdf.open(io.BytesIO(attached(services)[2]), password=told) as document:
        went = document.attachments["01-attachment.txt"].get_file().read_bytes()
    assert (went == sent) is taken
    assert went.decode("cp1252" if taken else "utf-8").startswith("The note")
    view = view_of(services.disclosures, services.receipts, reference, NURSE).document()
    (told_of,) = as_array(view["attachments"])
    said = [as_object(one) for one in as_array(as_object(told_of)["remarks"])]
    assert said[-1]["code"] == "as-sent"
    assert ("goes along as it was sent" in str(said[-1]["say"])) is taken
    assert_ledger_verifies(services)


def test_a_profile_is_of_a_contact_and_within_what_mailboxes_take(sqlite_broker: Services) -> None:
    profiles = sqlite_broker.keeping.profiles
    assert profiles.of(CONTACT) == PLAIN
    for megabytes in (1, 26):
        with pytest.raises(UnfitSizeError, match="from 2 to 25"):
            profiles.set(CONTACT, RecipientProfile(most_megabytes=megabytes), KEEPER.id)
    with pytest.raises(UnknownMailboxError):
        profiles.set(MailboxId("nobody"), PLAIN, KEEPER.id)


@pytest.fixture(name="keeper")
def _keeper(sqlite_broker: Services, clock: Clock) -> Visit:
    return signed_in(sqlite_broker, clock, Role.KEEPER)


def test_a_keeper_enters_it_on_the_contacts_page(keeper: Visit, sqlite_broker: Services) -> None:
    path = f"/directory/contacts/{CONTACT}"
    assert "A locked PDF" in keeper.get(path).text
    for most in ("1", "twelve", "99999999999"):
        refused = keeper.send(f"{path}/profile", sealed_as="zip", most_megabytes=most)
        assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    refused = keeper.send(f"{path}/profile", sealed_as="rar")
    assert "Select as what documents go there" in refused.text

    saved = keeper.send(
        f"{path}/profile", sealed_as="word", most_megabytes="10", takes_originals="yes"
    )

    assert saved.status_code == HTTPStatus.SEE_OTHER
    assert "A message may have 10 MB" in keeper.get(path).text
    assert 'value="word" checked' in keeper.get(f"{path}/profile").text
    found = sqlite_broker.keeping.profiles.of(CONTACT)
    assert (found.sealed_as, found.most_megabytes) == (SealedAs.WORD, 10)
    assert found.takes_originals
    assert "Files as they were sent" in keeper.get(path).text
