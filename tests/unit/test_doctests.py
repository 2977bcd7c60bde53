"""The examples in docstrings hold, and each module of the formats begins with one."""

import doctest
import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import audit.format
import audit.log
import audit.verify


def modules_with_examples() -> Iterator[str]:
    for package in (audit.format, audit.verify, audit.log):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            if ">>> " in (importlib.import_module(module.name).__doc__ or ""):
                yield module.name


@pytest.mark.parametrize("name", [*modules_with_examples()])
def test_the_examples_of_a_module_hold(name: str) -> None:
    results = doctest.testmod(importlib.import_module(name))

    assert (results.failed, results.attempted > 0) == (0, True)


def test_each_module_of_the_formats_begins_with_an_example() -> None:
    formats = {
        module.name for module in pkgutil.iter_modules(audit.format.__path__, "audit.format.")
    }

    assert formats - set(modules_with_examples()) == set()
