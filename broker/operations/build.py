"""Which build this is: one digest over every file of the four packages (docs/operating.md)."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from broker.ledger import events
from broker.wiring import Services

DISTRIBUTION = "disclosure-broker"
PACKAGES = ("audit", "broker", "keys", "policies")
OPERATOR = "operator"
"""Who starts a gateway: whoever may run commands on its host, by no other name."""

_NOT_SHIPPED = "broker/web/frontend/"
"""What the static files of the pages are compiled from lies in a checkout alone."""

_COMPILED = "__pycache__"


@cache
def running_build() -> str:
    """Return the build that runs, in 64 hexadecimal digits; reads every file once."""
    return build_of(tuple(map(_folder_of, PACKAGES)))


def build_of(packages: tuple[Path, ...]) -> str:
    """Return the build of the packages in these folders.

    It is the SHA-256 over what `sha256sum` prints of each file, in the order of their paths, so
    that a wheel and a checkout of the same sources have the same one.
    """
    found = sorted(line for folder in packages for line in _files_of(folder))
    listed = "".join(f"{digest}  {path}\n" for path, digest in found)
    return hashlib.sha256(listed.encode()).hexdigest()


def release() -> str:
    """Return the version of this release."""
    return version(DISTRIBUTION)


def record_build(services: Services, by: str) -> bool:
    """Append `build.run` if this gateway ran another build before; return whether it did.

    The file beside the database is a hint alone: the entry that it names must say the same.
    """
    build = running_build()
    if _is_recorded(services, build):
        return False
    with services.transaction() as tx:
        (number,) = tx.append(events.build_run(build, by))
    with suppress(OSError):
        services.home.build.write_text(str(number), encoding="ascii")
    return True


def _is_recorded(services: Services, build: str) -> bool:
    try:
        number = int(services.home.build.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return False
    found = services.log.entry(number) if number >= 0 else None
    if found is None:
        return False
    entry = found[0]
    is_ours = entry.gateway == services.home.gateway_name
    return is_ours and entry.type == "build.run" and entry.event.get("build") == build


def _folder_of(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(package)
    return Path(spec.origin).parent


def _files_of(folder: Path) -> Iterator[tuple[str, str]]:
    for path in folder.rglob("*"):
        if path.is_file() and _COMPILED not in path.parts:
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            if not name.startswith(_NOT_SHIPPED):
                yield name, hashlib.sha256(path.read_bytes()).hexdigest()
