"""What a log serves for others to follow it (https://c2sp.org/tlog-tiles)."""

from audit.errors import NoSuchTileError
from audit.format.merkle.tiles import TilePath, entry_bundle
from audit.format.merkle.tree import WIDTH_BITS
from audit.log.stored_tree import ReadableLog, TiledTree, complete


def tile_content(log: ReadableLog, path: TilePath, size: int) -> bytes:
    """Return what lies at `path` of a log whose signed head counts `size` entries.

    A partial tile of any width is there that a head up to this one had. Raises `NoSuchTileError`
    where the head does not cover it, and `BrokenLedgerError` where a row is missing.
    """
    tile = path.tile
    if tile.stop > size >> (path.level or 0) * WIDTH_BITS:
        raise NoSuchTileError("The newest signed head does not count so many entries.")
    if path.level is None:
        return entry_bundle(complete(log.raw_entries(tile.start, tile.stop), tile.width))
    return b"".join(TiledTree(log=log, size=size).hashes(path.level, tile.start, tile.stop))
