"""Every error of the product has a problem document of its own kind."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import audit
import broker
import keys
import policies
from audit.errors import LedgerError
from broker.domain.errors import BrokerError
from broker.domain.problems import FAULT, FOR_OPERATORS, PROBLEMS, problem_of
from keys import KeyManagementError
from policies import PolicyError

NEVER_REACHES_A_CALLER = {
    "MalwareFoundError": "the dispatcher alone sees it, puts the step aside and notes an alarm",
    "ScannerSilentError": "the dispatcher alone sees it and tries again; an alarm tells of it",
    "BrokerError": "the base: nobody raises it",
    "TranslationFaultError": "the command for translators alone raises it, on the host",
    "CannotGoError": "the base of what is not issued or shared: nobody raises it",
    "SettingsError": "start fails before a request can come",
    "NotInitialisedError": "start fails before a request can come",
    "MismatchedPairError": "start fails before a request can come",
    "AlreadyDispatchingError": "the dispatch loop raises and answers it",
    "UnfinishedRestoreError": "start fails before a request can come",
    "UnsignedEntriesError": "raised by an upgrade, before a request can come",
    "PortTakenError": "start fails before a request can come",
    "LostKeystoreError": "start fails before a request can come",
    "ClockDoubtedError": "the command line and the dispatch loop destroy what is over",
    "BucketsUnavailableError": "limits go on without what they count in",
    "WrongDayError": "the command line confirms the day",
    "CheckFailedError": "the command line raises it",
    "KeyNeededError": "the command line retires keys",
    "BackupError": "the command line raises it",
    "NothingToOpenError": "the command line opens commitments",
    "StaysError": "the base of what keeps a case from erasure: nobody raises it",
    "HeldError": "the command line erases cases",
    "NoteOwedError": "the command line erases cases",
    "DirectoryFaultError": "the command line adds directory entries",
    "DemoError": "the command line raises it",
    "UnfitRoleError": "the command line raises it",
    "DeliveryError": "the dispatch loop raises and answers it",
    "DeferredError": "the dispatch loop raises and answers it",
    "RejectedError": "the dispatch loop raises and answers it",
    "TlsRefusedError": "the dispatch loop raises and answers it",
    "UnknownFateError": "the dispatch loop raises and answers it",
    "CannotRenderError": "packs are pressed in the dispatch loop",
    "SealNotProvedError": "packs are pressed in the dispatch loop",
    "NamedByAPersonError": "packs are pressed in the dispatch loop",
    "UnfitPassphraseError": "packs are pressed in the dispatch loop",
    "TooFewWordsError": "packs are pressed in the dispatch loop",
    "WordListError": "passphrases are drawn in the dispatch loop",
    "CannotOpenPdfError": "the gate turns it into a refusal of the file",
    "PageError": "the portal answers it with a page",
    "UnknownPageError": "the portal answers it with a page",
    "_NothingHereError": "the portal answers it with a page",
    "PageEndedError": "the portal answers it with a page",
    "PageLockedError": "the portal answers it with a page",
    "WrongCodeError": "the portal answers it with a page",
    "AskRefusedError": "the portal answers it with a page",
    "NotRecordedError": "the portal answers it with a page",
    "PolicyError": "the base: nobody raises it",
    "RulebookError": "the shelf turns it into rules that are not available",
    "RulesFolderError": "the command line writes rules",
    "RegisterError": "the command line imports registers",
}
"""Errors that may fall to the generic fault, each with the reason."""


def subclasses(kind: type[Exception]) -> Iterator[type[Exception]]:
    yield kind
    for below in kind.__subclasses__():
        yield from subclasses(below)


def raised_by_the_product() -> list[type[Exception]]:
    for package in (broker, policies, keys, audit):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in module.name and not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    bases = (BrokerError, PolicyError, KeyManagementError, LedgerError)
    # One that is of two kinds is below both.
    return [*dict.fromkeys(kind for base in bases for kind in subclasses(base))]


@pytest.mark.parametrize("kind", [pytest.param(k, id=k.__name__) for k in raised_by_the_product()])
def test_an_error_has_a_problem_of_its_own_kind_or_a_reason_for_none(
    kind: type[Exception],
) -> None:
    bare = kind.__new__(kind)

    is_generic = problem_of(bare) == FAULT

    assert is_generic == (kind.__name__ in NEVER_REACHES_A_CALLER)


def test_no_two_problems_share_a_name() -> None:
    slugs = [problem.slug for problem in set(PROBLEMS.values())]

    assert sorted(slugs) == sorted(set(slugs))


def test_the_table_names_only_errors_that_there_are() -> None:
    names = {kind.__name__ for kind in raised_by_the_product()}

    assert set(PROBLEMS) | FOR_OPERATORS <= names
