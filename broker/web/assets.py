"""The static files of the pages: kept with their checksums, named with them, cached for ever."""

import mimetypes
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

SUMS = "SHA256SUMS"
PREFIX = "/assets/"
_SHOWN = 12

_TYPES = MappingProxyType({".mjs": "text/javascript", ".js": "text/javascript"})


def folder() -> Traversable:
    """Return the folder of the static files, wherever the package is installed."""
    return files("broker.web") / "static"


@cache
def checksums() -> MappingProxyType[str, str]:
    """Return the SHA-256 of every static file by its path, as it was kept."""
    lines = (folder() / SUMS).read_text(encoding="ascii").splitlines()
    return MappingProxyType(
        {path: digest for digest, _, path in (ln.partition("  ") for ln in lines)}
    )


def asset(path: str) -> str:
    """Return the address of a static file, which changes with its content.

    Raises `KeyError` for a file that is not kept: a template that names one is a fault of ours.
    """
    return f"{PREFIX}{path}?v={checksums()[path][:_SHOWN]}"


@cache
def content(path: str) -> bytes | None:
    """Return a static file, None where there is none of that path."""
    return (folder() / path).read_bytes() if path in checksums() else None


def media_type(path: str) -> str:
    """Return what a browser is told that a static file is."""
    ending = path[path.rfind(".") :]
    return _TYPES.get(ending) or mimetypes.guess_type(path)[0] or "application/octet-stream"
