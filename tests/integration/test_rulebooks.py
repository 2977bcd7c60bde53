"""Rules over time: replay, rehearsal and activation, on both databases."""

import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from brokers import NOON, NURSE, Clock, a_submission
from referrals import WEIGHED
from sqlalchemy import update

import policies
from broker.domain.errors import (
    NotAllowedError,
    RowDisagreesError,
    RulesFolderError,
    RulesUnavailableError,
    WrongStateError,
)
from broker.domain.model import Person
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.guardian.answer import Answer
from broker.ledger.events import Event
from broker.rulebooks.lifecycle import Replayed
from broker.rulebooks.nhs_domains import rules_with_accredited_hosts
from broker.storage import tables
from broker.storage.transaction import Transaction
from broker.wiring import Services
from keys import PersonId
from policies import Move, RegisterError, Rulebook, RulebookError, mail_verdict

GUARDIAN = Person(id=PersonId("p-guardian"), agency=NURSE.agency, role=Role.GUARDIAN)
OFFICER = Person(id=PersonId("p-officer"), agency=NURSE.agency, role=Role.OPERATOR)
SHIPPED = Path(policies.__file__).parent / "rulebook"


def submitted(services: Services, number: int = 1, **changes: Any) -> Reference:
    submission = a_submission(services, f"key-{number:08}", **changes)
    return services.disclosures.submit(submission, NURSE)


def changed_rules(folder: Path, card: str, old: str, new: str) -> Rulebook:
    """Return the shipped rules with one card changed."""
    shutil.copytree(SHIPPED, folder)
    (path,) = (
        path
        for path in (folder / "rules").glob(f"{card}-*.toml")
        if not path.name.endswith(".cases.toml")
    )
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return Rulebook.read(folder)


@pytest.fixture(name="reworded")
def _reworded(tmp_path: Path) -> Rulebook:
    return changed_rules(tmp_path / "reworded", "R05", "how they look", "how they seem")


def test_every_recorded_decision_comes_out_the_same(services: Services) -> None:
    permitted = submitted(services)
    referred = submitted(
        services,
        2,
        questions__agreement_to_share__status="refused",
        questions__concern__harm="serious",
        questions__public_interest__reason="Others would come to serious harm.",
    )
    held = submitted(services, 3, questions__material__third_parties="yes")
    approved = Answer(
        verdict="approve",
        public_interest=WEIGHED,
        reason="Harm outweighs.",
        relation="independent",
        principles=frozenset({7}),
    )
    services.referrals.decide(referred, GUARDIAN, approved)

    results = dict(services.rulebooks.replay())

    assert results == {
        f"{permitted}/1": Replayed.SAME,
        f"{referred}/1": Replayed.SAME,
        f"{referred}/2": Replayed.SAME,
        f"{held}/1": Replayed.SAME,
    }


def test_an_erased_case_answers_erased(services: Services) -> None:
    reference = submitted(services)
    with services.transaction() as tx:
        case = tx.store.disclosure(reference).case
    services.keystore.erase_case(case, services.clock())

    assert dict(services.rulebooks.replay()) == {f"{reference}/1": Replayed.ERASED}
    assert (
        list(
            services.rulebooks.impact(services.rulebooks.in_force(), services.rulebooks.in_force())
        )
        == []
    )


def test_a_recorded_answer_that_was_not_the_rules_is_found(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("broker.domain.judgement.unkept", lambda *_: {"seal": "Never."})
        reference = submitted(services)

    assert dict(services.rulebooks.replay()) == {f"{reference}/1": Replayed.DIFFERENT}


def test_other_words_change_nothing_and_two_people_activate_them(
    services: Services, reworded: Rulebook
) -> None:
    reference = submitted(services, questions__concern__basis=["lawful-belief"])

    (change,) = services.rulebooks.impact(services.rulebooks.in_force(), reworded)
    services.rulebooks.activate(reworded, GUARDIAN, OFFICER)

    assert (change.id, change.move) == (f"{reference}/1", Move.WORDING_ONLY)
    assert services.rulebooks.in_force().version == reworded.version
    with services.transaction() as tx:
        *_, newest = (entry.event for entry in tx.ledger.entries())
    assert (newest["type"], newest["rulebook"]) == ("policy.activate", reworded.version)
    assert newest["by"] == GUARDIAN.id


def test_rules_with_a_duty_that_the_ledger_cannot_record_are_not_put_in_force(
    services: Services, tmp_path: Path
) -> None:
    folder = tmp_path / "rules-of-our-own"
    shutil.copytree(SHIPPED, folder)
    for path in folder.rglob("*.toml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("label-opinion", "mark-opinion"), encoding="utf-8")
    before = services.rulebooks.in_force().version

    with pytest.raises(RulebookError, match="cannot record 'mark-opinion'"):
        services.rulebooks.activate(Rulebook.read(folder), GUARDIAN, OFFICER)

    assert services.rulebooks.in_force().version == before


def test_the_next_submission_is_judged_by_the_rules_in_force(
    services: Services, reworded: Rulebook
) -> None:
    before = submitted(services)
    services.rulebooks.activate(reworded, GUARDIAN, OFFICER)
    after = submitted(services, 2)

    with services.transaction() as tx:
        versions = [tx.store.disclosure(one).rulebook for one in (before, after)]
    assert versions == [Rulebook.shipped().version, reworded.version]
    assert set(dict(services.rulebooks.replay()).values()) == {Replayed.SAME}


def test_rules_that_loosen_need_two_people(services: Services, tmp_path: Path) -> None:
    submitted(services, questions__necessity__less_would_do="yes")
    looser = changed_rules(
        tmp_path / "looser", "R07", "less would do is yes", "less would do is unknown"
    )

    for second in (None, GUARDIAN):
        with pytest.raises(NotAllowedError, match="second person"):
            services.rulebooks.activate(looser, GUARDIAN, second)
    assert services.rulebooks.in_force().version == Rulebook.shipped().version

    activation = services.rulebooks.activate(looser, GUARDIAN, OFFICER)
    assert (activation.first, activation.second) == (GUARDIAN.id, OFFICER.id)
    assert services.rulebooks.in_force().version == looser.version


def test_what_belongs_to_an_activation_is_done_with_it_or_neither_is(
    services: Services, reworded: Rulebook
) -> None:
    def taken_by_another(_: Transaction) -> Iterable[Event]:
        raise WrongStateError("This proposal does not wait any more.")

    with pytest.raises(WrongStateError):
        services.rulebooks.activate(reworded, GUARDIAN, OFFICER, settling=taken_by_another)

    assert services.rulebooks.in_force().version == Rulebook.shipped().version


def test_whatever_rules_change_one_of_the_two_is_a_guardian(
    services: Services, reworded: Rulebook
) -> None:
    submitted(services)
    other = replace(OFFICER, id=PersonId("p-other"))

    with pytest.raises(NotAllowedError, match="second person"):
        services.rulebooks.activate(reworded, GUARDIAN, None)
    with pytest.raises(NotAllowedError, match="One of the two is a Guardian"):
        services.rulebooks.activate(reworded, OFFICER, other)
    assert services.rulebooks.in_force().version == Rulebook.shipped().version


def test_going_back_is_an_activation_too(services: Services, reworded: Rulebook) -> None:
    submitted(services)
    services.rulebooks.activate(reworded, GUARDIAN, OFFICER)

    with pytest.raises(NotAllowedError, match="second person"):
        services.rulebooks.activate(Rulebook.shipped(), GUARDIAN, None)
    services.rulebooks.activate(Rulebook.shipped(), OFFICER, GUARDIAN)

    assert services.rulebooks.in_force().version == Rulebook.shipped().version


def test_rules_that_expired_judge_nothing_and_the_ledger_says_so(
    services: Services, reworded: Rulebook, clock: Clock
) -> None:
    submitted(services)
    last_day = NOON.date()
    services.rulebooks.activate(reworded, GUARDIAN, OFFICER, until=last_day)
    assert services.rulebooks.in_force().version == reworded.version
    assert services.rulebooks.record_expiry() is False

    clock.forward(timedelta(days=1))

    with pytest.raises(RulesUnavailableError, match="expired on 2026-03-16"):
        submitted(services, 2)
    assert (services.rulebooks.record_expiry(), services.rulebooks.record_expiry()) == (
        True,
        False,
    )
    with services.transaction() as tx:
        *_, newest = (entry.event for entry in tx.ledger.entries())
    assert (newest["type"], newest["until"]) == ("policy.expire", "2026-03-16")


def test_the_accredited_list_becomes_rules_like_any_others(
    services: Services, tmp_path: Path
) -> None:
    lines = ["name,domain", "A Trust,a-trust.nhs.uk", "B Trust,B-TRUST.nhs.uk"]

    hosts = rules_with_accredited_hosts(lines, NOON.date(), tmp_path / "rules")

    rules = Rulebook.read(tmp_path / "rules")
    assert hosts == ("a-trust.nhs.uk", "b-trust.nhs.uk")
    assert mail_verdict("x@a-trust.nhs.uk", services.rulebooks.in_force().mail).verdict == "seal"
    assert mail_verdict("x@a-trust.nhs.uk", rules.mail).verdict == "secure"
    assert mail_verdict("x@sub.a-trust.nhs.uk", rules.mail).verdict == "seal"


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        pytest.param(["name", "A Trust"], "column named", id="no such column"),
        pytest.param(["domain", "not a host"], "names no host", id="no host"),
        pytest.param(["domain", "a.gsi.gov.uk"], "closed domain", id="retired"),
    ],
)
def test_a_list_that_cannot_be_trusted_writes_nothing(
    tmp_path: Path, lines: list[str], problem: str
) -> None:
    with pytest.raises(RegisterError, match=problem):
        rules_with_accredited_hosts(lines, NOON.date(), tmp_path / "rules")

    assert list(tmp_path.iterdir()) == []


def test_rules_are_not_written_over_others(tmp_path: Path) -> None:
    with pytest.raises(RulesFolderError):
        rules_with_accredited_hosts(["domain"], NOON.date(), tmp_path)


def test_rules_that_a_hand_put_in_force_judge_nothing(services: Services) -> None:
    with services.transaction.database.transaction() as connection:
        connection.execute(update(tables.activation).values(first="p-intruder"))

    with pytest.raises(RowDisagreesError, match="activation"):
        submitted(services)


def test_rules_whose_signature_a_hand_exchanged_judge_nothing(services: Services) -> None:
    with services.transaction.database.transaction() as connection:
        connection.execute(update(tables.activation).values(signature=bytes(64)))

    with pytest.raises(RulesUnavailableError, match="signature"):
        submitted(services)


def test_a_rulebook_that_was_never_kept_is_not_found(services: Services) -> None:
    with pytest.raises(RulesUnavailableError, match="never kept"):
        services.rulebooks.find(f"sha256:{0:064}")
