"""What happened once is kept until somebody mends it; a disk without room loses none of it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from broker.notices import Notices


def noon() -> datetime:
    return datetime(2026, 3, 16, 12, tzinfo=UTC)


def test_where_nothing_can_be_written_a_process_remembers_what_it_noted(tmp_path: Path) -> None:
    notices = Notices(path=tmp_path / "missing" / "notices", clock=noon)
    notices.note("integrity-failed")
    notices.note("integrity-failed")
    assert notices.all()["integrity-failed"].times == 2

    (tmp_path / "missing").mkdir()
    notices.note("ledger-grew")
    assert set(Notices(path=notices.path, clock=noon).all()) == {
        "integrity-failed",
        "ledger-grew",
    }


@pytest.mark.parametrize("content", ["", "[]", '{"x": 1}', '{"x": {"times": "many"}}'])
def test_a_file_of_notices_that_says_nothing_holds_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "notices").write_text(content)

    assert Notices(path=tmp_path / "notices", clock=noon).all() == {}
