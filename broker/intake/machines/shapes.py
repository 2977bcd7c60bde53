"""The shapes of what machines send: who they are, and what they ask by AuthZEN."""

from typing import Annotated, Literal

from pydantic import Field

from broker.domain.roles import Role
from broker.intake.shapes import Document, Identifier, Line


class ClientModel(Document):
    """A machine that is to be registered, with its public keys (RFC 7517)."""

    client: Identifier
    algorithm: Literal["EdDSA", "ES256", "PS256", "RS512"]
    roles: Annotated[list[Annotated[Role, Field(strict=False)]], Field(max_length=len(Role))]
    names_people: bool = False
    keys: Annotated[list[dict[str, object]], Field(max_length=10)]


class EvaluationSubjectModel(Document):
    """Who would act: the caller."""

    type: Literal["person", "client"]
    id: Identifier


class EvaluationActionModel(Document):
    """What would be done."""

    name: Literal["disclose"]


class EvaluationPropertiesModel(Document):
    """What there is to know of the resource: the whole pack."""

    pack: dict[str, object]


class EvaluationResourceModel(Document):
    """What it would be done with; `id` is the caller's own word for it."""

    type: Literal["referral-pack"]
    id: Line
    properties: EvaluationPropertiesModel


class EvaluationContextModel(Document):
    """Which obligations the caller can keep."""

    understood_obligations: Annotated[list[Identifier], Field(max_length=100)] | None = None


class EvaluationModel(Document):
    """A question of AuthZEN, Authorization API 1.0."""

    subject: EvaluationSubjectModel
    action: EvaluationActionModel
    resource: EvaluationResourceModel
    context: EvaluationContextModel | None = None
