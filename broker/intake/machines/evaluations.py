"""Questions of AuthZEN (Authorization API 1.0), parsed once into frozen values."""

import json
from dataclasses import dataclass
from datetime import date

from broker.domain.model import Pack
from broker.intake.documents import object_in, read_pack
from broker.intake.machines.shapes import EvaluationModel
from broker.intake.validation import validated
from policies import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whether somebody may disclose a pack; `understood` are the obligations that they can keep.

    None where the caller does not say which.
    """

    subject: str
    pack: Pack
    understood: frozenset[str] | None


def read_evaluation(text: bytes, vocabulary: Vocabulary, today: date) -> Asked:
    """Return what is asked, or raise `FaultyDocumentError` with every fault."""
    model = validated(EvaluationModel, object_in(text))
    pack = json.dumps(model.resource.properties.pack).encode()
    said = None if model.context is None else model.context.understood_obligations
    return Asked(
        subject=model.subject.id,
        pack=read_pack(pack, vocabulary, today),
        understood=None if said is None else frozenset(said),
    )
