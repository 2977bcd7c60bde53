'''What an event is made of: one class for each type, which is also its row of the closed table.

>>> from typing import Annotated, ClassVar
>>> from audit.format.field_kinds import COUNT, REFERENCE
>>> @dataclass(frozen=True, slots=True, kw_only=True)
... class Counted(RecordedEvent):
...     """Something was counted."""
...     type_name: ClassVar[str] = "counted"
...     ref: Annotated[str, REFERENCE]
...     count: Annotated[int, COUNT] | None = None
>>> Counted(ref="PRV-7Q4K-M2XH").event()
{'type': 'counted', 'ref': 'PRV-7Q4K-M2XH'}
>>> row = event_type_of(Counted)
>>> row.when, [kind.name for kind in row.fields.values()], row.optional
('something was counted', ['reference', 'count'], frozenset({'count'}))
'''

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from types import MappingProxyType
from typing import ClassVar, get_args, get_type_hints

from audit.format.field_kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEvent:
    """Base of the events: each field says its kind, and None leaves an optional one out.

    The first line of a class says when the event is written.
    """

    type_name: ClassVar[str]

    def event(self) -> dict[str, object]:
        """Return what is appended to the ledger."""
        named = ((field.name, getattr(self, field.name)) for field in fields(self))
        given = {name: value for name, value in named if value is not None}
        return {"type": self.type_name, **given}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """One row of the table; `optional` fields may be left out, all others must be there."""

    name: str
    when: str
    fields: Mapping[str, Kind]
    optional: frozenset[str]


def event_type_of(event: type[RecordedEvent]) -> EventType:
    """Return the row of the table that a class of events is."""
    hints = get_type_hints(event, include_extras=True)
    kinds = {field.name: next(_kinds_in(hints[field.name])) for field in fields(event)}
    optional = frozenset(field.name for field in fields(event) if field.default is not MISSING)
    written = (event.__doc__ or "").partition("\n")[0]
    return EventType(
        name=event.type_name,
        when=written[:1].lower() + written[1:].removesuffix("."),
        fields=MappingProxyType(kinds),
        optional=optional,
    )


def _kinds_in(hint: object) -> Iterator[Kind]:
    """Yield the kinds with which a field's type is annotated: one, or its class is wrong."""
    for part in get_args(hint):
        if isinstance(part, Kind):
            yield part
        else:
            yield from _kinds_in(part)
