"""What happens after a decision: a Guardian looks back, and duties are done or late."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from brokers import NURSE, TEACHER, Clock
from callers import PACKS, REVIEWS, a_caller
from referrals import APPROVED, CONCUR, DEPUTY, GUARDIAN, guardian_calling, recorded, refer, submit

from broker.domain.errors import NotAllowedError, WrongStateError
from broker.domain.model import Duty, Person
from broker.domain.obligations import GUARDIAN_SAMPLE
from broker.domain.references import Reference
from broker.domain.states import State
from broker.guardian import retrospective
from broker.ledger.readings import Entrance
from broker.wiring import Services

EMERGENCY: dict[str, Any] = {
    "questions__danger": "imminent",
    "questions__purpose": "emergency",
}
LESS: dict[str, Any] = {
    "questions__concern__harm": "significant",
    "questions__concern__serious_crime": "unknown",
}
REFUSED: dict[str, Any] = {"questions__necessity__less_would_do": "yes"}


def looked_back_by_the_ledger(services: Services, reference: Reference) -> list[object]:
    """Why the ledger says that a Guardian looks back, for each decision in turn."""
    with services.transaction() as tx:
        entries = tx.ledger.entries_about(str(reference))
    return [entry.event["look_back"] for entry in entries if entry.type == "decided"]


def queue(services: Services) -> list[tuple[Reference, str, date | None]]:
    return [
        (one.disclosure.reference, one.cause, one.duty.due_on)
        for one in services.retrospective.to_look_back_at(GUARDIAN)
    ]


def last_event(services: Services, reference: Reference) -> dict[str, object]:
    with services.transaction() as tx:
        *_, last = tx.ledger.entries_about(str(reference))
    return dict(last.event)


def test_every_emergency_is_looked_back_at_the_next_day(services: Services) -> None:
    reference = submit(services, **EMERGENCY)

    assert queue(services) == [(reference, "emergency", date(2026, 3, 17))]
    assert looked_back_by_the_ledger(services, reference) == ["emergency"]
    services.retrospective.look_back(reference, GUARDIAN, CONCUR)

    assert queue(services) == []
    event = last_event(services, reference)
    assert (event["type"], event["cause"], event["opinion"]) == (
        "looked-back",
        "emergency",
        "concur",
    )
    assert (event["by"], event["principles"]) == (GUARDIAN.id, [7])


def test_an_override_is_looked_back_at_by_another_than_the_approver(services: Services) -> None:
    reference = refer(services)
    services.referrals.decide(reference, GUARDIAN, APPROVED)
    assert queue(services) == [(reference, "override", date(2026, 3, 19))]
    assert looked_back_by_the_ledger(services, reference) == ["none", "override"]

    with pytest.raises(NotAllowedError, match="deputy"):
        services.retrospective.look_back(reference, GUARDIAN, CONCUR)
    services.retrospective.look_back(reference, DEPUTY, CONCUR)

    assert queue(services) == []


@pytest.mark.usefixtures("always_chosen")
@pytest.mark.parametrize(
    ("changes", "state"),
    [
        pytest.param({}, State.DECIDED, id="a permit"),
        pytest.param(REFUSED, State.REFUSED, id="a refusal"),
        pytest.param(
            {
                "questions__material__third_parties": "yes",
            },
            State.REFUSED,
            id="a permit whose obligation nobody kept",
        ),
    ],
)
def test_permits_and_refusals_are_sampled(
    services: Services, changes: dict[str, Any], state: State
) -> None:
    reference = submit(services, **changes)

    with services.transaction() as tx:
        assert tx.store.disclosure(reference).state is state
    assert queue(services) == [(reference, "sample", date(2026, 3, 30))]
    assert looked_back_by_the_ledger(services, reference)[-1] == "sample"
    dissent = replace(CONCUR, view="dissent")
    assert services.retrospective.look_back(reference, GUARDIAN, dissent).cause == "sample"
    assert last_event(services, reference)["opinion"] == "dissent"


@pytest.mark.usefixtures("always_chosen")
def test_what_is_looked_back_at_anyway_and_what_waits_are_not_sampled(services: Services) -> None:
    emergency = submit(services, **EMERGENCY)
    referred = refer(services, key="key-00000002")

    assert [cause for _, cause, _ in queue(services)] == ["emergency"]
    with services.transaction() as tx:
        for one in (emergency, referred):
            types = {duty.type for duty in tx.duties.of(one)}
            assert GUARDIAN_SAMPLE not in types


@pytest.mark.usefixtures("always_chosen")
def test_a_guardians_refusal_is_sampled_for_another(services: Services) -> None:
    reference = refer(services)
    services.referrals.decide(reference, GUARDIAN, replace(APPROVED, verdict="refuse"))

    with pytest.raises(NotAllowedError, match="deputy"):
        services.retrospective.look_back(reference, GUARDIAN, CONCUR)

    assert services.retrospective.look_back(reference, DEPUTY, CONCUR).cause == "sample"


@pytest.mark.usefixtures("by_chance")
def test_the_ledger_alone_shows_what_was_chosen(services: Services) -> None:
    chosen = {}
    for number in range(24):
        reference = submit(services, key=f"key-sample-{number}")
        with services.transaction() as tx:
            _, decided = tx.ledger.entries_about(str(reference))
            types = {duty.type for duty in tx.duties.of(reference)}
        first_digit = str(decided.event["facts_c"])[0]
        chosen[reference] = (first_digit in "01", GUARDIAN_SAMPLE in types)

    assert all(shown == kept for shown, kept in chosen.values())


@pytest.mark.parametrize(
    ("guardian", "relation"),
    [
        pytest.param(replace(GUARDIAN, id=NURSE.id), "independent", id="who asked for it"),
        pytest.param(GUARDIAN, "line-report", id="who reports to the requester"),
    ],
)
def test_whoever_has_a_part_in_it_does_not_look_back(
    services: Services, guardian: Person, relation: str
) -> None:
    reference = submit(services, **EMERGENCY)

    with pytest.raises(NotAllowedError, match="deputy"):
        services.retrospective.look_back(reference, guardian, replace(CONCUR, relation=relation))

    assert len(queue(services)) == 1


def test_nobody_looks_back_twice_or_where_nothing_waits(services: Services) -> None:
    plain, emergency = submit(services), submit(services, key="key-00000009", **EMERGENCY)
    services.retrospective.look_back(emergency, GUARDIAN, CONCUR)

    dissent = replace(CONCUR, view="dissent")
    for reference in (plain, emergency):
        with pytest.raises(WrongStateError, match="Nobody has to look back at this"):
            services.retrospective.look_back(reference, GUARDIAN, dissent)
    with pytest.raises(WrongStateError, match="waits for a Guardian"):
        services.referrals.show(plain, GUARDIAN, Entrance.API)


def test_the_same_opinion_again_is_recorded_once_and_can_be_read(services: Services) -> None:
    reference = submit(services, **EMERGENCY)
    services.retrospective.look_back(reference, GUARDIAN, CONCUR)

    services.retrospective.look_back(reference, GUARDIAN, CONCUR)

    assert recorded(services, reference).count("looked-back") == 1
    (opinion,) = services.referrals.show(reference, GUARDIAN, Entrance.API).opinions
    assert (opinion["by"], opinion["opinion"]) == (GUARDIAN.id, "concur")
    assert opinion["reason"] == CONCUR.reason


def test_what_is_looked_back_at_can_be_read(services: Services) -> None:
    reference = submit(services, **EMERGENCY)

    referral = services.referrals.show(reference, GUARDIAN, Entrance.API)

    assert referral.pack.form["individual.name"] == "Zzcanary Qqcanary"
    assert referral.disclosure.outcome == "emergency"


def test_a_guardian_recalls_what_should_not_have_gone(services: Services) -> None:
    reference = submit(services, **EMERGENCY)
    services.dispatcher.dispatch()
    guardian = guardian_calling(services)

    dissent = {
        "opinion": "dissent",
        "reason": "The wrong team.",
        "relation": "independent",
        "principles": [4],
    }
    answer: Any = guardian.post(f"{REVIEWS}/{reference}/opinion", dissent)
    assert answer.status_code == 200
    assert "recall it" in answer.json["next_step"]
    recalled: Any = guardian.post(f"{PACKS}/{reference}/recall")

    assert recalled.json["state"] == "recalled"
    assert recorded(services, reference)[-3:] == ["looked-back", "recalled", "retraction.asked"]


@pytest.mark.parametrize(
    "changes",
    [{"opinion": "agree"}, {"reason": " "}, {"principles": []}, {"verdict": "approve"}],
)
def test_an_opinion_without_its_grounds_is_refused(
    services: Services, changes: dict[str, Any]
) -> None:
    reference = submit(services, **EMERGENCY)
    opinion = {
        "opinion": "concur",
        "reason": "It was needed.",
        "relation": "independent",
        "principles": [7],
    }

    answer = guardian_calling(services).post(
        f"{REVIEWS}/{reference}/opinion", {**opinion, **changes}
    )

    assert answer.status_code in {403, 422}
    assert len(queue(services)) == 1


def test_a_duty_is_done_once_and_recorded(services: Services) -> None:
    reference = submit(services, **EMERGENCY)
    nurse = a_caller(services)
    path = f"{PACKS}/{reference}/duties"

    first: Any = nurse.post(f"{path}/tell-the-guardian")
    again = nurse.post(f"{path}/tell-the-guardian")

    done = {one["type"]: one["done_on"] for one in first.json["duties"]}
    assert done["tell-the-guardian"] == "2026-03-16"
    assert again.status_code == 409
    event = last_event(services, reference)
    assert (event["type"], event["duty"]) == ("duty.done", "tell-the-guardian")


@pytest.mark.parametrize(
    ("duty", "status"),
    [
        ("confirm-receipt", 403),
        ("guardian-review", 403),
        ("guardian-sample", 403),
        ("early-help", 409),
        ("no-such-duty", 409),
    ],
)
def test_a_duty_that_is_not_simply_done_is_refused(
    services: Services, duty: str, status: int
) -> None:
    reference = submit(services, **EMERGENCY)

    answer = a_caller(services).post(f"{PACKS}/{reference}/duties/{duty}")

    assert answer.status_code == status
    assert recorded(services, reference) == ["received", "decided"]


def test_what_is_owed_and_late_shows_on_the_guardians_list(
    services: Services, clock: Clock
) -> None:
    late, taken_back = submit(services), submit(services, key="key-00000009")
    services.afterwards.recalling.recall(taken_back, NURSE)
    assert services.retrospective.overdue(GUARDIAN) == ()

    clock.forward(timedelta(days=2))

    assert [
        (one.disclosure.reference, one.duty) for one in services.retrospective.overdue(GUARDIAN)
    ] == [(late, Duty(type="confirm-receipt", due_on=date(2026, 3, 17), done_on=None))]
    stranger = replace(GUARDIAN, agency=TEACHER.agency)
    assert services.retrospective.overdue(stranger) == ()


def test_what_a_guardian_owes_does_not_hide_what_others_owe(
    services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(services, **EMERGENCY)
    monkeypatch.setattr(retrospective, "LISTED", 2)

    clock.forward(timedelta(days=8))

    late = {one.duty.type for one in services.retrospective.overdue(GUARDIAN)}
    assert late == {"confirm-receipt", "tell-the-guardian"}


def test_the_queue_begins_with_what_is_due_first(services: Services, clock: Clock) -> None:
    usual = refer(services, key="key-usual-0001", **LESS)
    clock.forward(timedelta(days=1))
    serious = refer(services, key="key-serious-01")
    clock.forward(timedelta(days=2))
    submit(services, key="key-emergency", **EMERGENCY)
    clock.forward(timedelta(days=2))

    listed: Any = guardian_calling(services).get(REVIEWS).json

    assert [(one["reference"], one["due_on"], one["days_late"]) for one in listed["waiting"]] == [
        (str(serious), "2026-03-18", 3),
        (str(usual), "2026-03-19", 2),
    ]
    assert [(one["cause"], one["days_late"]) for one in listed["afterwards"]] == [("emergency", 1)]
    assert {one["duty"] for one in listed["overdue_duties"]} == {
        "confirm-receipt",
        "tell-the-guardian",
    }
