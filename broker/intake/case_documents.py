"""Documents about cases, read once into frozen values; every fault named."""

from broker.domain.cases.earlier import Call
from broker.domain.cases.stages import CaseEnd, CaseKind, LinkKind, Stage
from broker.domain.roles import Role
from broker.intake.documents import object_in
from broker.intake.shapes import (
    CaseEndModel,
    CaseLinkModel,
    CaseMemberModel,
    CaseModel,
    CaseStageModel,
    EarlierCallModel,
)
from broker.intake.validation import validated
from keys import PersonId


def read_case(text: bytes) -> CaseKind:
    """Return the kind of a case to be opened, or raise `FaultyDocumentError`."""
    return validated(CaseModel, object_in(text)).kind


def read_case_link(text: bytes) -> tuple[str, LinkKind]:
    """Return which other case is linked and why, or raise `FaultyDocumentError`."""
    model = validated(CaseLinkModel, object_in(text))
    return model.other, model.kind


def read_case_member(text: bytes) -> tuple[PersonId, Role]:
    """Return who is to work on a case in which role, or raise `FaultyDocumentError`."""
    model = validated(CaseMemberModel, object_in(text))
    return PersonId(model.person), model.role


def read_case_stage(text: bytes) -> Stage:
    """Return the stage to which a case comes, or raise `FaultyDocumentError`."""
    return validated(CaseStageModel, object_in(text)).stage


def read_case_end(text: bytes) -> CaseEnd:
    """Return how a case ends, or raise `FaultyDocumentError`."""
    return validated(CaseEndModel, object_in(text)).end


def read_call(text: bytes) -> Call:
    """Return whether two concerns are about one person, or raise `FaultyDocumentError`."""
    return validated(EarlierCallModel, object_in(text)).call
