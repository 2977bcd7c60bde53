"""The bundle of a rulebook: everything that decides, as canonical bytes with one digest.

It holds the rulebook's tables, a digest of the engine's source and the moments at which London
changes its clocks, so that a recorded decision can be judged again without any file.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final, cast

from policies.engine import ENGINE
from policies.errors import Message, RulebookError
from policies.fields import FIELDS
from policies.london import london_transitions
from policies.reading.strict_toml import Source

FORMAT: Final = "rulebook/1"
_NOT_THE_ENGINE: Final = "/tools"  # it tells and checks; all else takes part in judging
# What is said to people: it may change without changing what is decided.
_PROSE: Final = frozenset(
    {
        "asks",
        "citation",
        "edition",
        "extent",
        "field-outcomes",
        "gloss",
        "lawful-if",
        "note",
        "read-by",
        "read-in",
        "read-on",
        "say",
        "sayings",
        "sentence",
        "source",
        "title",
        "why",
        "written-on",
    }
)


@cache
def engine_source() -> str:
    """Return the digest of every source file that takes part in judging, and of the fields."""
    digest = hashlib.sha256()
    # The engine takes the fields from the shipped rulebook, in its order, which a bundle loses.
    digest.update(f"{' '.join(FIELDS)}\n".encode())
    for name, path in engine_files(files("policies")):
        content = path.read_bytes()
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return f"sha256:{digest.hexdigest()}"


def engine_files(folder: Traversable, above: str = "") -> Iterator[tuple[str, Traversable]]:
    """Yield every source file of the engine with its name (`/reading/bundle.py`), in order."""
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        name = f"{above}/{path.name}"
        if path.is_dir() and name != _NOT_THE_ENGINE:
            yield from engine_files(path, name)
        elif name.endswith(".py"):
            yield name, path


def is_of_this_engine(bundle: bytes) -> bool:
    """Say whether a bundle can be judged by here; raises `RulebookError` for what is none."""
    parts, _ = _parts_of(bundle)
    return parts == _made_by_this_engine()


def bundle_of(sources: Iterable[Source]) -> bytes:
    """Return the bundle of a rulebook that was read and found good."""
    return _canonical(
        {
            **_made_by_this_engine(),
            "files": {source.name: source.table for source in sources},
        }
    )


def sources_of(bundle: bytes) -> list[Source]:
    """Return the tables of a bundle, or raise `RulebookError` if this engine did not make it."""
    parts, tables = _parts_of(bundle)
    if parts != _made_by_this_engine():
        raise _refused(
            "This bundle was made with another engine, so it might answer otherwise here. "
            "Judge it again with the version of the product that made it."
        )
    return [Source(name=name, text="", table=table) for name, table in tables.items()]


def duties_in(bundle: bytes) -> dict[str, str]:
    """Return what each duty of a bundle asks, in its words, whichever engine made the bundle.

    So a decision stays readable in a release that cannot judge by its rules any more. Raises
    `RulebookError` for what is no bundle.
    """
    _, tables = _parts_of(bundle)
    return {
        type_: sentence
        for type_, kind in tables.get("obligations.toml", {}).items()
        if isinstance(kind, dict)
        and isinstance(sentence := cast("dict[str, object]", kind).get("sentence"), str)
    }


def digest_of(content: bytes) -> str:
    """Return the digest by which a bundle is named."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def meaning_of(sources: Iterable[Source]) -> str:
    """Return the digest of what decides, blind to wording: same meaning, same digest."""
    return digest_of(_canonical({source.name: _without_prose(source.table) for source in sources}))


def _parts_of(bundle: bytes) -> tuple[dict[str, object], dict[str, Mapping[str, object]]]:
    """Return what a bundle says of its making, and its tables by the names of their files."""
    try:
        document: object = json.loads(bundle)
    except ValueError as error:
        raise _refused("This is not a bundle: its bytes are not JSON.") from error
    if not isinstance(document, dict) or _canonical(cast("object", document)) != bundle:
        raise _refused("This is not a bundle as it was made: its bytes are not canonical.")
    parts = cast("dict[str, object]", document)
    tables = parts.pop("files", None)
    if not isinstance(tables, dict):
        raise _refused("This is not a bundle: it holds no files.")
    return parts, cast("dict[str, Mapping[str, object]]", tables)


def _made_by_this_engine() -> dict[str, object]:
    engine = {"name": ENGINE, "source": engine_source(), "london": london_transitions()}
    return {"format": FORMAT, "engine": engine}


def _without_prose(value: object) -> object:
    if isinstance(value, dict):
        table = cast("dict[str, object]", value)
        return {key: _without_prose(part) for key, part in table.items() if key not in _PROSE}
    if isinstance(value, list):
        return [_without_prose(part) for part in cast("list[object]", value)]
    return value


def _canonical(value: object) -> bytes:
    # Texts, whole numbers and flags only: sorted keys and no spaces make these bytes canonical.
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _refused(text: str) -> RulebookError:
    return RulebookError([Message(file="bundle", line=None, text=text)])
