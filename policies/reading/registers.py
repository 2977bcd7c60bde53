"""Read the registers of fields, purposes and conditions; each name stands in two files."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from policies.fields import FIELDS, SPECIAL_CLASSES
from policies.reading.strict_toml import Faults, Section, Source, top
from policies.reading.vocabulary import Vocabulary
from policies.registers import PurposeFields, Registers, UsualConditions

_CLASSES: Final = ("ID", "SC", "CO", "TP", "FT", "AD", "sensitive", "WHOLE")
_NUMBER: Final = re.compile(r"[0-9]+\.[0-9]+|none")


def read_registers(
    files: Mapping[str, Source], vocabulary: Vocabulary, faults: Faults
) -> Registers:
    """Return the registers, noting fields and purposes that are not known."""
    classes = _classes(top(files["vocabulary/fields.toml"], faults))
    purposes = set(vocabulary.shapes["purpose"].words)
    conditions = vocabulary.derived["special condition"].words
    return Registers(
        field_order=FIELDS,
        special_fields=frozenset(
            field for field, named in classes.items() if named & SPECIAL_CLASSES
        ),
        never_released=frozenset(field for field, named in classes.items() if "WHOLE" in named),
        purposes=_purposes(
            top(files["registers/purposes.toml"], faults),
            purposes,
            vocabulary.derived["missing to act on"].words,
        ),
        conditions=_conditions(
            top(files["registers/legal-basis.toml"], faults),
            vocabulary.lists["purposes about a person"],
            conditions,
        ),
        lists=vocabulary.lists,
    )


def _classes(section: Section) -> dict[str, frozenset[str]]:
    classes: dict[str, frozenset[str]] = {}
    for field, inner in section.each():
        if not _NUMBER.fullmatch(inner.text("number")):
            inner.fault("A number is like 3.10, or none.", at=field)
        classes[field] = frozenset(inner.texts("classes"))
        for name in sorted(classes[field] - set(_CLASSES)):
            section.fault(f"'{name}' is not a class of field.", at=name, known=_CLASSES)
        inner.finish()
    _same(section, "field", FIELDS, classes)
    return classes


def _purposes(
    section: Section, known: Iterable[str], wanted: tuple[str, ...]
) -> dict[str, PurposeFields]:
    purposes: dict[str, PurposeFields] = {}
    for name, inner in section.each():
        others = inner.optional_text("others")
        if others not in {None, "the Guardian"}:
            inner.fault("Other fields can only be for 'the Guardian'.", at="others")
        purposes[name] = PurposeFields(
            minimum=_fields(inner, "minimum"),
            for_a_child=_fields(inner, "for-a-child"),
            with_a_reason=_fields(inner, "with-a-reason"),
            with_agreement=_fields(inner, "with-agreement"),
            to_a_safeguarding_inbox=_fields(inner, "to-a-safeguarding-inbox"),
            to_act_on=_to_act_on(inner.optional_section("to-act-on")),
            others_to_guardian=others is not None,
        )
        inner.finish()
    _same(section, "purpose", known, purposes)
    used = {name for row in purposes.values() for name in row.to_act_on}
    _same(section, "need of a recipient", wanted, used)
    return purposes


def _to_act_on(section: Section) -> dict[str, frozenset[str]]:
    needed = {name: _fields(section, name) for name in section.names()}
    section.finish()
    return needed


def _fields(section: Section, key: str) -> frozenset[str]:
    fields = section.texts(key) if key == "minimum" else section.optional_texts(key)
    for field in fields:
        if field not in FIELDS:
            section.fault(f"'{field}' is not a field.", at=field, known=FIELDS)
    return frozenset(fields)


def _conditions(
    section: Section, purposes: Iterable[str], known: tuple[str, ...]
) -> dict[str, UsualConditions]:
    conditions: dict[str, UsualConditions] = {}
    for name, inner in section.each():
        usual, child = inner.texts("usual"), inner.optional_texts("for-a-child")
        police = inner.optional_texts("from-the-police")
        for word in (*usual, *child, *police):
            if word not in known:
                inner.fault(f"'{word}' is not a condition.", at=word, known=known)
        conditions[name] = UsualConditions(
            usual=frozenset(usual),
            for_a_child=frozenset(child),
            from_the_police=frozenset(police),
        )
        inner.finish()
    _same(section, "purpose", purposes, conditions)
    return conditions


def _same(section: Section, what: str, known: Iterable[str], here: Iterable[str]) -> None:
    known, here = set(known), set(here)
    for name in sorted(here - known):
        section.fault(f"'{name}' is not a {what}.", at=name, known=sorted(known))
    for name in sorted(known - here):
        section.fault(f"The {what} '{name}' is not here.", at=name, known=sorted(here))
