"""The offline verifier needs the standard library and `cryptography`, and nothing else."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import audit

HOOK = """
import sys

class OnlyTheStandardLibrary:
    def find_spec(self, name, path=None, target=None):
        allowed = {"audit", "cryptography", "_cffi_backend", "cffi"} | sys.stdlib_module_names
        if name.partition(".")[0] not in allowed:
            raise ModuleNotFoundError(f"refused: {name}")

sys.meta_path.insert(0, OnlyTheStandardLibrary())
from audit.cli import main
status = main(sys.argv[1:], sys.stdout, sys.stderr)
assert not {"sqlalchemy", "orjson"} & set(sys.modules)
sys.exit(status)
"""


def test_the_verifier_runs_without_any_other_library(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", HOOK, "verify", tmp_path],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(audit.__file__).parents[1],
    )

    assert (run.returncode, run.stderr) == (3, "")
    assert "policy is missing" in run.stdout


def test_the_package_is_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["audit", "verify", "/nowhere/at/all"])

    with pytest.raises(SystemExit) as leaving:
        runpy.run_module("audit", run_name="__main__", alter_sys=True)

    assert leaving.value.code == 2
    assert "is not a folder" in capsys.readouterr().err
