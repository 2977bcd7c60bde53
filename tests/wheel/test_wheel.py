"""What was built is whole: every file of the packages is installed, and nothing else is used."""

from importlib.metadata import files
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("broker", "policies", "keys", "audit")
LISTED = ROOT / "files.txt"
"""Every file of the packages that is under version control; `make wheel` writes it."""

pytestmark = pytest.mark.skipif(
    not LISTED.exists(), reason="these are the sources; `make wheel` runs this against the wheel"
)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_comes_from_the_wheel(package: str) -> None:
    found = find_spec(package)

    assert found is not None
    assert found.origin is not None
    assert "site-packages" in Path(found.origin).parts


def test_the_wheel_holds_every_file_and_no_other() -> None:
    listed = set(LISTED.read_text(encoding="utf-8").splitlines())
    installed = {
        str(file)
        for file in files("disclosure-broker") or ()
        if file.parts[0] in PACKAGES and file.suffix != ".pyc"
    }

    assert listed
    assert installed == listed
