"""The closed lists that the ledger draws from: the rules' words and the gateway's roles."""

from collections.abc import Mapping
from functools import cache

from audit.format.vocabulary import WordList
from broker.domain.roles import Role
from policies import Outcome, Rulebook


def recordable(of: WordList) -> frozenset[str]:
    """Return the words of a list that this release records; the first call reads its rulebook.

    >>> "guardian" in recordable(WordList.ROLES), "tam" in recordable(WordList.PURPOSES)
    (True, False)
    """
    return _lists()[of]


@cache
def _lists() -> Mapping[WordList, frozenset[str]]:
    shipped = Rulebook.shipped()
    return {
        WordList.OUTCOMES: frozenset(Outcome),
        WordList.PURPOSES: frozenset(shipped.vocabulary.shapes["purpose"].words),
        WordList.OBLIGATIONS: frozenset(shipped.obligations),
        WordList.ROLES: frozenset(Role),
    }
