"""Exactly what a decision lets go and what stays, field by field and file by file: pure."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from broker.domain.form import label_of
from broker.domain.json_values import as_array, as_object, text, texts
from broker.domain.model import Pack

LEFT_OUT = "The Guardian left it out."
_NOT_ALL = "Not every field that it carries goes."


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatGoes:
    """What leaves under a decision, what stays and why, and what stopped it."""

    outcome: str
    goes: tuple[str, ...]
    stays: Mapping[str, str]
    files_go: tuple[str, ...]
    files_stay: tuple[str, ...]
    because: tuple[str, ...]
    lawful_if: tuple[str, ...]

    @classmethod
    def of(
        cls, decision: Mapping[str, object], pack: Pack, left_out: frozenset[str] = frozenset()
    ) -> "WhatGoes":
        """Return what a decision document (contract decision/2) on a pack lets go."""
        goes = texts(decision["release"])
        withheld = as_object(decision["withheld"])
        released = frozenset(goes)
        return cls(
            outcome=text(decision["outcome"]),
            goes=goes,
            stays={
                **{field: text(why) for field, why in withheld.items()},
                **{field: LEFT_OUT for field in pack.fields if field in left_out},
            },
            files_go=tuple(n.name for n in pack.attachments if released.issuperset(n.carries)),
            files_stay=tuple(
                n.name for n in pack.attachments if not released.issuperset(n.carries)
            ),
            because=tuple(
                text(finding["say"])
                for finding in map(as_object, as_array(decision["findings"]))
                if finding["effect"] in {"refuse", "refer"}
            ),
            lawful_if=texts(decision["lawful_if"]),
        )

    @property
    def seen(self) -> str:
        """A digest of it: whoever gives it back decides about exactly this and nothing else."""
        return seen_of(self._lists())

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        return {**self._lists(), "seen": self.seen}

    def _lists(self) -> dict[str, object]:
        return {
            "outcome": self.outcome,
            "goes": [_line(field) for field in self.goes],
            "stays": [{**_line(field), "why": why} for field, why in self.stays.items()],
            "attachments_that_go": list(self.files_go),
            "attachments_that_stay": [{"name": n, "why": _NOT_ALL} for n in self.files_stay],
            "because": list(self.because),
            "lawful_if": list(self.lawful_if),
        }


def seen_of(shown: object) -> str:
    """Return the digest by which whoever was shown a JSON value says that they saw just that.

    >>> seen_of(["a"]) == seen_of(["a"]), seen_of(["a"]) == seen_of(["b"])
    (True, False)
    """
    document = json.dumps(shown, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(document.encode()).hexdigest()[:32]


def _line(field: str) -> dict[str, object]:
    return {"field": field, "label": label_of(field)}
