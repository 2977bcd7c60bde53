"""Pydantic's findings in our own words: its own would repeat what was sent."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from pydantic import ValidationError

from broker.domain.errors import Fault, FaultyDocumentError
from broker.domain.facts import ANSWERED_BY_PEOPLE
from broker.domain.form import FIELD_BY_ID
from broker.domain.json_values import as_object, is_array, is_object, text
from broker.intake.shapes import Document
from broker.packs.visible import code_of, never_text

M = TypeVar("M", bound=Document)


def validated(model: type[M], document: Mapping[str, object]) -> M:
    """Return a document in its shape, or raise `FaultyDocumentError` with every fault of shape.

    Characters that a screen obeys instead of showing are faults wherever they stand.
    """
    obeyed = tuple(_obeyed(document, ()))
    try:
        valid = model.model_validate(document)
    except ValidationError as error:
        raise FaultyDocumentError((*_faults_of(error, model), *obeyed)) from None
    if obeyed:
        raise FaultyDocumentError(obeyed)
    return valid


def _obeyed(value: object, location: tuple[int | str, ...]) -> Iterator[Fault]:
    if is_object(value):
        for name, member in value.items():
            yield from _obeyed(name, location)
            yield from _obeyed(member, (*location, name))
    elif is_array(value):
        for index, member in enumerate(value):
            yield from _obeyed(member, (*location, index))
    elif isinstance(value, str) and (found := never_text(value)) is not None:
        problem = (
            f"holds a control or direction character ({code_of(found)}), which is no letter; "
            "type the words again"
        )
        yield Fault(place=_place(location), problem=problem)


def _faults_of(error: ValidationError, model: type[Document]) -> Iterable[Fault]:
    for finding in error.errors(include_url=False, include_input=False):
        *above, last = finding["loc"]
        if finding["type"] == "extra_forbidden":
            yield Fault(
                place=_place(above),
                problem=f"has a name that does not belong there{_known(above, model)}",
            )
        else:
            yield Fault(place=_place((*above, last)), problem=_in_words(finding))


def _known(above: Iterable[int | str], model: type[Document]) -> str:
    return "" if tuple(above) else f"; it may have: {', '.join(_own_names(model))}"


# A name that was sent may be personal too, so only ours are repeated.
def _names(model: type[Document]) -> Iterator[str]:
    yield from _own_names(model)
    for narrower in model.__subclasses__():
        yield from _names(narrower)


def _own_names(model: type[Document]) -> Iterator[str]:
    """Yield the names of a shape's fields as they are sent."""
    for name, field in model.model_fields.items():
        yield field.alias or name


_NAMES_IN_PACKS = frozenset(
    (*FIELD_BY_ID, *(step for place in ANSWERED_BY_PEOPLE for step in place.split(".")))
)


def _place(location: Iterable[int | str]) -> str:
    # Asked anew each time: a shape is known once its module is, which may be after this one.
    ours = _NAMES_IN_PACKS.union(_names(Document))
    place = "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}"
        for step in location
        if isinstance(step, int) or step in ours
    )
    return place.removeprefix(".") or "document"


_WORDS = {
    "missing": "is missing",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "string_too_short": "is empty",
    "string_too_long": "is too long",
    "too_short": "names nothing; name at least one field that it carries",
    "too_long": "holds too many",
    "string_pattern_mismatch": "is not written as it must be",
}


def _in_words(finding: Mapping[str, object]) -> str:
    if finding["type"] in {"literal_error", "enum"}:
        # These are our own words: the context is what may stand, not what was sent.
        return f"must be one of: {_spelt(text(as_object(finding['ctx'])['expected']))}"
    said = _WORDS.get(text(finding["type"]), "is not what the format asks for")
    most = as_object(finding.get("ctx", {})).get("max_length")
    unit = " characters" if finding["type"] == "string_too_long" else ""
    return f"{said}: {most:,}{unit} at most" if isinstance(most, int) else said


def _spelt(expected: str) -> str:
    return expected.replace("' or '", "', '").replace("'", "")
