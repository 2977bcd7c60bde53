"""What the ledger committed to is opened to who is entitled, and anyone can check the opening."""

from dataclasses import replace
from pathlib import Path

import pytest
from brokers import NURSE, TEACHER
from ledgers import run_verifier
from referrals import APPROVED, DEPUTY, GUARDIAN, QUESTION, refer, submit

from audit.format.entry import Entry
from audit.log.serving.export import export
from broker.domain.errors import NothingToOpenError, UnknownReferenceError
from broker.domain.json_values import as_object
from broker.domain.model import Person
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.ledger.readings import Entrance
from broker.wiring import Services
from keys import KeyErasedError, PersonId

COLLEAGUE = replace(NURSE, id=PersonId("p-colleague"))


@pytest.fixture(name="reference")
def _reference(services: Services) -> Reference:
    """A disclosure that was referred, asked about, replied to, and approved."""
    reference = refer(services)
    services.referrals.ask(reference, GUARDIAN, QUESTION)
    services.disclosures.reply(reference, NURSE, "Her brother was there.")
    services.referrals.decide(reference, GUARDIAN, APPROVED)
    return reference


def checked(services: Services, opening: bytes, folder: Path) -> tuple[int, str]:
    kept = services.checkpoints.keep()
    with services.transaction.database.reading() as connection:
        log = services.transaction.on(connection).ledger
        export(log, [kept], services.checkpoints.store.key, folder / "export")
    (folder / "opening").write_bytes(opening)
    status, out, _ = run_verifier("verify", folder / "export", "--opening", folder / "opening")
    return status, out


LEAD = replace(GUARDIAN, id=PersonId("p-lead"), role=Role.LEAD)
AUDITOR = replace(GUARDIAN, id=PersonId("p-auditor"), role=Role.AUDITOR)
OPENED = [
    pytest.param(NURSE, "pack", "received", id="what was sent in"),
    pytest.param(NURSE, "facts/1", "decided", id="the facts"),
    pytest.param(NURSE, "decision/1", "decided", id="the decision"),
    pytest.param(NURSE, "release/1", "decided", id="what may go"),
    pytest.param(NURSE, "withheld/1", "decided", id="what stays"),
    pytest.param(NURSE, "findings/2", "decided", id="what was found"),
    pytest.param(GUARDIAN, "obligations/2", "decided", id="what it obliges to"),
    pytest.param(GUARDIAN, "unperformed/2", "decided", id="what nobody could keep"),
    pytest.param(NURSE, "question/1", "asked", id="what the Guardian asked"),
    pytest.param(NURSE, "reply/1", "replied", id="the reply"),
    pytest.param(GUARDIAN, "pack", "received", id="what was sent in, by a Guardian"),
    pytest.param(GUARDIAN, "review/2", "reviewed", id="the Guardian's reason"),
    pytest.param(LEAD, "findings/2", "decided", id="what was found, by the lead"),
    pytest.param(AUDITOR, "obligations/1", "decided", id="what it obliged to, by the auditor"),
]


@pytest.mark.parametrize(("person", "field", "entry_type"), OPENED)
def test_who_is_entitled_opens_what_the_ledger_committed_to(
    services: Services, reference: Reference, person: Person, field: str, entry_type: str
) -> None:
    opening = services.openings.open(reference, field, person, Entrance.API)

    with services.transaction() as tx:
        (entry,) = tx.ledger.entries(opening.entry, opening.entry + 1)
    opening.check(entry)
    assert (entry.type, entry.reference) == (entry_type, str(reference))


def test_anyone_can_check_an_opening(
    services: Services, reference: Reference, tmp_path: Path
) -> None:
    opening = services.openings.open(reference, "pack", NURSE, Entrance.API)

    status, out = checked(services, opening.to_bytes(), tmp_path)

    assert status == 0
    assert f"Entry {opening.entry} (received, {reference}, " in out


def test_an_opening_holds_what_was_said(services: Services, reference: Reference) -> None:
    opening = services.openings.open(reference, "reply/1", NURSE, Entrance.API)

    assert opening.value == {"by": NURSE.id, "text": "Her brother was there."}


def test_an_opening_that_was_changed_is_found(
    services: Services, reference: Reference, tmp_path: Path
) -> None:
    opening = services.openings.open(reference, "reply/1", NURSE, Entrance.API)
    changed = opening.to_bytes().replace(b"brother", b"sister")

    status, out = checked(services, changed, tmp_path)

    assert (status, out.partition(".")[0]) == (1, "FAULT FOUND")
    assert "Rule: commitment" in out


FIRST, FINAL = "My first opinion: too soon.", "My last word: the harm outweighs it."


@pytest.fixture(name="twice")
def _twice(services: Services) -> Reference:
    """A disclosure on which a Guardian whose word did not count wrote first, and then another."""
    reference = refer(services)
    first = replace(APPROVED, reason=FIRST, relation="relative")
    services.referrals.decide(reference, GUARDIAN, first)
    services.referrals.decide(reference, DEPUTY, replace(APPROVED, reason=FINAL))
    return reference


def reviews_of(services: Services, reference: Reference) -> list[Entry]:
    with services.transaction() as tx:
        about = tx.ledger.entries_about(str(reference))
        return [entry for entry in about if entry.type == "reviewed"]


def test_a_first_reason_is_opened_as_it_was_written_after_a_second_one(
    services: Services, twice: Reference
) -> None:
    reviews = reviews_of(services, twice)

    said = [
        services.openings.open_entry(entry, "reason_c", GUARDIAN, Entrance.API)
        for entry in reviews
    ]
    by_name = [services.openings.open(twice, one.field, GUARDIAN, Entrance.CLI) for one in said]

    assert [as_object(one.value)["reason"] for one in said] == [FIRST, FINAL]
    assert [one.entry for one in said] == [entry.seq for entry in reviews]
    assert [one.to_bytes() for one in by_name] == [one.to_bytes() for one in said]
    for opening, entry in zip(said, reviews, strict=True):
        opening.check(entry)


def test_a_second_reason_opens_no_commitment_of_the_first(
    services: Services, twice: Reference, tmp_path: Path
) -> None:
    first, final = reviews_of(services, twice)
    opening = services.openings.open_entry(final, "reason_c", GUARDIAN, Entrance.API)
    passed_off = replace(opening, entry=first.seq)

    status, out = checked(services, passed_off.to_bytes(), tmp_path)

    assert (status, out.partition(".")[0]) == (1, "FAULT FOUND")
    assert "Rule: commitment" in out


@pytest.mark.parametrize(
    ("person", "field", "refusal"),
    [
        pytest.param(COLLEAGUE, "pack", UnknownReferenceError, id="a colleague"),
        pytest.param(TEACHER, "pack", UnknownReferenceError, id="another agency"),
        pytest.param(
            replace(GUARDIAN, agency=TEACHER.agency),
            "pack",
            UnknownReferenceError,
            id="another agency's Guardian",
        ),
        pytest.param(LEAD, "pack", NothingToOpenError, id="what was sent in, by the lead"),
        pytest.param(AUDITOR, "reply/1", NothingToOpenError, id="the reply, by the auditor"),
        pytest.param(
            replace(AUDITOR, agency=TEACHER.agency),
            "findings/1",
            UnknownReferenceError,
            id="another agency's auditor",
        ),
        pytest.param(NURSE, "review/1", NothingToOpenError, id="the Guardian's own reason"),
        pytest.param(NURSE, "facts/9", NothingToOpenError, id="what there is not"),
        pytest.param(GUARDIAN, "attachment/1", NothingToOpenError, id="what is not committed to"),
        pytest.param(GUARDIAN, "passphrase", NothingToOpenError, id="the passphrase"),
    ],
)
def test_who_is_not_entitled_opens_nothing(
    services: Services,
    reference: Reference,
    person: Person,
    field: str,
    refusal: type[Exception],
) -> None:
    with pytest.raises(refusal):
        services.openings.open(reference, field, person, Entrance.API)


def test_who_asks_for_another_name_is_told_which_there_are(
    services: Services, reference: Reference
) -> None:
    with pytest.raises(NothingToOpenError) as caught:
        services.openings.open(reference, "packet", NURSE, Entrance.API)

    told = str(caught.value).partition("There is: ")[2]
    assert told == (
        "decision/1, decision/2, facts/1, facts/2, findings/1, findings/2, obligations/1, "
        "obligations/2, pack, question/1, recipient/1, recipient/2, release/1, release/2, "
        "reply/1, unperformed/1, unperformed/2, withheld/1, withheld/2."
    )


def test_what_was_erased_opens_no_more(services: Services) -> None:
    reference = submit(services, questions__agreement_to_share__status="refused")
    with services.transaction() as tx:
        case = tx.disclosure_for(reference, NURSE).case
    services.retention.erasures.erase(case, PersonId("p-admin"), "order")

    with pytest.raises(KeyErasedError):
        services.openings.open(reference, "pack", NURSE, Entrance.API)
