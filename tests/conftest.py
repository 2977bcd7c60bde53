"""Fixtures that several suites share, values only; and how the tests are collected."""

import gc
import sys
from collections.abc import Generator, Iterator
from itertools import count
from pathlib import Path

import pytest
from brokers import Clock
from compiled_once import compile_once
from homes import Prepared, prepare
from missing_tools import missing
from postgres import Cluster, installed, running_cluster
from rounds import reduce_rounds

from broker.domain import obligations
from broker.wiring import Services

PREPARED = "prepared"
TESTS = Path(__file__).parent
MEASURED = (
    "unit/",
    "integration/audit/",
    "integration/keys/",
    "integration/policies/",
    "property/test_audit_proofs.py",
)
MEASURED_ALSO = frozenset(
    {
        "test_advice.py",
        "test_afterwards.py",
        "test_agreements.py",
        "test_api.py",
        "test_breaches.py",
        "test_cases.py",
        "test_ceremony.py",
        "test_chasing.py",
        "test_concerns.py",
        "test_deciders.py",
        "test_deliveries.py",
        "test_disclosures.py",
        "test_dispatching.py",
        "test_drafts.py",
        "test_earlier_concerns.py",
        "test_edited_columns.py",
        "test_erasure.py",
        "test_foreign_growth.py",
        "test_full_disk.py",
        "test_hindsight.py",
        "test_keyring.py",
        "test_later_steps.py",
        "test_ledger_at_fault.py",
        "test_ledger_databases.py",
        "test_ledger_openings.py",
        "test_ledger_readers.py",
        "test_ledger_rewritten.py",
        "test_ledger_shares.py",
        "test_ledger_words.py",
        "test_machine_tokens.py",
        "test_machines.py",
        "test_meetings_api.py",
        "test_memories.py",
        "test_once.py",
        "test_once_by_key.py",
        "test_openings.py",
        "test_paper_sent.py",
        "test_passphrase_keys.py",
        "test_portal.py",
        "test_portal_pages.py",
        "test_previews.py",
        "test_questions.py",
        "test_readings.py",
        "test_recall_race.py",
        "test_receipts.py",
        "test_record_pages.py",
        "test_reduced.py",
        "test_retention.py",
        "test_retention_classes.py",
        "test_review.py",
        "test_rulebooks.py",
        "test_rules_pages.py",
        "test_sending_anew.py",
        "test_stores.py",
        "test_supervision_pages.py",
        "test_tiles_api.py",
        "test_tokens_api.py",
        "test_tokens_of_people.py",
        "test_trying.py",
        "test_webhooks.py",
        "test_whose.py",
    }
)
"""What must reach every line of the ledger, the keys, the rules and the disclosure flow by itself.

Measuring makes a test take two thirds more time, and those of pages, couriers and files reach no
line of these that the tests made for it do not.
"""
ON_BOTH = frozenset(
    {
        "test_alarms.py",
        "test_audit_ledger.py",
        "test_audit_proven.py",
        "test_believed_rows.py",
        "test_ceremony.py",
        "test_crash.py",
        "test_deleted_rows.py",
        "test_disclosures.py",
        "test_dispatching.py",
        "test_edited_columns.py",
        "test_edited_tables.py",
        "test_edited_work.py",
        "test_erasure.py",
        "test_failing_sync.py",
        "test_faults.py",
        "test_full_disk.py",
        "test_grants.py",
        "test_ledger_crash.py",
        "test_ledger_databases.py",
        "test_limits.py",
        "test_machines.py",
        "test_migrations.py",
        "test_racing.py",
        "test_recall_race.py",
        "test_settings.py",
        "test_statements.py",
    }
)
"""Where the database itself bears on what is claimed: locks, crashes, rights, bytes, edits.

What else can run on PostgreSQL walks the same statements as on SQLite; that is `make test-long`.
"""
ONCE_ON_BOTH = frozenset(
    {
        "test_believed_rows.py",
        "test_deleted_rows.py",
        "test_edited_columns.py",
        "test_edited_tables.py",
        "test_edited_work.py",
    }
)
"""Where each test of one edit after another is run on PostgreSQL with the first of them.

What is made of a row is the same bytes from either database, so a test shows there that such an
edit is found, and on SQLite that each of them is; each on both is `make test-long`.
"""
LONG_ONES = frozenset(
    {
        "test_demo.py",
        "test_every_group_in_browser.py",
        "test_in_browser.py",
        "test_keeping_in_browser.py",
        "test_oversight_in_browser.py",
        "test_whole_journeys_in_browser.py",
    }
)
"""Where a single test takes half a minute: begun last, it would leave one of two cores idle."""
_numbers: Iterator[int] = count(1)
compile_once()


def pytest_configure(config: pytest.Config) -> None:
    """Try each property less often where the full number of rounds is not asked for."""
    if config.getoption("markexpr") == "not long":
        reduce_rounds()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage in what is collected: it stays to the end, and looking costs seconds."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Spare tests without Hypothesis the seconds in which its plugin loads it, for a summary."""
    plugins = session.config.pluginmanager
    if "hypothesis" not in sys.modules and plugins.has_plugin("hypothesispytest"):
        plugins.unregister(name="hypothesispytest")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    on_postgresql = [item for item in items if item.get_closest_marker("postgresql")]
    seen = set[tuple[Path, str]]()
    for item in on_postgresql:
        test = item.path, item.name.partition("[")[0]
        repeats = item.path.name in ONCE_ON_BOTH and test in seen
        if repeats or item.path.name not in ON_BOTH:
            item.add_marker(pytest.mark.long)
        seen.add(test)
    items.sort(key=lambda item: item.path.name not in LONG_ONES)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Measure no coverage of a test, with all that is set up for it, that need not reach any."""
    within = item.path.relative_to(TESTS)
    measuring = item.config.pluginmanager.getplugin("_cov")
    controller = getattr(measuring, "cov_controller", None)
    if controller is None or is_measured(within):
        return (yield)
    controller.pause()
    try:
        return (yield)
    finally:
        controller.resume()


def is_measured(within: Path) -> bool:
    """Return whether the coverage of a test is measured, by its file within the tests."""
    return within.as_posix().startswith(MEASURED) or within.name in MEASURED_ALSO


@pytest.fixture(scope="session", autouse=True)
def _nothing_by_chance() -> Generator[None]:
    """Let chance choose nothing to be looked back at: one test in eight would differ."""
    with pytest.MonkeyPatch.context() as chance:
        chance.setattr(obligations, "CHOSEN", "")
        yield


@pytest.fixture(name="by_chance")
def _by_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let chance choose as it does outside the tests."""
    monkeypatch.setattr(obligations, "CHOSEN", "01")


@pytest.fixture(name="always_chosen")
def _always_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let chance choose everything that it may."""
    monkeypatch.setattr(obligations, "CHOSEN", "0123456789abcdef")


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session", name="cluster")
def _cluster() -> Generator[Cluster]:
    try:
        installed()
    except FileNotFoundError:
        missing("PostgreSQL", "apt-get install postgresql")
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session", name="prepared_on_sqlite")
def _prepared_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepare(tmp_path_factory.mktemp("prepared") / "sqlite")


@pytest.fixture(scope="session", name="prepared_on_postgresql")
def _prepared_on_postgresql(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Prepared:
    cluster.sql(f"CREATE DATABASE {PREPARED}")
    return prepare(tmp_path_factory.mktemp("prepared") / "postgresql", cluster.url(PREPARED))


@pytest.fixture(name="postgresql_url")
def _postgresql_url(request: pytest.FixtureRequest, cluster: Cluster) -> Generator[str]:
    """An empty database; below `services`, a copy of the one that is prepared."""
    name, template = f"t{next(_numbers)}", "template1"
    if "services" in request.fixturenames:
        request.getfixturevalue("prepared_on_postgresql")
        template = PREPARED
    cluster.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield cluster.url(name)
    cluster.sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(
    name="database_url",
    params=[
        pytest.param("sqlite", id="sqlite"),
        pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgresql),
    ],
)
def _database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'home' / 'broker.db'}"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture(name="second_url")
def _second_url(request: pytest.FixtureRequest, database_url: str) -> Generator[str | None]:
    """Another database beside the first, to restore into; None where each home has its own."""
    if database_url.startswith("sqlite"):
        yield None
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    cluster.sql("CREATE DATABASE second")
    yield cluster.url("second")
    cluster.sql("DROP DATABASE second WITH (FORCE)")


@pytest.fixture(name="services")
def _made(
    request: pytest.FixtureRequest, tmp_path: Path, clock: Clock, database_url: str
) -> Generator[Services]:
    """A broker on each of the two databases."""
    kind = "sqlite" if database_url.startswith("sqlite") else "postgresql"
    prepared: Prepared = request.getfixturevalue(f"prepared_on_{kind}")
    services = prepared.copied(tmp_path / "home", clock, database_url)
    yield services
    services.close()


@pytest.fixture(name="sqlite_broker")
def _sqlite_broker(
    prepared_on_sqlite: Prepared, tmp_path: Path, clock: Clock
) -> Generator[Services]:
    """A broker of the embedded default."""
    services = prepared_on_sqlite.copied(tmp_path / "home", clock)
    yield services
    services.close()
