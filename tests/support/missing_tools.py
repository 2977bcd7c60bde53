"""What a machine may lack, and the build may not."""

import os
from typing import NoReturn

import pytest


def missing(what: str, how: str) -> NoReturn:
    """Fail where the build must be complete; elsewhere skip, loudly."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing: {how}")
    pytest.skip(f"{what} IS MISSING, SO THIS WAS NOT TESTED: {how}")
