"""What the tree before the wings left behind still opens: a home, an export, its rulebook."""

import subprocess
import sys
import tarfile
from collections.abc import Generator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from brokers import Clock, settings_for
from referrals import APPROVED

from broker.disclosures import views
from broker.domain.errors import RulesUnavailableError, WrongStateError
from broker.domain.model import Person
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.states import State
from broker.ledger import events
from broker.ledger.readings import Entrance
from broker.operations.installation import begin, initialise
from broker.registers.sealing import RowSealing
from broker.rulebooks.lifecycle import Replayed
from broker.storage.case_file import Part, passphrase_of
from broker.wiring import Services
from keys import AgencyId, CannotOpenError, PersonId, UnknownKeyError
from policies import Rulebook

LEFT = Path(__file__).parents[1] / "fixtures" / "before_the_wings"
NURSE = Person(id=PersonId("p-nurse"), agency=AgencyId("northshire-trust"), role=Role.PRACTITIONER)
GUARDIAN = Person(id=PersonId("p-guardian"), agency=NURSE.agency, role=Role.GUARDIAN)
OFFICERS = (replace(GUARDIAN, id=PersonId("p-one")), replace(GUARDIAN, id=PersonId("p-two")))
NOT_LONG_AFTER = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


def unpacked(name: str, into: Path) -> Path:
    with tarfile.open(LEFT / f"{name}.tar.gz") as archive:
        archive.extractall(into, filter="data")
    return into / name


@pytest.fixture(name="earlier")
def _earlier(tmp_path: Path) -> Generator[Services]:
    home = unpacked("home", tmp_path)
    (home / "keystore").chmod(0o700)
    settings = settings_for(home, f"sqlite:///{home / 'broker.db'}")
    services = initialise(settings, clock=Clock(NOT_LONG_AFTER))
    begin(services)
    yield services
    services.close()


def sealed(services: Services) -> Services:
    """Let the entries of its directory count, as two people saw them."""
    sealing = RowSealing(transaction=services.transaction)
    sealing.seal(sealing.waiting(), *OFFICERS)
    return services


def sent_by(services: Services, person: Person) -> tuple[Reference, ...]:
    with services.transaction() as tx:
        found = tx.store.disclosures_of(person.agency, limit=100)
    return tuple(
        disclosure.reference
        for disclosure in found
        if disclosure.requester == person.id and disclosure.state is State.SENT
    )


def test_its_home_opens_and_its_ledger_grows_on(earlier: Services) -> None:
    before = max(one.checkpoint.size for one in earlier.checkpoints.store.all())

    kept = earlier.checkpoints.keep()

    # Its 21 entries, and one for each disclosure that became the only one of its case.
    assert kept.checkpoint.size > before == 21 + 5


def test_a_decision_of_its_engine_is_read_in_its_own_words(earlier: Services) -> None:
    reference = sent_by(earlier, NURSE)[0]

    view = views.view_of(earlier.disclosures, earlier.receipts, reference, NURSE).document()

    assert view["state"] == "sent"
    said = {duty["type"]: duty["say"] for duty in view["duties"]}  # type: ignore[attr-defined]
    assert said["confirm-receipt"] != "confirm-receipt"


def test_its_words_are_told_and_its_opening_is_recorded(earlier: Services) -> None:
    reference = sent_by(earlier, NURSE)[0]

    handover = sealed(earlier).disclosures.hand_over(reference, NURSE, None)
    earlier.disclosures.acknowledge(reference, NURSE)

    assert len(handover.passphrase.split("-")) == 6


def test_words_that_its_release_sealed_by_the_key_of_the_case_get_one_of_their_own(
    earlier: Services,
) -> None:
    reference = sent_by(earlier, NURSE)[0]
    with earlier.transaction() as tx:
        disclosure = tx.store.disclosure(reference)
        held = tx.fields.find(disclosure, Part.PASSPHRASE)
        words = tx.case_file(disclosure).passphrase()
    assert held is not None
    version, before = held

    assert version == 2
    assert words is not None
    assert len(words.split("-")) == 6
    assert passphrase_of(disclosure) in earlier.keystore.fields()
    assert not earlier.keystore.standing().fields_owed
    with earlier.transaction() as tx:
        tx.case_file(disclosure).destroy_passphrase()
    with earlier.transaction() as tx:
        tx.fields.put(disclosure, Part.PASSPHRASE, version, before)
        with pytest.raises(CannotOpenError):
            tx.case_file(disclosure).passphrase()


def test_words_that_were_over_before_the_upgrade_are_given_no_key(tmp_path: Path) -> None:
    home = unpacked("home", tmp_path)
    (home / "keystore").chmod(0o700)
    services = initialise(
        settings_for(home, f"sqlite:///{home / 'broker.db'}"), clock=Clock(NOT_LONG_AFTER)
    )
    reference = sent_by(services, NURSE)[0]
    with services.transaction() as tx:
        disclosure = tx.store.disclosure(reference)
        held = tx.fields.find(disclosure, Part.PASSPHRASE)
        assert held is not None
        tx.append(events.recalled(disclosure, NURSE, None))
    begin(services)

    with services.transaction() as tx, pytest.raises(UnknownKeyError):
        tx.case_file(disclosure).passphrase()
    services.close()


def test_nothing_new_is_judged_by_its_rules(earlier: Services) -> None:
    with pytest.raises(RulesUnavailableError, match="another engine"):
        earlier.rulebooks.in_force()


def test_what_its_engine_judged_is_counted_and_not_judged_again(earlier: Services) -> None:
    first, second = OFFICERS
    before = dict(earlier.rulebooks.replay())
    shipped = Rulebook.shipped()

    earlier.rulebooks.activate(shipped, first, second)

    assert before
    assert set(before.values()) == {Replayed.EARLIER_ENGINE}
    assert dict(earlier.rulebooks.replay()) == before
    assert list(earlier.rulebooks.impact(shipped, shipped)) == []


def test_what_it_referred_is_read_and_must_be_submitted_anew_to_be_decided(
    earlier: Services,
) -> None:
    first, second = OFFICERS
    earlier.rulebooks.activate(Rulebook.shipped(), first, second)
    (waiting,) = earlier.referrals.waiting(GUARDIAN)

    referral = sealed(earlier).referrals.show(waiting.reference, GUARDIAN, Entrance.API)

    assert referral.pack.form
    assert referral.approved is None
    with pytest.raises(WrongStateError, match="in an earlier form"):
        earlier.referrals.decide(waiting.reference, GUARDIAN, APPROVED)


def test_its_export_is_verified_by_the_offline_verifier(tmp_path: Path) -> None:
    export = unpacked("export", tmp_path)

    verified = subprocess.run(
        [sys.executable, "-m", "audit", "verify", str(export)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert (verified.returncode, verified.stderr) == (0, "")
    assert "21 entries" in verified.stdout
