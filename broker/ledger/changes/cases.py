"""What each change of a case writes on the ledger, with the row it made."""

from audit.format import events as ledger
from broker.domain.cases.cases import Case, CaseLink, CaseMember
from broker.domain.cases.earlier import Call
from broker.domain.cases.memories import Look, Memory, Remembered
from broker.domain.cases.retention_classes import RetentionClass
from broker.domain.cases.stages import CaseEnd
from broker.domain.model import Person
from broker.domain.references import Reference
from broker.ledger.events import Event
from broker.storage.rows.believed import RowAsStored
from broker.storage.rows.register import RowMark
from keys import CaseId, PersonId


def case_opened(case: Case, now: RowAsStored) -> Event:
    """Return the event: a case was opened, with whoever opened it as its first member."""
    return ledger.CaseOpened(
        row=now.name,
        row_mac=now.mac,
        by=case.opened_by,
        case=case.id,
        agency=case.agency,
        kind=case.kind.value,
        stage=case.stage.value,
    ).event()


def case_linked(case: Case, link: CaseLink, now: RowAsStored) -> Event:
    """Return the event: a case came to know another one."""
    return ledger.CaseLinked(
        row=now.name,
        row_mac=now.mac,
        by=link.by,
        case=case.id,
        other=link.other,
        kind=link.kind.value,
    ).event()


def case_moved(case: Case, by: PersonId, now: RowAsStored) -> Event:
    """Return the event: a case came to the stage in which it is."""
    return ledger.CaseMoved(
        row=now.name, row_mac=now.mac, by=by, case=case.id, stage=case.stage.value
    ).event()


def case_closed(case: Case, end: CaseEnd, person: Person, now: RowAsStored) -> Event:
    """Return the event: a case was closed by somebody in their role."""
    return ledger.CaseClosed(
        row=now.name,
        row_mac=now.mac,
        by=person.id,
        case=case.id,
        what=end.value,
        role=person.role.value,
    ).event()


def member_added(case: Case, member: CaseMember, now: RowAsStored) -> Event:
    """Return the event: somebody may work on a case."""
    return ledger.MemberAdded(
        row=now.name,
        row_mac=now.mac,
        by=member.added_by,
        case=case.id,
        person=member.person,
        agency=member.agency,
        role=member.role.value,
    ).event()


def member_ended(case: Case, person: PersonId, by: PersonId, now: RowAsStored) -> Event:
    """Return the event: somebody may work on a case no longer."""
    return ledger.MemberEnded(
        row=now.name, row_mac=now.mac, by=by, case=case.id, person=person
    ).event()


def looked_up(case: CaseId, person: Person) -> Event:
    """Return the event: earlier concerns were looked up for a case; what was found is not said."""
    return ledger.EarlierLookedUp(by=person.id, case=case, agency=person.agency).event()


def marked(reference: Reference, entered: str | None, received: str | None) -> Event:
    """Return the event: what a later concern finds a reference by was made anew."""
    return ledger.EarlierMarked(
        ref=str(reference), entered_mac=entered, received_mac=received
    ).event()


def called(case: CaseId, by: PersonId, other: Reference, call: Call, now: RowAsStored) -> Event:
    """Return the event: somebody says whether two concerns are about one person."""
    return ledger.EarlierCalled(
        row=now.name, row_mac=now.mac, by=by, case=case, other=str(other), what=call.value
    ).event()


def retention_set(new: RetentionClass, now: RowAsStored) -> Event:
    """Return the event: a body set for how long it keeps what belongs to a kind of case."""
    return ledger.RetentionSet(
        row=now.name,
        row_mac=now.mac,
        by=new.set_by,
        second=new.second,
        agency=new.agency,
        kind=new.kind.value,
        delivered=new.delivered,
        undelivered=new.undelivered,
        memory=new.memory,
    ).event()


def memory_begun(begun: Remembered, now: RowMark) -> Event:
    """Return the event: a case is remembered from now on without its words."""
    return ledger.MemoryBegun(
        row=now.row, row_mac=now.mac, by=begun.by, case=begun.case, agency=begun.agency
    ).event()


def memory_told(memory: Memory, by: PersonId) -> Event:
    """Return the event: a lead was told what becomes of what is remembered of a case."""
    return ledger.MemoryTold(by=by, case=memory.case, agency=memory.agency).event()


def memory_kept(look: Look, now: RowMark) -> Event:
    """Return the event: a lead keeps on what is remembered of a case."""
    return ledger.MemoryKept(
        row=now.row, row_mac=now.mac, by=look.by, case=look.case, agency=look.agency
    ).event()


def memory_ended(case: CaseId, by: PersonId, now: RowMark | None) -> Event:
    """Return the event: what was remembered of a case is forgotten; `now` where it has a row."""
    row, mac = (None, None) if now is None else (now.row, now.mac)
    return ledger.MemoryEnded(row=row, row_mac=mac, by=by, case=case).event()
