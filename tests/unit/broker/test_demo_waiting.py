"""The demonstration stays where it is for whoever looks at what `make demo-tamper` did."""

import subprocess
from pathlib import Path
from typing import cast

import pytest
from brokers import settings_for

from audit.errors import LedgerNotOpenError
from broker.cli.running import demo


class Server:
    """A gateway that ends at the third look."""

    def __init__(self) -> None:
        self.looks = 0

    def wait(self, timeout: float) -> int:
        self.looks += 1
        if self.looks < 3:
            raise subprocess.TimeoutExpired("serve", timeout)
        return 0


def test_a_ledger_at_fault_ends_no_demonstration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_settings: object) -> None:
        raise LedgerNotOpenError

    monkeypatch.setattr(demo, "assemble", broken)
    server = Server()

    demo.wait_and_renew(settings_for(tmp_path / "home"), cast("subprocess.Popen[bytes]", server))

    assert server.looks == 3
    said = capsys.readouterr().out
    assert said.count("The ledger does not hold any more") == 1
    assert "http" not in said
