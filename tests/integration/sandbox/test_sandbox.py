"""A file is read by a process without keys; whatever becomes of it, one file is refused."""

import io
import os
import signal
import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hostile_files import a_blank_png, nested_forms
from PIL import Image

from broker.packs.attachments import Attachment, AttachmentRefusedError, Reason
from broker.packs.attachments.gate import inspect
from broker.packs.sandbox import Sandbox, SandboxBusyError, SandboxUnavailableError, Wall
from broker.packs.sandbox.sandbox import READERS, WAITING
from broker.packs.sandbox.walls import Limits

FINDINGS = Path(__file__).parent.parent.parent / "fixtures" / "findings"
HOSTILE_SERVER = Path(__file__).parent.parent.parent / "support" / "hostile_server.py"
NOTE = b"Words of a made-up note."
BUDGET = 250_000


@pytest.fixture(scope="module", name="sandbox")
def _sandbox() -> Generator[Sandbox]:
    sandbox = Sandbox()
    yield sandbox
    sandbox.close()


@pytest.fixture(name="hurried")
def _hurried() -> Generator[Sandbox]:
    """A sandbox whose readers get little."""
    sandbox = Sandbox(Limits(cpu=1, wall=6, memory=48 << 20))
    yield sandbox
    sandbox.close()


@pytest.fixture(name="hostile")
def _hostile(request: pytest.FixtureRequest) -> Generator[Sandbox]:
    """A sandbox whose readers do as they like."""
    program = (str(HOSTILE_SERVER), str(request.param))
    sandbox = Sandbox(Limits(wall=-3), program)  # two seconds for an answer
    yield sandbox
    sandbox.close()


def reason(read: Callable[[], object]) -> Reason:
    with pytest.raises(AttachmentRefusedError) as refused:
        read()
    return refused.value.reason


def outcome(read: Callable[[str, bytes], Attachment], path: Path) -> object:
    try:
        return read(path.name, path.read_bytes())
    except AttachmentRefusedError as refused:
        return refused.reason


def processes_under(parent: int) -> list[int]:
    """The processes that descend from one, the nearest first."""
    found: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            child = int(stat.parent.name)
            found += [child, *processes_under(child)]
    return found


def eventually(holds: Callable[[], bool]) -> bool:
    give_up_at = time.monotonic() + 20
    while not holds():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.parametrize("path", sorted(FINDINGS.iterdir()), ids=lambda path: path.name)
def test_a_file_reads_the_same_behind_the_walls_as_before_them(
    sandbox: Sandbox, path: Path
) -> None:
    apart = outcome(sandbox.inspect, path)

    assert apart == outcome(inspect, path)
    if isinstance(apart, Attachment):
        assert len(sandbox.drawn(apart, BUDGET).images) == apart.pages


def test_the_walls_that_this_machine_gives_are_tried_before_they_are_told(
    sandbox: Sandbox,
) -> None:
    walls = sandbox.start()

    # Limits are every system's; the others depend on the machine, and CI has them all.
    assert Wall.LIMITS in walls
    if os.environ.get("CI") == "true":
        assert {Wall.SYSTEM_CALLS, Wall.NETWORK, Wall.PROCESSES} <= walls


@pytest.mark.parametrize("behaviour", ["nested forms", "blank picture"])
def test_what_takes_too_long_or_too_much_is_refused_in_plain_words(
    hurried: Sandbox, behaviour: str
) -> None:
    name, content = {
        "nested forms": ("a.pdf", nested_forms()),
        "blank picture": ("a.png", a_blank_png(4_000)),
    }[behaviour]

    assert reason(lambda: hurried.drawn(hurried.inspect(name, content), BUDGET)) is Reason.TOO_MUCH
    assert hurried.inspect("a.txt", NOTE).text == NOTE.decode()


def test_the_largest_picture_that_is_let_in_can_be_drawn_turned_and_cut(sandbox: Sandbox) -> None:
    exif, buffer = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6
    picture = Image.new("RGBA", (20_000, 2_000), (9, 9, 9, 100))
    picture.save(buffer, "PNG", exif=exif.tobytes(), compress_level=1)

    found = sandbox.inspect("a.png", buffer.getvalue())

    assert len(sandbox.drawn(found, BUDGET).images) == found.pages > 1


def test_eight_hostile_files_at_once_keep_nobody_else_from_their_turn() -> None:
    sandbox = Sandbox(Limits(cpu=2, wall=8))
    sandbox.start()
    hostile = nested_forms()
    alone = _duration(lambda: sandbox.inspect("a.txt", NOTE))
    with ThreadPoolExecutor(8) as threads:
        refused = [
            threads.submit(reason, lambda: sandbox.inspect("a.pdf", hostile)) for _ in range(8)
        ]
        time.sleep(1.5)
        beside = [_duration(lambda: sandbox.inspect("a.txt", NOTE)) for _ in range(5)]
        reasons = {one.result(60) for one in refused}
    sandbox.close()

    assert reasons == {Reason.TOO_MUCH}
    assert min(beside) < max(0.5, 20 * alone)


def _duration(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def test_whoever_comes_when_all_places_are_taken_is_asked_to_come_again() -> None:
    sandbox = Sandbox(Limits(cpu=1, wall=3))
    sandbox.start()
    hostile = nested_forms()
    everybody = threading.Barrier(READERS + WAITING + 4)

    def comes() -> type[Exception]:
        everybody.wait()
        try:
            sandbox.inspect("a.pdf", hostile)
        except (AttachmentRefusedError, SandboxBusyError) as error:
            return type(error)
        raise AssertionError

    with ThreadPoolExecutor(READERS + WAITING + 4) as threads:
        answers = [threads.submit(comes) for _ in range(READERS + WAITING + 4)]
        kinds = [one.result(90) for one in answers]
    assert kinds.count(SandboxBusyError) >= 4
    assert sandbox.inspect("a.txt", NOTE).text == NOTE.decode()
    sandbox.close()


def test_a_reader_that_is_killed_has_refused_its_file(sandbox: Sandbox) -> None:
    sandbox.start()
    before = set(processes_under(os.getpid()))
    with ThreadPoolExecutor(1) as threads:
        refused = threads.submit(reason, lambda: sandbox.inspect("a.pdf", nested_forms()))
        assert eventually(lambda: len(set(processes_under(os.getpid())) - before) == 1)
        (reader,) = set(processes_under(os.getpid())) - before
        os.kill(reader, signal.SIGKILL)
        assert refused.result(30) is Reason.TOO_MUCH
    assert sandbox.inspect("a.txt", NOTE).text == NOTE.decode()


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def test_a_server_of_readers_that_was_killed_is_started_again(sandbox: Sandbox) -> None:
    sandbox.start()
    for pid in processes_under(os.getpid()):
        if "forkserver" in _command(pid):
            os.kill(pid, signal.SIGKILL)

    assert sandbox.inspect("a.txt", NOTE).text == NOTE.decode()


def test_nothing_is_started_before_a_file_comes_and_nothing_stays() -> None:
    before = set(processes_under(os.getpid()))
    sandbox = Sandbox()
    assert set(processes_under(os.getpid())) <= before

    sandbox.inspect("a.txt", NOTE)
    assert set(processes_under(os.getpid())) - before
    sandbox.close()

    assert eventually(lambda: set(processes_under(os.getpid())) <= before)


def test_the_readers_hold_nothing_of_the_broker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROKER_CANARY", "canary")
    with (tmp_path / "keystore").open("wb") as held:
        os.set_inheritable(held.fileno(), True)  # noqa: FBT003  # positional only
        fresh = Sandbox()
        fresh.start()
        pids = [pid for pid in processes_under(os.getpid()) if "forkserver" in _command(pid)]
        environments = [Path(f"/proc/{pid}/environ").read_bytes() for pid in pids]
        open_files = [
            str(descriptor.readlink())
            for pid in pids
            for descriptor in Path(f"/proc/{pid}/fd").iterdir()
        ]
        fresh.close()

    assert pids
    assert all(b"BROKER" not in environment for environment in environments)
    assert {path.split(":")[0] for path in open_files} <= {"/dev/null", "socket"}


@pytest.mark.parametrize(
    "hostile",
    [
        *("garbage", "nothing", "half", "too much", "too many", "strange", "no copy"),
        *("other words", "pickled", "hangs", "endless", "dies"),
    ],
    indirect=True,
)
def test_an_answer_that_is_none_refuses_the_file(hostile: Sandbox) -> None:
    assert reason(lambda: hostile.inspect("a.txt", NOTE)) is Reason.TOO_MUCH


@pytest.mark.parametrize("hostile", ["does not start"], indirect=True)
def test_readers_that_cannot_be_started_are_no_fault_of_the_file(hostile: Sandbox) -> None:
    with pytest.raises(SandboxUnavailableError, match="Submit the pack without them"):
        hostile.inspect("a.txt", NOTE)
