"""Who does what by when, from noticing to referring, as each source policy draws it.

Data beside this module, one file a pathway. What a source was read for, and what was put together
because its chart is lost, stands with each step; nothing here decides or times anything.

>>> pathway("somerset").steps[1].what
'Talk to your manager, and record it.'
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from broker.domain.json_values import as_array, as_object, text
from broker.domain.roles import Role


class Shape(StrEnum):
    """How the source's own drawing of a pathway is known."""

    READ = "read"
    CHART_LOST = "chart lost"
    NOT_READ = "not read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one role does, by when, and the paragraph that says so; `read` if it was read there."""

    who: Role
    what: str
    when: str
    paragraph: str
    read: bool

    @classmethod
    def of_document(cls, document: object) -> "Step":
        """Return the step of a document; raises `TypeError` or `ValueError` for another shape."""
        step = as_object(document)
        read = step.get("read")
        if not isinstance(read, bool) or step.keys() != set(cls.__slots__):
            raise TypeError("A step has who, what, when, paragraph, and read as true or false.")
        return cls(
            who=Role(text(step["who"])),
            what=text(step["what"]),
            when=text(step["when"]),
            paragraph=text(step["paragraph"]),
            read=read,
        )

    def document(self) -> dict[str, object]:
        """Return the step as JSON for people and machines."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pathway:
    """The steps of one source, in its order."""

    id: str
    title: str
    source: str
    shape: Shape
    note: str
    steps: tuple[Step, ...]

    @classmethod
    def of_document(cls, id_: str, document: Mapping[str, object]) -> "Pathway":
        """Return the pathway of a document; raises as `Step.of_document`."""
        return cls(
            id=id_,
            title=text(document["title"]),
            source=text(document["source"]),
            shape=Shape(text(document["shape"])),
            note=text(document["note"]),
            steps=tuple(map(Step.of_document, as_array(document["step"]))),
        )

    def document(self) -> dict[str, object]:
        """Return the pathway as JSON for people and machines."""
        return {
            "id": self.id,
            "title": self.title,
            "source": self.source,
            "shape": self.shape,
            "note": self.note,
            "steps": [step.document() for step in self.steps],
        }


@cache
def pathways() -> Mapping[str, Pathway]:
    """Return every pathway by its identifier, in the order of identifiers."""
    named = {
        file.name.removesuffix(".toml"): file.read_text("utf-8")
        for file in files("broker.concerns.pathways").iterdir()
        if file.name.endswith(".toml")
    }
    return {id_: Pathway.of_document(id_, tomllib.loads(named[id_])) for id_ in sorted(named)}


def pathway(id_: str) -> Pathway:
    """Return one pathway; raises `KeyError` for an identifier that there is not."""
    return pathways()[id_]
