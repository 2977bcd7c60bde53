"""The static files of the pages are what their sources make, wherever npm can make them anew."""

import shutil
import subprocess
from pathlib import Path

import pytest

from broker import web

WEB = Path(web.__file__).parent
PARTS = ("frontend", "static")
UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ECONNRESET", "ENOTCACHED")
"""What npm says where it has a package neither at hand nor from its registry."""


def contents(folder: Path) -> dict[str, bytes]:
    files = (one for one in folder.rglob("*") if one.is_file())
    return {str(one.relative_to(folder)): one.read_bytes() for one in files}


@pytest.mark.long
@pytest.mark.skipif(
    shutil.which("npm") is None, reason="no npm here: THE STATIC FILES WERE NOT MADE ANEW"
)
def test_the_static_files_are_what_their_sources_make(tmp_path: Path) -> None:
    for part in PARTS:
        shutil.copytree(WEB / part, tmp_path / part, ignore=shutil.ignore_patterns("node_modules"))
    # What is compiled or copied must come back; what is written by hand stands there as it is.
    shutil.rmtree(tmp_path / "static" / "css")
    for compiled in (tmp_path / "static" / "js").glob("govuk-frontend-*"):
        compiled.unlink()

    built = subprocess.run(
        [tmp_path / "frontend" / "build.sh"],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )

    said = built.stdout + built.stderr
    if built.returncode and any(fault in said for fault in UNREACHABLE):
        pytest.skip("npm's packages cannot be had here: THE STATIC FILES WERE NOT MADE ANEW")
    assert built.returncode == 0, said
    kept, made = contents(WEB / "static"), contents(tmp_path / "static")
    assert sorted(made) == sorted(kept)
    assert [path for path, content in kept.items() if made[path] != content] == []
