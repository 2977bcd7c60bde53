"""A draft is its owner's, opens only as it was kept, and goes when nobody comes back to it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from brokers import NOON, NURSE, TEACHER, Clock
from sqlalchemy import text as sql

from audit.errors import LedgerError
from audit.format.events import StoresConfirmed
from broker.domain.concerns.drafts import (
    KEPT_DAYS,
    Draft,
    DraftChangedError,
    DraftId,
    DraftRefusedError,
    DraftText,
    Member,
    Part,
    UnknownDraftError,
)
from broker.domain.errors import NotAllowedError
from broker.operations.housekeeping import housekeeping
from broker.wiring import Services
from keys import CaseId, Keystore, PersonId

FORM = "journey/1"
LEAD = replace(NURSE, id=PersonId("p-lead"))
COLLEAGUE = replace(NURSE, id=PersonId("p-colleague"))
WORRY = DraftText(answers={"seen": {"story": "Zzcanary said something.", "first": "2026-03-10"}})
MORE = DraftText(answers={"seen": {"story": "Zzcanary said more.", "first": "2026-03-10"}})


def begun(services: Services) -> Draft:
    return services.concerns.drafts.begin(NURSE, FORM, WORRY)


def saved(services: Services, draft: Draft, content: DraftText = MORE) -> Draft:
    return services.concerns.drafts.save(
        NURSE, draft.row.id, seen=draft.row.version, form=FORM, text=content
    )


def in_the_database(services: Services, statement: str, **values: object) -> None:
    with services.transaction.database.engine.begin() as connection:
        connection.execute(sql(statement), values)


def entries(services: Services) -> int:
    with services.transaction() as tx:
        return sum(1 for _ in tx.ledger.entries())


def test_what_was_typed_comes_back_as_it_was(services: Services) -> None:
    before = entries(services)
    draft = begun(services)

    opened = services.concerns.drafts.open(NURSE, draft.row.id)

    assert opened.text == WORRY
    assert (opened.row.version, opened.row.form) == (1, FORM)
    assert opened.members == (Member(person=NURSE.id, part=Part.WRITES),)
    assert entries(services) == before


def test_nothing_typed_stands_in_the_row_and_its_size_tells_little(services: Services) -> None:
    short = begun(services)
    longer = saved(services, short, DraftText(answers={"seen": {"story": "word " * 300}}))
    longest = saved(services, longer, DraftText(answers={"seen": {"story": "word " * 1000}}))

    assert b"Zzcanary" not in short.row.ciphertext
    assert len(short.row.ciphertext) == len(longer.row.ciphertext)
    assert len(longest.row.ciphertext) - len(longer.row.ciphertext) == 4096


def test_a_name_says_nothing_and_is_never_used_twice(services: Services) -> None:
    one, other = begun(services), begun(services)

    assert one.row.id != other.row.id
    assert len(one.row.id) == 32
    assert NURSE.id not in one.row.id


def test_a_draft_of_somebody_else_does_not_exist(services: Services) -> None:
    draft = begun(services)

    for stranger in (TEACHER, COLLEAGUE, replace(NURSE, id=PersonId("p-nurs"))):
        assert services.concerns.drafts.mine(stranger) == ()
        with pytest.raises(UnknownDraftError):
            services.concerns.drafts.open(stranger, draft.row.id)
    with pytest.raises(UnknownDraftError):
        services.concerns.drafts.open(NURSE, DraftId("0" * 32))


def test_the_second_window_is_told_and_loses_nothing(services: Services) -> None:
    draft = begun(services)
    first = saved(services, draft)

    with pytest.raises(DraftChangedError) as refused:
        services.concerns.drafts.save(
            NURSE, draft.row.id, seen=draft.row.version, form=FORM, text=WORRY
        )

    assert refused.value.now.text == MORE
    assert services.concerns.drafts.open(NURSE, draft.row.id).text == MORE
    assert saved(services, first, WORRY).row.version == 3


def test_of_two_windows_at_the_same_moment_one_saves_and_the_other_is_told(
    services: Services,
) -> None:
    draft = begun(services)

    def save(number: int) -> Draft | DraftChangedError:
        content = DraftText(answers={"seen": {"story": f"window {number}"}})
        try:
            return saved(services, draft, content)
        except DraftChangedError as error:
            return error

    with ThreadPoolExecutor(max_workers=4) as pool:
        ends = list(pool.map(save, range(4)))

    won = [end for end in ends if isinstance(end, Draft)]
    told = [end for end in ends if isinstance(end, DraftChangedError)]
    assert (len(won), len(told)) == (1, 3)
    assert {error.now.text.answers["seen"]["story"] for error in told} == {
        won[0].text.answers["seen"]["story"]
    }
    assert services.concerns.drafts.open(NURSE, draft.row.id).text == won[0].text


def test_what_several_windows_typed_is_kept_of_each(services: Services) -> None:
    draft = begun(services)

    with ThreadPoolExecutor(max_workers=3) as pool:
        list(
            pool.map(
                lambda page: services.concerns.drafts.keep_typed(
                    NURSE, draft.row.id, page, {"why": [page]}
                ),
                ("why", "ask", "done"),
            )
        )

    assert services.concerns.drafts.open(NURSE, draft.row.id).text.typed.keys() == {
        "why",
        "ask",
        "done",
    }


def test_drafts_can_be_saved_while_the_ledger_is_at_fault_and_none_goes(
    services: Services, clock: Clock
) -> None:
    draft = begun(services)
    in_the_database(services, "UPDATE ledger_head SET size = size + 1")

    kept = saved(services, draft)
    assert services.concerns.drafts.open(NURSE, draft.row.id).text == MORE
    clock.forward(timedelta(days=KEPT_DAYS + 1))
    with pytest.raises(LedgerError):
        services.concerns.drafts.destroy_expired()

    assert [row.id for row in services.concerns.drafts.mine(NURSE)] == [kept.row.id]
    assert services.keystore.draft_key(CaseId(draft.row.id)).version == kept.row.version


def test_what_was_typed_when_a_session_ended_stands_beside_the_answers(
    services: Services,
) -> None:
    draft = begun(services)
    posted = {"need": ["Because"], "less": []}

    kept = services.concerns.drafts.keep_typed(NURSE, draft.row.id, "why", posted)

    opened = services.concerns.drafts.open(NURSE, draft.row.id)
    assert opened.text == DraftText(answers=WORRY.answers, typed={"why": posted})
    assert opened.row.version == kept.row.version == 2


def test_a_lead_who_was_asked_reads_and_does_not_write(services: Services) -> None:
    draft = begun(services)

    with services.transaction() as tx:
        shared = services.concerns.drafts.admit(tx, draft, LEAD.id, Part.READS)
    services.concerns.drafts.note(shared)

    assert services.concerns.drafts.open(LEAD, draft.row.id).text == WORRY
    assert services.concerns.drafts.mine(LEAD) == ()
    with pytest.raises(NotAllowedError):
        services.concerns.drafts.save(
            LEAD, draft.row.id, seen=shared.row.version, form=FORM, text=MORE
        )
    with pytest.raises(NotAllowedError):
        services.concerns.drafts.delete(LEAD, draft.row.id)


TAMPERED = {
    "the text": "UPDATE draft SET ciphertext = :other",
    "the owner": "UPDATE draft SET owner = 'p-colleague'",
    "the body": "UPDATE draft SET agency = 'example-school'",
    "the form version": "UPDATE draft SET form = 'journey/2'",
    "the version": "UPDATE draft SET version = 9",
    "the day": "UPDATE draft SET saved_on = '2026-03-15'",
    "a member more": "INSERT INTO draft_member VALUES (:id, 'p-colleague', 'writes')",
    "a reader who writes": "UPDATE draft_member SET part = 'reads'",
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_draft_that_was_tampered_with_is_refused(services: Services, what: str) -> None:
    draft = begun(services)
    other = draft.row.ciphertext[:-1] + bytes([draft.row.ciphertext[-1] ^ 1])
    bound = {"other": other, "id": draft.row.id}
    names = {name: value for name, value in bound.items() if f":{name}" in TAMPERED[what]}
    in_the_database(services, TAMPERED[what], **names)

    with pytest.raises(DraftRefusedError):
        services.concerns.drafts.open(NURSE, draft.row.id)


def test_drafts_swapped_between_owners_are_refused(services: Services) -> None:
    mine = begun(services)
    theirs = services.concerns.drafts.begin(COLLEAGUE, FORM, MORE)
    for name, content in (
        (mine.row.id, theirs.row.ciphertext),
        (theirs.row.id, mine.row.ciphertext),
    ):
        in_the_database(
            services, "UPDATE draft SET ciphertext = :c WHERE id = :id", c=content, id=name
        )

    for person, draft in ((NURSE, mine), (COLLEAGUE, theirs)):
        with pytest.raises(DraftRefusedError):
            services.concerns.drafts.open(person, draft.row.id)


def test_an_older_text_that_is_put_back_is_refused(services: Services) -> None:
    first = begun(services)
    saved(services, first)
    in_the_database(
        services,
        "UPDATE draft SET ciphertext = :c, version = 1",
        c=first.row.ciphertext,
    )

    with pytest.raises(DraftRefusedError):
        services.concerns.drafts.open(NURSE, first.row.id)
    with pytest.raises(DraftRefusedError):
        saved(services, first)


def test_a_save_that_a_crash_cut_short_of_the_keystore_still_opens(services: Services) -> None:
    first = begun(services)
    file = services.home.keystore / "keystore.db"
    earlier = file.read_bytes()
    saved(services, first)
    file.write_bytes(earlier)
    file.with_name("keystore.db-wal").unlink(missing_ok=True)
    assert services.keystore.draft_key(CaseId(first.row.id)).version == 1

    opened = services.concerns.drafts.open(NURSE, first.row.id)

    assert opened.text == MORE
    assert services.keystore.draft_key(CaseId(first.row.id)).version == 2


def test_its_owner_deletes_it_and_its_key_dies(services: Services) -> None:
    before = entries(services)
    draft = begun(services)

    services.concerns.drafts.delete(NURSE, draft.row.id)

    assert services.concerns.drafts.mine(NURSE) == ()
    assert services.keystore.drafts(made_before=NOON + timedelta(days=1)) == ()
    with pytest.raises(UnknownDraftError):
        services.concerns.drafts.open(NURSE, draft.row.id)
    assert entries(services) == before


def test_28_days_after_the_last_save_it_goes_and_is_counted(
    services: Services, clock: Clock
) -> None:
    old, older = begun(services), begun(services)
    clock.forward(timedelta(days=2))
    late = saved(services, old)
    assert not late.row.goes_soon(clock().date())

    clock.forward(timedelta(days=KEPT_DAYS - 7))
    assert services.concerns.drafts.open(NURSE, old.row.id).row.goes_soon(clock().date())
    clock.forward(timedelta(days=6))
    ended = services.concerns.drafts.destroy_expired()

    assert (ended.destroyed, ended.refused) == (1, 0)
    assert [row.id for row in services.concerns.drafts.mine(NURSE)] == [old.row.id]
    assert services.keystore.drafts(made_before=clock()) == (CaseId(old.row.id),)
    with services.transaction() as tx:
        *_, newest = tx.ledger.entries()
    event = newest.event
    assert (event["type"], event["count"]) == ("drafts.destroyed", 1)
    with pytest.raises(UnknownDraftError):
        services.concerns.drafts.open(NURSE, older.row.id)


def test_a_day_that_was_changed_destroys_nothing(services: Services) -> None:
    draft = begun(services)
    in_the_database(services, "UPDATE draft SET saved_on = '2025-03-15'")

    ended = services.concerns.drafts.destroy_expired()

    assert (ended.destroyed, ended.refused) == (0, 1)
    assert services.keystore.draft_key(CaseId(draft.row.id)).version == 1


def test_a_key_that_was_given_to_nobody_is_swept_after_a_day(
    services: Services, clock: Clock
) -> None:
    services.keystore.new_draft_key(CaseId("left-over"), clock())
    services.concerns.drafts.destroy_expired()
    assert services.keystore.drafts(made_before=clock() + timedelta(1)) == (CaseId("left-over"),)

    clock.forward(timedelta(days=1, seconds=1))
    services.concerns.drafts.destroy_expired()

    assert services.keystore.drafts(made_before=clock()) == ()


def held(services: Services) -> tuple[CaseId, ...]:
    return services.keystore.drafts(made_before=services.clock() + timedelta(1))


def take_the_row_away(services: Services, draft: Draft) -> None:
    for table, column in (("draft_member", "draft"), ("draft", "id")):
        statement = f"DELETE FROM {table} WHERE {column} = :id"  # noqa: S608 - our own names
        in_the_database(services, statement, id=draft.row.id)


def test_a_draft_whose_row_was_taken_away_keeps_its_key_and_opens_once_it_is_back(
    services: Services, clock: Clock
) -> None:
    draft = begun(services)
    take_the_row_away(services, draft)
    in_the_database(
        services,
        "INSERT INTO high_water VALUES (:subject, 1, :mac)",
        subject=f"draft-gone/{draft.row.id}",
        mac=b"0" * 32,
    )

    for _ in range(2):
        clock.forward(timedelta(days=40))
        ended = services.concerns.drafts.destroy_expired()
        assert (ended.destroyed, ended.refused) == (0, 1)

    assert held(services) == (CaseId(draft.row.id),)
    with services.transaction() as tx:
        tx.drafts.add(draft.row, draft.members)
    assert services.concerns.drafts.open(NURSE, draft.row.id).text == WORRY


@pytest.mark.parametrize(("older", "gone"), [("database", 1), ("keystore", 0)])
def test_what_an_older_database_lacks_goes_once_two_people_have_let_it_count(
    services: Services, clock: Clock, older: str, gone: int
) -> None:
    draft = begun(services)
    take_the_row_away(services, draft)
    clock.forward(timedelta(days=2))
    confirmed = StoresConfirmed(by="p-one", second="p-two", older=[older], size=1, root="0" * 64)
    with services.transaction() as tx:
        tx.append(confirmed.event())

    ended = services.concerns.drafts.destroy_expired()

    assert (ended.destroyed, ended.refused) == (gone, 1 - gone)
    assert len(held(services)) == 1 - gone
    with services.transaction() as tx:
        *_, newest = tx.ledger.entries()
    assert (newest.type == "drafts.destroyed") is bool(gone)


def test_a_key_that_a_crash_left_of_a_deleted_draft_goes_with_the_next_round(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, before = begun(services), entries(services)
    with monkeypatch.context() as patched:
        patched.setattr(Keystore, "destroy_draft_keys", lambda *_: 0)
        services.concerns.drafts.delete(NURSE, draft.row.id)
    assert held(services) == (CaseId(draft.row.id),)

    for _ in range(2):
        assert services.concerns.drafts.destroy_expired().refused == 0

    assert held(services) == ()
    assert entries(services) == before
    with services.transaction() as tx:
        assert tx.drafts.gone() == frozenset()


def test_a_row_whose_key_is_gone_opens_for_nobody_and_goes_in_time(
    services: Services, clock: Clock
) -> None:
    draft = begun(services)
    services.keystore.destroy_draft_keys((CaseId(draft.row.id),))

    with pytest.raises(UnknownDraftError):
        services.concerns.drafts.open(NURSE, draft.row.id)
    clock.forward(timedelta(days=KEPT_DAYS + 1))
    assert services.concerns.drafts.destroy_expired().destroyed == 1


def test_housekeeping_destroys_them_unless_the_clock_is_doubted(
    services: Services, clock: Clock
) -> None:
    begun(services)
    clock.forward(timedelta(days=KEPT_DAYS + 1))

    assert housekeeping(services).drafts == 1
