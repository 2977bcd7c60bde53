"""The example's systemd unit: systemd takes it as it stands, and leaves the service little."""

import re
import subprocess
from pathlib import Path

import pytest
from missing_tools import missing
from packs import EXAMPLES

UNIT = EXAMPLES / "broker.service"


def analysed(*arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["systemd-analyze", *arguments], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        missing("systemd-analyze", "apt-get install systemd")


def test_systemd_finds_no_fault_in_the_unit(tmp_path: Path) -> None:
    # The program alone is another: that of the example is not installed here.
    unit = tmp_path / "broker.service"
    unit.write_text(
        UNIT.read_text("utf-8").replace("/opt/broker/bin/broker", "/bin/true"), "utf-8"
    )

    found = analysed("verify", str(unit))

    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


def test_the_service_is_exposed_to_little() -> None:
    found = analysed("security", "--offline=true", "--threshold=20", str(UNIT))
    exposure = re.search(r"Overall exposure level for broker.service: ([0-9.]+)", found.stdout)

    assert found.returncode == 0
    assert exposure is not None
    assert float(exposure[1]) <= 2.0


@pytest.mark.parametrize("line", ["ExecReload=/bin/kill -HUP $MAINPID", "KillMode=mixed"])
def test_a_reload_and_a_stop_tell_the_master_alone(line: str) -> None:
    assert line in UNIT.read_text("utf-8").splitlines()
