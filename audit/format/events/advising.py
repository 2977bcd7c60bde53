"""Events of a Guardian's work beside decisions: advice, and cover by a deputy.

>>> AdviceAsked(
...     row="advice/a-1", row_mac="0" * 64, ref="PRV-7Q4K-M2XH", by="p-guardian", of="ig",
...     due="2026-03-18", question_c="0" * 64,
... ).event()["type"]
'advice.asked'
"""

from dataclasses import dataclass
from typing import ClassVar

from audit.format import field_kinds as kinds
from audit.format.events.running import RowChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceAsked(RowChanged):
    """A Guardian asked somebody for advice on a disclosure; advice approves nothing."""

    type_name: ClassVar[str] = "advice.asked"
    ref: kinds.Reference
    by: kinds.OpaqueId
    of: kinds.AdviserWord
    due: kinds.Day
    question_c: kinds.Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceGiven(RowChanged):
    """Advice was given, or filed by the Guardian who was told it."""

    type_name: ClassVar[str] = "advice.given"
    ref: kinds.Reference
    by: kinds.OpaqueId
    of: kinds.AdviserWord
    answer_c: kinds.Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverSet(RowChanged):
    """A deputy covers for a Guardian, from a day to the end of another; it grants nothing."""

    type_name: ClassVar[str] = "cover.set"
    by: kinds.OpaqueId
    agency: kinds.OpaqueId
    guardian: kinds.OpaqueId
    deputy: kinds.OpaqueId
    first: kinds.Day
    last: kinds.Day
