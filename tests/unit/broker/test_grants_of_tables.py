"""Each table has a line that says what serving may do with it: a new one is not forgotten."""

from importlib import import_module

import pytest
from sqlalchemy import Table

from broker.storage.grants import RIGHTS, all_tables, grants

REGISTERS = ("installation", "legal_hold")


@pytest.mark.parametrize("table", all_tables(), ids=lambda table: table.name)
def test_each_table_has_a_line(table: Table) -> None:
    assert table.name in RIGHTS


def test_no_table_of_any_wing_is_overlooked() -> None:
    before = {table.name for table in all_tables()}
    # Whatever the broker is put together from has been imported by now.
    import_module("broker.wiring")

    assert {table.name for table in all_tables()} == before


def test_there_is_no_line_for_a_table_that_is_not() -> None:
    assert set(RIGHTS) == {table.name for table in all_tables()}


@pytest.mark.parametrize("table", REGISTERS)
def test_serving_writes_no_register(table: str) -> None:
    assert [one for one in grants("gateway") if f" ON {table} TO " in one] == [
        f"GRANT SELECT ON {table} TO gateway"
    ]
