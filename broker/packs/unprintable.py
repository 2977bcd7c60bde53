"""What of a form would not stand on paper as it was typed, told before anything is sent."""

from dataclasses import dataclass

from broker.domain.form import FIELD_BY_ID, FORM
from broker.domain.model import Pack
from broker.packs.glyphs import unprintable


@dataclass(frozen=True, slots=True, kw_only=True)
class Unprintable:
    """A field with characters that no font of the document has, each by its code and name."""

    field: str
    characters: tuple[str, ...]

    def document(self) -> dict[str, object]:
        """Return it as JSON, with the label that people know the field by."""
        return {
            "field": self.field,
            "label": FIELD_BY_ID[self.field].label,
            "characters": list(self.characters),
        }


def unprintable_in(pack: Pack) -> tuple[Unprintable, ...]:
    """Return the fields of a form that would not stand on paper as they were typed; pure.

    On the page the characters are written out, so that nothing is lost silently.
    """
    found = ((field.id, unprintable(pack.form.get(field.id, ""))) for field in FORM)
    return tuple(Unprintable(field=field, characters=lost) for field, lost in found if lost)
