"""What somebody answers who checks a concern, read once into a frozen value."""

from broker.concerns.checking import Advised
from broker.intake.documents import object_in
from broker.intake.shapes import CheckModel
from broker.intake.validation import validated


def read_check(text: bytes) -> Advised:
    """Return what a checker answers, or raise `FaultyDocumentError`."""
    model = validated(CheckModel, object_in(text))
    return Advised(advice=model.advice, also=frozenset(model.also), words=model.reason)
