"""Counts how often earlier concerns are looked up: each time is an entry, or must not be."""

import pytest

from broker.cases.earlier.index import EarlierIndex
from broker.domain.facts import Earlier
from broker.domain.judgement import JudgementRequest
from broker.domain.model import Approval
from broker.storage.transaction import Transaction
from keys import AgencyId


def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[AgencyId]:
    """Return a list that names, from now on, the body of each look-up."""
    found, look = list[AgencyId](), EarlierIndex.__call__

    def counted(
        index: EarlierIndex, tx: Transaction, asked: JudgementRequest, approval: Approval | None
    ) -> Earlier:
        found.append(asked.person.agency)
        return look(index, tx, asked, approval)

    monkeypatch.setattr(EarlierIndex, "__call__", counted)
    return found
