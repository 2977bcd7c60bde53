"""What is remembered of a case whose words are gone: looked at, kept on, or forgotten."""

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from brokers import NURSE, TEACHER, Clock, a_token
from callers import Caller
from forks import Call, called
from gateways import gateway
from packs import EXAMPLES, FORM
from people import entered, with_guardian
from person_notices import notices
from referrals import deliver_and_note
from sqlalchemy import select, update

from broker.access.tokens import TERMS
from broker.cli import main
from broker.domain.cases.cases import UnknownCaseError
from broker.domain.cases.memories import Memory, Whose
from broker.domain.errors import NotAllowedError, RowDisagreesError, WrongStateError
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.ledger import events
from broker.ledger.readings import Entrance
from broker.operations.housekeeping import housekeeping
from broker.retention.disposal import CLOCK
from broker.storage.rows.keeping.memories import memory_look
from broker.wiring import Services
from keys import PersonId

LEAD = replace(NURSE, id=PersonId("p-lead"), role=Role.LEAD)
NUMBER: dict[str, Any] = {"form__individual.nhs_number": "943 476 5919"}
CHILD: dict[str, Any] = {
    "form__individual.date_of_birth": "2009-05-01",
    "questions__subject__date_of_birth": "2009-05-01",
}
UNKNOWN: dict[str, Any] = {
    "form": {name: said for name, said in FORM.items() if name != "individual.date_of_birth"}
    | {"individual.nhs_number": "943 476 5919"},
    "questions__subject__date_of_birth": None,
    "questions__subject__approximate_age": {"from": 17, "to": 20},
}
WHY = "Two colleagues asked about the same family this spring."


@pytest.fixture(name="services")
def _services(sqlite_broker: Services) -> Services:
    return sqlite_broker


def remembered(services: Services, clock: Clock, **changes: Any) -> Reference:
    """A case whose words went today."""
    reference = deliver_and_note(services, **{**NUMBER, **changes})
    clock.forward(timedelta(days=30))
    services.retention.disposals.run()
    return reference


def today(clock: Clock) -> date:
    return clock.now.date()


def ended(services: Services) -> int:
    memories = services.retention.memories
    return memories.end_over(memories.due().over, CLOCK)


def told(services: Services) -> int:
    return services.afterwards.memory_telling.tell(services.retention.memories.due().to_tell)


def test_a_lead_sees_what_is_remembered_and_when_it_goes(services: Services, clock: Clock) -> None:
    reference = remembered(services, clock, **CHILD)
    memories = services.retention.memories

    (found,) = memories.of_body(LEAD)

    assert found.references == (reference,)
    assert found.look_by == found.goes_on == today(clock) + timedelta(days=365)
    assert found.ends_on == today(clock) + timedelta(days=1_095)
    assert not found.is_due(today(clock))
    assert found.is_due(found.look_by - timedelta(days=30))
    assert memories.of_body(replace(LEAD, agency=TEACHER.agency)) == ()


@pytest.mark.parametrize("age", [CHILD, UNKNOWN], ids=["a child", "nobody knows"])
def test_what_may_be_a_childs_and_nobody_looked_at_is_forgotten_at_the_years_end(
    services: Services, clock: Clock, age: dict[str, Any]
) -> None:
    remembered(services, clock, **age)
    clock.forward(timedelta(days=364))
    assert ended(services) == 0

    clock.forward(timedelta(days=1))

    assert ended(services) == 1
    assert services.retention.memories.of_body(LEAD) == ()


def test_an_adults_that_nobody_looked_at_is_remembered_until_the_end_of_its_class(
    services: Services, clock: Clock
) -> None:
    remembered(services, clock)
    clock.forward(timedelta(days=1_094))
    (found,) = services.retention.memories.of_body(LEAD)
    assert (found.whose, found.goes_on) == (Whose.ADULT, found.ends_on)
    assert found.is_due(today(clock))
    assert ended(services) == 0

    clock.forward(timedelta(days=1))

    assert ended(services) == 1


def test_whose_it_is_is_known_to_the_row_alone_and_an_edited_one_is_not_believed(
    services: Services, clock: Clock
) -> None:
    remembered(services, clock, **CHILD)
    with services.transaction() as tx:
        assert tx.connection.scalars(select(memory_look.c.whose)).all() == ["child"]
        begun = [one.event for one in tx.ledger.entries() if one.type == "memory.begun"]
    assert len(begun) == 1
    assert "child" not in json.dumps(begun)
    with services.transaction.database.transaction() as connection:
        connection.execute(update(memory_look).values(whose="adult"))

    with pytest.raises(RowDisagreesError):
        services.retention.memories.of_body(LEAD)
    notices_kept = services.transaction.notices
    assert notices_kept is not None
    assert notices_kept.end("ledger-disagrees")
    clock.forward(timedelta(days=365))
    assert ended(services) == 0
    assert "ledger-disagrees" in notices_kept.all()


def test_a_memory_that_somebody_edited_keeps_no_other(services: Services, clock: Clock) -> None:
    edited = remembered(services, clock, **CHILD)
    remembered(services, clock, key="key-00000002", **CHILD)
    with services.transaction() as tx:
        case = tx.store.disclosure(edited).case
    with services.transaction.database.transaction() as connection:
        connection.execute(update(memory_look).where(memory_look.c.id == case).values(by="p-x"))
    clock.forward(timedelta(days=365))

    assert ended(services) == 1


def test_what_was_kept_on_after_it_was_found_over_stays(services: Services, clock: Clock) -> None:
    reference = remembered(services, clock, **CHILD)
    memories = services.retention.memories
    clock.forward(timedelta(days=365))
    over = memories.due().over

    memories.keep(LEAD, str(reference), WHY)

    assert len(over) == 1
    assert memories.end_over(over, CLOCK) == 0


def test_what_an_earlier_release_left_counts_as_a_childs(services: Services, clock: Clock) -> None:
    reference = deliver_and_note(services, **NUMBER)
    clock.forward(timedelta(days=30))
    with services.transaction() as tx:
        tx.store.erase(tx.disclosure(reference).case, clock.now)
        tx.append(events.erased(tx.store.disclosure(reference), CLOCK, "retention"))

    (found,) = services.retention.memories.of_body(LEAD)

    assert (found.whose, found.goes_on) == (Whose.UNKNOWN, found.look_by)
    assert services.retention.memories.keep(LEAD, str(reference), WHY).whose is Whose.UNKNOWN


def test_its_lead_is_written_to_thirty_days_before_it_goes_and_once(
    services: Services, clock: Clock
) -> None:
    entered(services, "Lena Specimen", Role.LEAD, agency=NURSE.agency)
    reference = remembered(services, clock, **CHILD)
    clock.forward(timedelta(days=334))
    housekeeping(services)
    assert notices(services) == []

    clock.forward(timedelta(days=1))
    housekeeping(services)
    housekeeping(services)

    ((to, said),) = notices(services)
    assert to == f"lena.specimen@{NURSE.agency}.example"
    assert f"What is remembered of {reference} is forgotten on" in said
    assert "unless you keep it on" in said
    (found,) = services.retention.memories.of_body(LEAD)
    assert found.told_on == today(clock)
    services.retention.memories.keep(LEAD, str(reference), WHY)
    clock.forward(timedelta(days=335))
    housekeeping(services)
    assert len(notices(services)) == 2


def test_an_adults_lead_is_written_to_before_each_look_and_before_its_end(
    services: Services, clock: Clock
) -> None:
    entered(services, "Lena Specimen", Role.LEAD, agency=NURSE.agency)
    remembered(services, clock)
    said = []
    for days in (335, 100, 630):
        clock.forward(timedelta(days=days))
        told(services)
        said.append(len(notices(services)))

    assert said == [1, 1, 2]


def test_without_a_lead_a_guardian_is_written_to_and_without_either_nobody_is_yet(
    services: Services, clock: Clock
) -> None:
    remembered(services, clock)
    clock.forward(timedelta(days=335))
    assert told(services) == 0

    with_guardian(services, clock)

    assert told(services) == 1
    assert len(notices(services)) == 1


def test_a_lead_keeps_it_on_each_year_and_the_end_of_its_class_comes_all_the_same(
    services: Services, clock: Clock
) -> None:
    reference = remembered(services, clock)
    memories = services.retention.memories
    looks = []
    for _ in range(3):
        clock.forward(timedelta(days=360))
        looks.append(memories.keep(LEAD, str(reference), WHY))
        assert ended(services) == 0

    kept = looks[-1]
    assert kept.goes_on == kept.ends_on
    assert memories.open(LEAD, str(reference), Entrance.API).look == kept.look
    clock.now = datetime(kept.ends_on.year, kept.ends_on.month, kept.ends_on.day, 12, tzinfo=UTC)

    assert ended(services) == 1
    with services.transaction() as tx:
        assert tx.connection.scalars(select(memory_look.c.why)).all() == [None]
        types = [one.type for one in tx.known().about("case", kept.case)]
    assert types[-2:] == ["memory.kept", "memory.ended"]


def test_it_is_kept_with_a_reason_by_its_own_lead_once_its_words_are_gone(
    services: Services, clock: Clock
) -> None:
    reference, memories = deliver_and_note(services, **NUMBER), services.retention.memories
    with pytest.raises(WrongStateError, match="still there"):
        memories.keep(LEAD, str(reference), WHY)
    clock.forward(timedelta(days=30))
    services.retention.disposals.run()

    with pytest.raises(NotAllowedError, match="reason"):
        memories.keep(LEAD, str(reference), "Yes.")
    for stranger in (
        replace(LEAD, agency=TEACHER.agency),
        replace(LEAD, role=Role.PRACTITIONER, id=PersonId("p-other")),
        replace(LEAD, role=Role.GUARDIAN),
    ):
        with pytest.raises(UnknownCaseError):
            memories.keep(stranger, str(reference), WHY)
    assert memories.of_body(LEAD)[0].look is None


def test_a_look_that_somebody_edited_keeps_nothing(services: Services, clock: Clock) -> None:
    reference = remembered(services, clock)
    services.retention.memories.keep(LEAD, str(reference), WHY)
    with services.transaction.database.transaction() as connection:
        connection.execute(update(memory_look).values(on_day="2099-01-01"))

    with pytest.raises(RowDisagreesError):
        services.retention.memories.of_body(LEAD)


def test_why_it_is_kept_is_sealed_and_that_it_is_read_is_recorded(
    services: Services, clock: Clock
) -> None:
    reference = remembered(services, clock)
    services.retention.memories.keep(LEAD, str(reference), WHY)

    opened = services.retention.memories.open(LEAD, str(reference), Entrance.API)

    assert opened.look is not None
    assert opened.look.why == WHY
    with services.transaction() as tx:
        (stored,) = tx.connection.scalars(select(memory_look.c.why))
        read = tx.about(reference)[-1].event
    assert stored is not None
    assert b"family" not in bytes(stored)
    assert (read["type"], read["by"], read["what"]) == ("read", LEAD.id, "earlier")


def test_the_api_lists_opens_keeps_and_ends(services: Services, clock: Clock) -> None:
    reference = remembered(services, clock)
    lead = Caller(client=gateway(services).test_client(), token=a_token(services, LEAD, Role.LEAD))
    path = f"/api/v1/memories/{reference}"

    listed: Any = lead.get("/api/v1/memories").json
    kept: Any = lead.post(f"{path}/keep", {"reason": WHY}).json
    opened: Any = lead.get(path).json
    gone: Any = lead.post(f"{path}/end").json

    assert [one["references"] for one in listed["memories"]] == [[str(reference)]]
    assert "why" not in listed["memories"][0]
    assert (kept["looked_by"], opened["why"]) == (LEAD.id, WHY)
    assert gone == {"forgotten": True}
    assert lead.get(path).status_code == 409


def test_a_memory_tells_its_days() -> None:
    gone = date(2026, 3, 16)
    short = Memory(
        case=NURSE.agency,  # type: ignore[arg-type]  # any identifier does
        agency=NURSE.agency,
        references=(),
        whose=Whose.CHILD,
        words_gone_on=gone,
        ends_on=gone + timedelta(days=90),
        look=None,
    )

    assert short.goes_on == short.ends_on
    assert not short.is_due(short.ends_on)


def test_the_command_line_lists_and_keeps(services: Services, clock: Clock) -> None:
    clock.now = datetime.now(UTC) - timedelta(days=31)  # a command reads the clock of the machine
    reference = remembered(services, clock)

    def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        home = services.home.path
        token = home / "token"
        token.write_text(services.tokens.signed(LEAD, replace(TERMS)))
        token.chmod(0o600)
        environment = {**os.environ, "BROKER_HOME": str(home), "BROKER_TOKEN_FILE": str(token)}
        call = Call(
            arguments=arguments, typed=typed, folder=EXAMPLES.parent, environment=environment
        )
        return called(main, call)

    clock.now = datetime.now(UTC)
    listed = run("memory", "list")
    kept = run("memory", "keep", str(reference), "--reason-file", "-", "--json", typed=WHY)
    shown = run("memory", "show", str(reference))

    assert (listed[0], listed[2]) == (0, "")
    assert str(reference) in listed[1]
    assert json.loads(kept[1])["looked_by"] == LEAD.id
    assert WHY in " ".join(shown[1].split())
