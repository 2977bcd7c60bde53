"""What can be wrong with sharing, and how a concern about it ends: pure."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from broker.domain.errors import WrongStateError
from broker.domain.model import MailboxId
from broker.domain.partner_requests.concerns import Outcome, SharingConcern, Wrong, can_be_raised
from broker.domain.partner_requests.copies import AnswerKind, Copy, CopyName, CopyState
from broker.domain.references import Prefix, Reference
from keys import AgencyId, PersonId

DUE = date(2026, 3, 16)
NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
COPY = Copy(
    name=CopyName(request=Reference("7Q4KM2XH", Prefix.REQUEST), number=1),
    asking=AgencyId("northshire-police"),
    asker=PersonId("p-officer"),
    purpose="police-screening",
    answer_to=MailboxId("police-box"),
    function="chair",
    set_by=PersonId("p-chair"),
    asked=AgencyId("example-school"),
    mailbox=MailboxId("school-box"),
    disclosure=Reference("7Q4KM2XH"),
    state=CopyState.OPENED,
    due_on=DUE,
    created_at=NOW,
    changed_at=NOW,
)
CONCERN = SharingConcern(
    copy=COPY.name,
    number=1,
    wrong=Wrong.LATE,
    asking=COPY.asking,
    asked=COPY.asked,
    raised_for=COPY.asking,
    raised_by=COPY.asker,
    raised_at=NOW,
)


def test_it_is_late_from_the_day_after_its_day_until_it_is_answered() -> None:
    assert can_be_raised(COPY, DUE, asks=True) == ()
    after = DUE.replace(day=DUE.day + 1)
    assert can_be_raised(COPY, after, asks=True) == (Wrong.LATE,)
    full = replace(COPY, state=CopyState.ANSWERED, answer=AnswerKind.FULL)
    assert can_be_raised(full, after, asks=True) == ()


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        (AnswerKind.FULL, ()),
        (AnswerKind.REFERRED, ()),
        (AnswerKind.PART, (Wrong.TOO_LITTLE,)),
        (AnswerKind.NIL, (Wrong.TOO_LITTLE,)),
        (AnswerKind.DECLINED, (Wrong.REFUSED,)),
        (AnswerKind.CANNOT_SAY, (Wrong.REFUSED,)),
    ],
)
def test_an_answer_says_what_whoever_asked_can_raise(
    answer: AnswerKind, wrong: tuple[Wrong, ...]
) -> None:
    for state in (CopyState.ANSWERED, CopyState.CLOSED):
        assert can_be_raised(replace(COPY, state=state, answer=answer), DUE, asks=True) == wrong


def test_whoever_is_asked_says_that_it_is_too_broad_and_nobody_once_it_is_withdrawn() -> None:
    assert can_be_raised(COPY, DUE, asks=False) == (Wrong.TOO_BROAD,)
    withdrawn = replace(COPY, state=CopyState.WITHDRAWN)
    assert [can_be_raised(withdrawn, DUE, asks=asks) for asks in (True, False)] == [(), ()]


def test_whoever_raised_it_takes_it_back_and_others_settle_it_once() -> None:
    assert CONCERN.name == "REQ-7Q4K-M2XH.1.1"
    other = PersonId("p-guardian")
    settled = CONCERN.closed(Outcome.ANSWERED_ANEW, other, NOW)
    assert (settled.outcome, settled.closed_by, settled.closed_at, settled.version) == (
        Outcome.ANSWERED_ANEW,
        other,
        NOW,
        2,
    )
    assert CONCERN.closed(Outcome.WITHDRAWN, CONCERN.raised_by, NOW).outcome is Outcome.WITHDRAWN
    with pytest.raises(WrongStateError, match="closed already"):
        settled.closed(Outcome.ANSWERED_ANEW, other, NOW)
    for outcome, by in ((Outcome.WITHDRAWN, other), (Outcome.ANSWER_STANDS, CONCERN.raised_by)):
        with pytest.raises(WrongStateError, match="takes it back"):
            CONCERN.closed(outcome, by, NOW)
