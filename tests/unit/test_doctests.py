"""The examples in docstrings hold, and each module of the formats begins with one."""

import doctest
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from enum import Enum

import pytest

import audit.format
import audit.log
import audit.verify
import broker.concerns
import broker.domain
import keys


def modules_with_examples() -> Iterator[str]:
    for package in (audit.format, audit.verify, audit.log, keys, broker.concerns, broker.domain):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ">>> " in (importlib.import_module(module.name).__doc__ or ""):
                yield module.name


@pytest.mark.parametrize("name", [*modules_with_examples()])
def test_the_examples_of_a_module_hold(name: str) -> None:
    results = doctest.testmod(importlib.import_module(name))

    assert (results.failed, results.attempted > 0) == (0, True)


def test_each_module_of_the_formats_begins_with_an_example() -> None:
    walked = pkgutil.walk_packages(audit.format.__path__, "audit.format.")
    modules = {module.name for module in walked if not module.ispkg}
    of_the_table = {name for name in modules if name.startswith("audit.format.events.")}

    formats = modules - of_the_table | {"audit.format.events"}
    assert formats - set(modules_with_examples()) == set()


def test_each_class_on_the_face_of_keys_stands_in_an_example() -> None:
    classes = {
        name: offered.__module__
        for name in keys.__all__
        if inspect.isclass(offered := getattr(keys, name))
        and not issubclass(offered, Exception | Enum)
    }
    # What it takes and gives.
    of_the_keystore = {"KeyRing", "ScryptCost", "FieldName", "Mark", "HardwareToken"}

    assert (
        set(classes.values())
        - set(modules_with_examples())
        - {classes[name] for name in of_the_keystore}
        == set()
    )
