"""Read an exported folder, trusting nothing in it; the standard library alone."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Final, cast

from audit.errors import (
    BrokenLedgerError,
    BrokenTileError,
    IncompleteLedgerError,
    MalformedEntryError,
    Rule,
)
from audit.format.merkle.tiles import (
    MAX_RECORD_BYTES,
    WIDTH,
    HashTile,
    Tile,
    split_bundle,
    split_hashes,
    tiles_of,
)
from audit.format.merkle.tree import HASH_SIZE
from audit.verify.foreign_files import (
    check_no_foreign_files,
    check_not_converted,
    is_a_checkpoint,
)

_MAX_BUNDLE_BYTES: Final = WIDTH * (2 + MAX_RECORD_BYTES)
_MAX_TILE_BYTES: Final = WIDTH * HASH_SIZE
_MAX_NOTE_BYTES: Final = 1_000_000
_MAX_MANIFEST_BYTES: Final = 1_000_000_000
_RECEIPT = re.compile(r"([0-9]{20})\.tlog-proof", re.ASCII)
_LISTED = re.compile(r"[a-z0-9][a-z0-9._/-]{0,199}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFolder:
    """A folder as `audit.log` writes it, or as any C2SP log serves it."""

    path: Path

    def checkpoint(self) -> bytes:
        """Return the signed head."""
        return self._text("checkpoint")

    def vkey(self) -> bytes:
        """Return the log's verifier key as the folder spells it, for people to compare."""
        return self._text("log.vkey")

    def policy(self) -> bytes:
        """Return the trust policy that the folder brings along: proof of nothing by itself."""
        return self._text("policy")

    def older_checkpoints(self) -> list[tuple[str, bytes]]:
        """Return path and bytes of the signed heads of other sizes."""
        folder = self.path / "checkpoints"
        names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
        paths = [f"checkpoints/{name}" for name in names if is_a_checkpoint(name)]
        return [(path, self._text(path)) for path in paths]

    def partial(self) -> bytes | None:
        """Return what a partial export says of itself, None for a whole one."""
        return self._text("partial.json") if (self.path / "partial.json").exists() else None

    def receipts(self) -> list[tuple[int, bytes]]:
        """Return number and bytes of the receipts of a partial export, in their order."""
        folder = self.path / "receipts"
        names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
        return [(_number_of(name), self._text(f"receipts/{name}")) for name in names]

    def entries(self, size: int) -> Iterator[bytes]:
        """Yield the entries of a log of `size`; raises where a bundle is missing or cut short."""
        for tile in tiles_of(size):
            number = tile.start
            try:
                for entry in split_bundle(self._tile("entries", tile, _MAX_BUNDLE_BYTES)):
                    yield entry
                    number += 1
            except MalformedEntryError as error:
                raise BrokenLedgerError(
                    f"Entry {number} in tile/entries/{tile.path} cannot be read. {error}",
                    first_bad=number,
                    rule=Rule.BUNDLE,
                ) from error

    def entry(self, number: int, size: int) -> bytes:
        """Return one entry of a log of `size` that was verified."""
        tile = next(islice(tiles_of(size), number // WIDTH, None))
        bundle = self._tile("entries", tile, _MAX_BUNDLE_BYTES)
        return next(islice(split_bundle(bundle), number % WIDTH, None))

    def leaves(self, size: int) -> list[bytes]:
        """Return the leaf hashes that the tiles of level 0 hold for a log of `size`."""
        return [
            leaf
            for tile in tiles_of(size)
            for leaf in split_hashes(self._tile("0", tile, _MAX_TILE_BYTES))
        ]

    def check_tile(self, tile: HashTile) -> None:
        """Return if the folder's tile is as it must be, or raise `BrokenLedgerError`."""
        if self._read(tile.path, _MAX_TILE_BYTES) != tile.content:
            raise BrokenTileError(
                f"{tile.path} does not hold the hashes of the entries, which hold themselves.",
                level=tile.level,
                index=tile.tile.number,
            )

    def check_manifest(self) -> None:
        """Return if every file is as the manifest lists it, or raise `BrokenLedgerError`.

        The manifest is not signed: it finds damage on the way, not an attack.
        """
        for path, digest in _listed(self._read("manifest.json", _MAX_MANIFEST_BYTES)).items():
            if sha256(self._read(path, _MAX_BUNDLE_BYTES)).hexdigest() != digest:
                raise _bad_manifest(f"{path} is not as the manifest lists it.")

    def check_no_foreign_files(self) -> None:
        """Return if nothing lies there that is no part of a log, or raise naming it."""
        check_no_foreign_files(self.path)

    def _text(self, path: str) -> bytes:
        content = self._read(path, _MAX_NOTE_BYTES)
        check_not_converted(content, path)
        return content

    def _tile(self, level: str, tile: Tile, limit: int) -> bytes:
        try:
            return self._read(f"tile/{level}/{tile.path}", limit)
        except IncompleteLedgerError as error:
            raise IncompleteLedgerError(
                f"{error} Entries {tile.start} to {tile.stop - 1} cannot be checked without it."
            ) from error

    def _read(self, path: str, limit: int) -> bytes:
        try:
            with (self.path / path).open("rb") as stream:
                content = stream.read(limit + 1)
        except OSError as error:
            raise IncompleteLedgerError(f"{path} is missing or cannot be read.") from error
        if len(content) > limit:
            raise BrokenLedgerError(
                f"{path} is longer than such a file can be.", first_bad=None, rule=Rule.BUNDLE
            )
        return content


def _number_of(name: str) -> int:
    matched = _RECEIPT.fullmatch(name)
    if matched is None:
        raise IncompleteLedgerError(
            f"receipts/{name!a} is no receipt of this export. Ask for the folder anew."
        )
    return int(matched[1])


def _listed(manifest: bytes) -> Mapping[str, str]:
    try:
        whole: object = json.loads(manifest)
    except (ValueError, RecursionError) as error:
        raise _bad_manifest("The manifest is not JSON.") from error
    files = cast("dict[str, object]", whole).get("files") if isinstance(whole, dict) else None
    if not isinstance(files, dict):
        raise _bad_manifest("The manifest lists no files.")
    listed = cast("dict[str, object]", files)
    for path, digest in listed.items():
        if not isinstance(digest, str) or not _LISTED.fullmatch(path) or ".." in path.split("/"):
            raise _bad_manifest("The manifest lists a file outside the folder, or no digest.")
    return cast("dict[str, str]", listed)


def _bad_manifest(message: str) -> BrokenLedgerError:
    return BrokenLedgerError(message, first_bad=None, rule=Rule.MANIFEST)
