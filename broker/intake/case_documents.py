"""Documents about cases, read once into frozen values; every fault named."""

from collections.abc import Mapping

from broker.domain.cases.earlier import Call
from broker.domain.cases.likeness import FIELDS
from broker.domain.cases.stages import CaseEnd, CaseKind, LinkKind, Stage
from broker.domain.errors import FaultyDocumentError
from broker.domain.roles import Role
from broker.intake.documents import object_in
from broker.intake.shapes import (
    CaseEndModel,
    CaseLinkModel,
    CaseMemberModel,
    CaseModel,
    CaseStageModel,
    Document,
    EarlierCallModel,
    Text,
    WhyModel,
)
from broker.intake.validation import validated
from keys import PersonId


class CaseFromModel(Document):
    """Whom a document came about, typed off it by the fields of the form."""

    identifiers: dict[str, Text]


def read_case(text: bytes) -> CaseKind:
    """Return the kind of a case to be opened, or raise `FaultyDocumentError`."""
    return validated(CaseModel, object_in(text)).kind


def read_identifiers(text: bytes) -> Mapping[str, str]:
    """Return whom a document came about, by the fields of the form, to be compared and not kept.

    Raises `FaultyDocumentError`.
    """
    typed = validated(CaseFromModel, object_in(text)).identifiers
    if not typed.keys() <= set(FIELDS):
        known = ", ".join(FIELDS)
        raise FaultyDocumentError.at("identifiers", f"has another field than: {known}")
    return typed


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


def read_why(text: bytes) -> str:
    """Return why something is kept on, or raise `FaultyDocumentError`."""
    return validated(WhyModel, object_in(text)).reason
