"""The closed lists that the ledger draws from: words of the rules, and of roles and cases."""

from collections.abc import Mapping
from functools import cache

from audit.format.vocabulary import WordList
from broker.domain.cases.stages import CaseEnd, CaseKind, LinkKind, Stage
from broker.domain.obligations import UPDATE_THE_RECORD
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
        WordList.OBLIGATIONS: frozenset(shipped.obligations) | {UPDATE_THE_RECORD},
        WordList.ROLES: frozenset(Role),
        WordList.CASE_KINDS: frozenset(CaseKind),
        WordList.STAGES: frozenset(Stage),
        WordList.CASE_LINKS: frozenset(LinkKind),
        WordList.CASE_ENDS: frozenset(CaseEnd),
    }
