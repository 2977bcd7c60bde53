"""What ended is sent again: a new disclosure of the same case, judged by what holds today."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from brokers import CALL, KEEPER_OF_KEYS, NURSE, TEACHER, Clock, a_submission
from callers import a_caller
from command_callers import run
from referrals import assert_ledger_verifies
from scripted_couriers import dispatched

from broker.disclosures.standing_still.sending_anew import WouldGo
from broker.disclosures.views import view_of
from broker.domain.breaches.record import Cause
from broker.domain.errors import (
    ChangedMeanwhileError,
    NotAllowedError,
    RejectedError,
    UnknownReferenceError,
    WrongStateError,
)
from broker.domain.json_values import as_object
from broker.domain.model import AttachmentNote, Disclosure, MailboxId
from broker.domain.references import Reference
from broker.domain.states import State
from broker.intake.submissions import submission_of
from broker.ledger.readings import Entrance
from broker.packs.opening import open_sealed
from broker.registers.directory import Entries
from broker.wiring import Services
from keys import KeyErasedError, PersonId

WHY = "Their new mailbox takes it now, they said on the telephone."
KEEPER = PersonId("p-first-keeper")


def sent(services: Services, **changes: Any) -> Reference:
    return services.disclosures.submit(a_submission(services, **changes), NURSE)


def refused_by_their_server(services: Services, clock: Clock) -> Reference:
    reference = sent(services)
    dispatched(services, RejectedError("x", "refused", 550))
    clock.forward(timedelta(days=2))
    return reference


def expired(services: Services, clock: Clock) -> Reference:
    reference = sent(services)
    dispatched(services)
    clock.forward(timedelta(days=15))
    services.retention.erasures.passphrases.destroy_expired()
    return reference


def recalled(services: Services, clock: Clock) -> Reference:
    reference = sent(services)
    dispatched(services)
    clock.forward(timedelta(hours=1))
    services.afterwards.recalling.recall(reference, NURSE)
    return reference


ENDS = pytest.mark.parametrize("end", [refused_by_their_server, expired, recalled])


def look(services: Services, first: Reference) -> WouldGo:
    return services.deliveries.anew.look(first, NURSE, Entrance.API)


def again(services: Services, first: Reference, seen: str | None = None) -> Disclosure:
    would = seen or look(services, first).seen
    return services.deliveries.anew.send(first, NURSE, WHY, would)


def about(services: Services, reference: Reference) -> list[str]:
    with services.transaction() as tx:
        return [entry.type for entry in tx.about(reference)]


def state_of(services: Services, reference: Reference) -> State:
    with services.transaction() as tx:
        return tx.disclosure(reference).state


@ENDS
def test_what_ended_goes_again_as_a_new_disclosure_of_the_case_and_the_ledger_names_both(
    sqlite_broker: Services, clock: Clock, end: Callable[[Services, Clock], Reference]
) -> None:
    first = end(sqlite_broker, clock)

    after = again(sqlite_broker, first)

    assert after.reference != first
    with sqlite_broker.transaction() as tx:
        before = tx.disclosure(first)
        packs = [tx.case_file(one).pack() for one in (before, tx.disclosure(after.reference))]
        (renewed,) = [one for one in tx.about(first) if one.type == "disclosure.renewed"]
    assert (after.case, after.state) == (before.case, State.DECIDED)
    assert (packs[0].form, packs[0].questions) == (packs[1].form, packs[1].questions)
    assert renewed.event["disclosure"] == str(after.reference)
    assert "why_c" in renewed.event
    assert about(sqlite_broker, after.reference)[:2] == ["received", "decided"]
    # Nothing of the first goes any more, or it could come twice.
    assert state_of(sqlite_broker, first) is State.RECALLED
    ((_, message),) = dispatched(sqlite_broker).taken
    assert str(after.reference).encode() in message
    words = sqlite_broker.disclosures.hand_over(after.reference, NURSE, None).passphrase
    with sqlite_broker.transaction() as tx:
        sealed = tx.case_file(tx.disclosure(after.reference)).sealed()
    assert sealed is not None
    assert open_sealed(sealed, words).pdf.startswith(b"%PDF")
    assert_ledger_verifies(sqlite_broker)


def test_a_look_shows_whom_and_what_and_is_a_reading_that_changes_nothing(
    sqlite_broker: Services, clock: Clock
) -> None:
    first = recalled(sqlite_broker, clock)

    shown = look(sqlite_broker, first).document()

    assert shown["contact"] == {
        "mailbox": "northshire-prevent",
        "title": "Prevent team",
        "organisation": "Northshire Example Police",
        "address": "prevent@northshire-example.police.uk",
        "telephone": "01632 960 001",
    }
    assert as_object(shown["what"])["outcome"] == "permit-with-obligations"
    assert about(sqlite_broker, first)[-1] == "read"
    assert len(sqlite_broker.disclosures.own(NURSE)) == 1


def test_it_goes_to_the_contact_of_today_and_not_to_another_than_was_shown(
    sqlite_broker: Services, clock: Clock
) -> None:
    first = refused_by_their_server(sqlite_broker, clock)
    old = look(sqlite_broker, first).seen
    with sqlite_broker.transaction() as tx:
        mailbox = tx.directory.mailbox(MailboxId("northshire-prevent"))
    moved(sqlite_broker, mailbox.id, "prevent-team@northshire-example.police.uk")

    with pytest.raises(ChangedMeanwhileError):
        again(sqlite_broker, first, old)
    assert len(sqlite_broker.disclosures.own(NURSE)) == 1
    again(sqlite_broker, first)

    ((envelope, _),) = dispatched(sqlite_broker).taken
    assert envelope.to == "prevent-team@northshire-example.police.uk"


def moved(services: Services, mailbox: MailboxId, address: str) -> None:
    """Enter another address of a contact, and ring there."""
    entries = services.directory.entries()
    agencies = tuple(one for one in entries.agencies if one.id == "northshire-police")
    theirs = tuple(replace(one, address=address) for one in entries.mailboxes if one.id == mailbox)
    services.directory.change(
        Entries(agencies=agencies, mailboxes=theirs), services.rulebooks.in_force(), KEEPER
    )
    # The number that was confirmed before, not the one that came with the change.
    call = replace(CALL, number=theirs[0].telephone)
    services.directory.verify(mailbox, call, PersonId("p-second-keeper"))


def test_it_is_judged_by_what_holds_today(sqlite_broker: Services, clock: Clock) -> None:
    first = recalled(sqlite_broker, clock)
    clock.forward(timedelta(days=800))  # what they agreed to, and the call-back, are long over

    shown = look(sqlite_broker, first).document()
    after = again(sqlite_broker, first)

    assert as_object(shown["what"])["outcome"] == "refuse"
    assert after.state is State.REFUSED
    # Nothing went, so it may be tried again once what it says would be lawful holds.
    assert look(sqlite_broker, first).seen
    assert dispatched(sqlite_broker).taken == []


def test_files_go_again_through_the_gate(sqlite_broker: Services) -> None:
    note = {"name": "log.txt", "carries": ["concerns.description"], "why": "It is the log."}
    read = a_submission(sqlite_broker).pack
    pack = replace(read, attachments=(AttachmentNote.of_document(note),))
    submission = submission_of(
        pack,
        {"log.txt": b"Seen on Monday.\n"},
        "key-with-file",
        sqlite_broker.idempotency,
        sqlite_broker.sandbox.inspect,
    )
    first = sqlite_broker.disclosures.submit(submission, NURSE)
    sqlite_broker.afterwards.recalling.recall(first, NURSE)

    after = again(sqlite_broker, first)

    with sqlite_broker.transaction() as tx:
        file = tx.case_file(tx.disclosure(after.reference))
        assert file.get("attachment/1") == b"Seen on Monday.\n"


def test_it_is_sent_again_once(sqlite_broker: Services, clock: Clock) -> None:
    first = recalled(sqlite_broker, clock)
    seen = look(sqlite_broker, first).seen
    after = again(sqlite_broker, first, seen)

    for attempt in (lambda: again(sqlite_broker, first, seen), lambda: look(sqlite_broker, first)):
        with pytest.raises(WrongStateError, match=str(after.reference)):
            attempt()
    assert len(sqlite_broker.disclosures.own(NURSE)) == 2
    shown = view_of(sqlite_broker.disclosures, sqlite_broker.receipts, first, NURSE)
    assert shown.document()["sent_again_as"] == str(after.reference)


def test_what_went_wrong_is_not_sent_again(sqlite_broker: Services) -> None:
    first = sent(sqlite_broker)
    dispatched(sqlite_broker)
    sqlite_broker.afterwards.recalling.recall(
        first, NURSE, "It was the wrong team.", Cause.WRONG_RECIPIENT
    )

    with pytest.raises(NotAllowedError, match="Write a new referral"):
        look(sqlite_broker, first)


def test_only_what_ended_and_whose_words_stand_is_sent_again_and_by_its_members(
    sqlite_broker: Services,
) -> None:
    first = sent(sqlite_broker)
    with pytest.raises(WrongStateError, match="Only what has ended is sent again"):
        look(sqlite_broker, first)
    sqlite_broker.afterwards.recalling.recall(first, NURSE)
    seen = look(sqlite_broker, first).seen
    with pytest.raises(NotAllowedError):
        sqlite_broker.deliveries.anew.send(first, NURSE, "ok", seen)
    with pytest.raises(UnknownReferenceError):
        sqlite_broker.deliveries.anew.look(first, TEACHER, Entrance.API)
    erased(sqlite_broker, first)
    with pytest.raises(KeyErasedError):
        again(sqlite_broker, first, seen)


def erased(services: Services, reference: Reference) -> None:
    with services.transaction() as tx:
        case = tx.disclosure(reference).case
    assert services.retention.erasures.erase(case, KEEPER_OF_KEYS.id, "request")


def test_a_machine_looks_and_sends_what_it_saw(sqlite_broker: Services, clock: Clock) -> None:
    first, caller = recalled(sqlite_broker, clock), a_caller(sqlite_broker, NURSE)
    address = f"/api/v1/disclosures/{first}/anew"

    shown = json.loads(caller.post(address, {"preview": True}).data)
    unseen = json.loads(caller.post(address, {"reason": WHY}).data)
    other = caller.post(address, {"reason": WHY, "seen": "0" * 32})
    made = json.loads(caller.post(address, {"reason": WHY, "seen": shown["seen"]}).data)

    assert (shown["kept"], shown["first"]) == (False, str(first))
    assert [fault["place"] for fault in unseen["faults"]] == ["seen"]
    assert other.status_code == 409
    assert made["state"] == "decided"
    told = json.loads(caller.get(f"/api/v1/disclosures/{first}").data)
    assert (told["state"], told["sent_again_as"]) == ("recalled", made["reference"])


def test_at_the_command_line_it_is_shown_before_it_goes(
    sqlite_broker: Services, clock: Clock, tmp_path: Path
) -> None:
    clock.now = datetime.now(UTC)  # a command reads the clock of the machine
    first, why = sent(sqlite_broker), tmp_path / "why.txt"
    sqlite_broker.afterwards.recalling.recall(first, NURSE)
    why.write_text(WHY)
    words = ("anew", str(first), "--reason-file", str(why))

    status, _, wrong = run(sqlite_broker, NURSE, *words)
    assert (status, "there is nobody to ask" in wrong) == (2, True)
    status, looked, _ = run(sqlite_broker, NURSE, "anew", str(first), "--try")
    assert (status, len(sqlite_broker.disclosures.own(NURSE))) == (0, 1)
    status, said, _ = run(sqlite_broker, NURSE, *words, "--yes")

    assert status == 0
    for shown in ("Prevent team, Northshire Example Police", "prevent@northshire-example.police"):
        assert (shown in looked, shown in said) == (True, True)
    (newest, *_) = sqlite_broker.disclosures.own(NURSE)
    assert f"Document {newest.reference}" in said
