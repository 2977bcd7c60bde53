"""What somebody takes out of a table is missed: nothing is read as if it had never been written.

Each row here once changed, by its absence, what goes to whom or what is judged.
"""

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from brokers import NURSE, Clock, a_submission, read_here
from callers import a_caller
from concerns import NO, a_team, begun, put_to, said
from packs import a_pack, with_attachment
from PIL import Image
from referrals import (
    APPROVED,
    CONCUR,
    DEPUTY,
    GUARDIAN,
    QUESTION,
    deliver_and_note,
    refer,
    submit,
)
from sqlalchemy import delete, insert, select

from broker.alarms import alarms
from broker.disclosures.afterwards.document import document_of
from broker.domain.cases.agreements import AgreementKind
from broker.domain.concerns.concerns import Advice as Checked
from broker.domain.errors import LedgerDisagreesError, RowDisagreesError, WrongStateError
from broker.domain.guardians.advice import Adviser
from broker.domain.guardians.settling import Settlement
from broker.domain.model import SubmissionKey
from broker.domain.references import Reference, parse_reference
from broker.domain.roles import Role
from broker.domain.states import State
from broker.ledger.readings import Entrance
from broker.retention.disposal import CLOCK
from broker.storage import tables
from broker.storage.rows.cases.agreements import agreement
from broker.storage.rows.concerns import concern, concern_check
from broker.storage.rows.indexes.earlier import earlier_mark
from broker.wiring import Services
from keys import CannotOpenError, PersonId

_GPS = 0x8825
LEAD = replace(NURSE, id=PersonId("p-lead"), role=Role.LEAD)
NUMBER: dict[str, Any] = {"form__individual.nhs_number": "943 476 5919"}
UNKNOWN: dict[str, Any] = {
    "questions__told__status": "no",
    "questions__told__telling_raises_risk": "unknown",
    "questions__told__reason": "They were not on the ward any more.",
}
SAFE = Settlement(answers={"told.telling_raises_risk": "no"})


def run(services: Services, statement: Any) -> list[dict[str, Any]]:
    with services.transaction.database.transaction() as connection:
        result = connection.execute(statement)
        return [dict(row) for row in result.mappings()] if result.returns_rows else []


def take_away(services: Services, reference: Reference, name: str) -> None:
    columns = tables.case_field.c
    which = (columns.reference == str(reference), columns.name == name)
    assert run(services, select(tables.case_field).where(*which)), "there is no such field"
    run(services, delete(tables.case_field).where(*which))


def names_of(services: Services, reference: Reference) -> set[str]:
    columns = tables.case_field.c
    rows = run(services, select(columns.name).where(columns.reference == str(reference)))
    return {row["name"] for row in rows}


def asked_and_replied(services: Services, **changes: Any) -> Reference:
    reference = refer(services, **UNKNOWN, **changes)
    services.referrals.ask(reference, GUARDIAN, QUESTION)
    services.disclosures.reply(reference, NURSE, "It is safe now.", settles=SAFE)
    return reference


def a_photo_with_a_place() -> bytes:
    exif, drawn = Image.Exif(), io.BytesIO()
    exif.get_ifd(_GPS).update({1: "N", 2: (51.0, 30.0, 0.0)})
    Image.new("RGB", (30, 20), "red").save(drawn, "JPEG", exif=exif.tobytes())
    return drawn.getvalue()


def test_a_reply_that_was_taken_away_is_not_forgotten(services: Services) -> None:
    reference = asked_and_replied(services)
    with services.transaction() as tx:
        pack = tx.case_file(tx.disclosure(reference)).pack()
    take_away(services, reference, "reply/1")

    for act in (
        lambda: services.referrals.decide(reference, GUARDIAN, APPROVED),
        lambda: services.referrals.show(reference, GUARDIAN, Entrance.API),
        lambda: services.disclosures.unsettled(reference, NURSE),
    ):
        with pytest.raises(CannotOpenError):
            act()

    assert pack.questions["told"] == {
        **read_here(services, **UNKNOWN).questions["told"],  # type: ignore[dict-item]
        "telling_raises_risk": "no",
    }
    with services.transaction() as tx:
        assert tx.disclosure(reference).state is State.REFERRED
    assert services.log.differences() == (f"case_field/{reference}/reply/1",)
    assert "integrity-failed" in {one.code for one in alarms(services)}


def test_another_row_does_not_stand_in_for_the_one_that_is_gone(services: Services) -> None:
    reference = asked_and_replied(services)
    (row,) = run(
        services, select(tables.case_field).where(tables.case_field.c.name == "question/1")
    )
    take_away(services, reference, "reply/1")
    run(services, insert(tables.case_field).values({**row, "name": "reply/2"}))

    with pytest.raises(CannotOpenError):
        services.referrals.decide(reference, GUARDIAN, APPROVED)
    assert services.log.differences() == (f"case_field/{reference}/reply/1",)


def test_a_reply_counts_although_an_earlier_question_was_left_open(services: Services) -> None:
    reference = refer(services, **UNKNOWN)
    services.referrals.ask(reference, GUARDIAN, QUESTION)
    own = replace(GUARDIAN, id=NURSE.id)
    services.referrals.decide(reference, own, APPROVED)
    services.referrals.ask(reference, GUARDIAN, replace(QUESTION, reason="And is it safe?"))
    services.disclosures.reply(reference, NURSE, "It is safe now.", settles=SAFE)

    with services.transaction() as tx:
        pack = tx.case_file(tx.disclosure(reference)).pack()

    assert pack.questions["told"]["telling_raises_risk"] == "no"  # type: ignore[index]
    assert "reply/1" not in names_of(services, reference)
    assert services.log.differences() == ()


@pytest.mark.parametrize("name", ["facts/3", "unperformed/3", "recipient/3", "decision/3", "pack"])
def test_nothing_leaves_without_all_that_it_was_decided_on(services: Services, name: str) -> None:
    reference = asked_and_replied(services)
    services.referrals.decide(reference, GUARDIAN, APPROVED)
    take_away(services, reference, name)

    services.dispatcher.dispatch()

    assert not list(services.home.pickup.glob("*.eml"))
    assert services.log.differences() == (f"case_field/{reference}/{name}",)


@pytest.mark.parametrize("name", ["question/1", "review/3", "hindsight/override"])
def test_what_people_wrote_is_missed_where_it_is_read(services: Services, name: str) -> None:
    reference = asked_and_replied(services)
    services.referrals.decide(reference, GUARDIAN, APPROVED)
    services.retrospective.look_back(reference, DEPUTY, CONCUR)
    take_away(services, reference, name)

    with pytest.raises(CannotOpenError):
        services.referrals.show(reference, GUARDIAN, Entrance.API)

    assert services.log.differences() == (f"case_field/{reference}/{name}",)


@pytest.mark.parametrize("part", ["advice", "advice-given"])
def test_advice_that_was_taken_away_is_not_read_as_none(services: Services, part: str) -> None:
    reference = refer(services)
    asked = services.advising.advices.ask(reference, GUARDIAN, Adviser.IG, "What may be said?")
    services.advising.advices.answer(asked.id, GUARDIAN, "Nothing of this may be said.")
    take_away(services, reference, f"{part}/{asked.id}")

    with pytest.raises(CannotOpenError):
        services.advising.advices.about(reference, GUARDIAN)

    assert services.log.differences() == (f"case_field/{reference}/{part}/{asked.id}",)


def test_without_the_file_that_was_written_anew_the_original_does_not_go(
    services: Services,
) -> None:
    pack = a_pack(attachments=with_attachment("photo.jpg", "concerns.description"))
    photo = a_photo_with_a_place()
    answer = a_caller(services).submit_with_files(pack, {"photo.jpg": photo})
    reference = parse_reference(str(answer.json["reference"]))  # type: ignore[index]
    take_away(services, reference, "attachment/1/copy")

    services.dispatcher.dispatch()

    assert not list(services.home.pickup.glob("*.eml"))
    assert "integrity-failed" in {one.code for one in alarms(services)}


def test_the_copy_that_stays_is_missed_by_its_sender(services: Services) -> None:
    reference = submit(services)
    services.dispatcher.dispatch()
    take_away(services, reference, "record")

    with pytest.raises(CannotOpenError):
        document_of(services.transaction, reference, NURSE, Entrance.PAGE)


def test_an_agreement_whose_row_is_gone_judges_no_pack(services: Services) -> None:
    first = submit(services)
    with services.transaction() as tx:
        case = tx.disclosure(first).case
    services.afterwards.agreements.withdraw(NURSE, str(first), AgreementKind.SHARE, 0)
    run(services, delete(agreement))

    with pytest.raises(RowDisagreesError, match="agreement"):
        submit(services, "key-00000002", case=case)
    with pytest.raises(RowDisagreesError, match="agreement"):
        services.afterwards.agreements.show(NURSE, str(first))


def test_a_no_of_the_lead_is_not_forgotten_with_its_row(services: Services) -> None:
    team = a_team(services)
    draft = begun(services, team)
    asked = put_to(services, draft.row.id, team)
    services.concerns.checking.answer(asked.reference, team.lead, said(Checked.NOTHING_MORE, NO))
    run(services, delete(concern_check))
    run(services, delete(concern))

    for act in (
        lambda: services.concerns.asking.of_draft(team.writer, draft.row.id),
        lambda: services.concerns.asking.sent(team.writer, draft.row.id),
        lambda: put_to(services, draft.row.id, team, team.manager),
    ):
        with pytest.raises(RowDisagreesError, match="concern"):
            act()
    assert services.log.differences() == (f"concern/{asked.reference}",)


def test_a_call_whose_key_was_taken_away_is_not_done_twice(services: Services) -> None:
    reference = submit(services)
    run(services, delete(tables.submission_key))

    with pytest.raises(LedgerDisagreesError, match="submitted before"):
        submit(services)

    services.dispatcher.dispatch()
    assert [one.name for one in services.home.pickup.glob("*.eml")] == [f"{reference}.eml"]
    assert "ledger-disagrees" in {one.code for one in alarms(services)}


def test_a_step_whose_key_was_taken_away_is_stopped_by_where_its_disclosure_stands(
    services: Services,
) -> None:
    reference = refer(services, **UNKNOWN)
    services.referrals.ask(reference, GUARDIAN, QUESTION)
    step = SubmissionKey(key="key-of-a-step", body=bytes(32))
    services.disclosures.reply(reference, NURSE, "It is safe now.", step, settles=SAFE)
    run(services, delete(tables.submission_key).where(tables.submission_key.c.key == step.key))

    with pytest.raises(WrongStateError):
        services.disclosures.reply(reference, NURSE, "It is safe now.", step, settles=SAFE)


def test_the_same_pack_again_is_its_own_senders_and_stands_on_the_ledger(
    services: Services,
) -> None:
    # The one thing that the lost row still lets happen: whoever sent it sends it once more.
    first = submit(services)
    run(services, delete(tables.submission_key))
    kept = a_submission(services)

    again = services.disclosures.submit(replace(kept, key=replace(kept.key, key="key-9")), NURSE)

    assert again != first
    with services.transaction() as tx:
        said = [tx.about(one)[0].event for one in (first, again)]
    assert [(one["type"], one["by"]) for one in said] == [("received", NURSE.id)] * 2


def test_marks_that_were_taken_away_are_named_and_those_of_others_find_on(
    services: Services,
) -> None:
    first = submit(services, **NUMBER)
    second = submit(services, "key-00000002", **NUMBER)
    services.dispatcher.dispatch()
    run(services, delete(earlier_mark).where(earlier_mark.c.reference == str(first)))

    assert services.log.differences() == tuple(
        f"earlier_mark/{first}/{side}" for side in ("entered", "received")
    )
    with pytest.raises(RowDisagreesError, match="earlier_mark"):
        services.earlier.before(LEAD, first)
    assert services.earlier.before(LEAD, second) == ()


def test_one_mark_less_and_one_edited_are_named_too(services: Services) -> None:
    reference = submit(services, **NUMBER)
    assert services.log.differences() == ()
    row = run(services, select(earlier_mark))[0]
    run(services, delete(earlier_mark).where(earlier_mark.c.digest == row["digest"]))
    assert services.log.differences() == (f"earlier_mark/{reference}/entered",)

    run(services, insert(earlier_mark).values({**row, "case_id": "c-other"}))

    assert services.log.differences() == (f"earlier_mark/{reference}/entered",)


def test_marks_that_are_put_back_find_nothing_that_was_forgotten(services: Services) -> None:
    reference = submit(services, **NUMBER)
    services.dispatcher.dispatch()
    kept = run(services, select(earlier_mark))
    with services.transaction() as tx:
        case = tx.disclosure(reference).case
    services.afterwards.recalling.recall(reference, NURSE)
    services.retention.erasures.erase(case, PersonId("p-operator"), "request")
    assert services.log.differences() == ()
    run(services, insert(earlier_mark).values(kept))

    again = submit(services, "key-00000002", **NUMBER)

    with services.transaction() as tx:
        facts: Any = tx.case_file(tx.disclosure(again)).facts()
    assert facts["earlier"]["concerns"] == 0
    assert set(services.log.differences()) == {
        f"earlier_mark/{reference}/{side}" for side in ("entered", "received")
    }


def test_a_memory_whose_marks_were_taken_away_still_has_its_lead_and_its_end(
    services: Services, clock: Clock
) -> None:
    deliver_and_note(services, **NUMBER)
    clock.forward(timedelta(days=30))
    services.retention.disposals.run()
    run(services, delete(earlier_mark))
    memories = services.retention.memories

    assert len(memories.of_body(LEAD)) == 1
    clock.forward(timedelta(days=1_095))
    assert memories.end_over(memories.due().over, CLOCK) == 1
    assert services.log.differences() == ()


@pytest.mark.parametrize("name", ["record", "sealed", "passphrase", "attachment/1/reading"])
def test_what_was_sealed_is_named_before_anybody_needs_it(services: Services, name: str) -> None:
    pack = a_pack(attachments=with_attachment("photo.jpg", "concerns.description"))
    answer = a_caller(services).submit_with_files(pack, {"photo.jpg": a_photo_with_a_place()})
    reference = parse_reference(str(answer.json["reference"]))  # type: ignore[index]
    services.dispatcher.dispatch()
    assert services.log.differences() == ()

    take_away(services, reference, name)

    assert services.log.differences() == (f"case_field/{reference}/{name}",)


def test_why_somebody_did_something_is_counted_and_one_less_is_named(services: Services) -> None:
    reference = submit(services)
    services.dispatcher.dispatch()
    services.disclosures.hand_over(reference, NURSE, None)
    services.disclosures.hand_over(reference, NURSE, "They wrote a word down wrongly.")
    services.disclosures.acknowledge(reference, NURSE, "The duty sergeant, by telephone.")
    assert services.log.differences() == ()
    (spoken,) = [name for name in names_of(services, reference) if name.startswith("spoken/")]

    take_away(services, reference, spoken)

    assert services.log.differences() == (f"case_field/{reference}/spoken/*",)
