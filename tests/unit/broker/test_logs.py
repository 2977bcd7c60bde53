"""Only named keys with plain values are logged, one line each, whatever they hold."""

import io
import json
import os
import threading
import time
from collections.abc import Generator

import pytest
import structlog

from broker.logs import (
    ALLOWED,
    LogWriter,
    configure,
    drain,
    keep_allowed,
    request_id,
    where_raised,
)


@pytest.fixture(name="stream")
def _stream() -> Generator[io.StringIO]:
    stream = io.StringIO()
    configure("info", stream)
    yield stream
    structlog.reset_defaults()


def lines_of(stream: io.StringIO) -> list[dict[str, object]]:
    drain()
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def kept(**event: object) -> dict[str, object]:
    return dict(keep_allowed(None, "info", event))


def test_what_is_allowed_and_plain_is_kept() -> None:
    event = {
        "event": "request",
        "status": 200,
        "milliseconds": 1.5,
        "outcome": None,
        "count": True,
    }

    assert kept(**event) == event


def test_other_keys_are_dropped_and_only_their_names_told() -> None:
    assert kept(event="request", person="Zzcanary", address="Canarystreet") == {
        "event": "request",
        "dropped": "address,person",
    }


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"name": "Zzcanary"}, id="object"),
        pytest.param(["Zzcanary"], id="list"),
        pytest.param(b"Zzcanary", id="bytes"),
        pytest.param(ValueError("Zzcanary"), id="error"),
    ],
)
def test_a_value_that_is_not_plain_is_dropped_under_an_allowed_key_too(value: object) -> None:
    assert kept(event="request", outcome=value) == {"event": "request", "dropped": "outcome"}


def test_no_allowed_key_speaks_of_a_person() -> None:
    assert ALLOWED.isdisjoint({"name", "person", "address", "token", "passphrase", "body", "path"})


def test_the_request_is_named_while_there_is_one() -> None:
    mark = request_id.set("made-up-id")
    try:
        assert kept(event="request") == {"event": "request", "request_id": "made-up-id"}
    finally:
        request_id.reset(mark)
    assert kept(event="request") == {"event": "request"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("one\ntwo", id="line feed"),
        pytest.param("one\r\n{}", id="JSON on a line of its own"),
        pytest.param("\x1b[31mred", id="escape"),
        pytest.param("\u202ereversed", id="bidirectional"),
        pytest.param("\u2028line", id="line separator"),
    ],
)
def test_whatever_a_value_holds_it_is_one_line_of_ascii(stream: io.StringIO, text: str) -> None:
    structlog.get_logger().info("request", outcome=text)
    drain()

    assert stream.getvalue().isascii()
    assert stream.getvalue().count("\n") == 1
    assert lines_of(stream)[0]["outcome"] == text


def test_a_line_bears_its_level_and_a_moment_in_utc(stream: io.StringIO) -> None:
    structlog.get_logger().warning("request")

    (line,) = lines_of(stream)
    assert line["level"] == "warning"
    assert str(line["timestamp"]).endswith("Z")


def test_what_is_below_the_level_is_not_logged(stream: io.StringIO) -> None:
    structlog.get_logger().debug("request")

    assert lines_of(stream) == []


def test_an_error_is_told_by_its_place_alone() -> None:
    def failing() -> None:
        raise ValueError("Zzcanary")

    with pytest.raises(ValueError, match="Zzcanary") as raised:
        failing()

    line = failing.__code__.co_firstlineno + 1
    assert where_raised(raised.value) == f"test_logs.py:{line}"


def test_an_error_that_was_never_raised_has_no_place() -> None:
    assert where_raised(ValueError("Zzcanary")) == "unknown"


class Disk(io.StringIO):
    """A file whose disk may be full."""

    full = False

    def write(self, text: str) -> int:
        if self.full:
            raise OSError(28, "No space left on device")
        return super().write(text)


def test_a_full_disk_stops_nobody_who_logs_and_its_lost_lines_are_counted_and_told() -> None:
    disk = Disk()
    writer = LogWriter(disk)

    disk.full = True
    writer.write('{"event": "one"}\n')
    writer.drain(5)
    assert writer.lost == 1
    disk.full = False
    writer.write('{"event": "two"}\n')
    writer.drain(5)

    first, second = map(json.loads, disk.getvalue().splitlines())
    assert first == {"event": "two"}
    assert (second["event"], second["count"]) == ("log-lines-lost", 1)


def test_a_blocked_pipe_stops_nobody_who_logs() -> None:
    reads, writes = os.pipe()
    with open(reads, "rb") as reader, open(writes, "w", encoding="ascii") as pipe:  # noqa: PTH123  # descriptors
        writer = LogWriter(pipe, waiting=3)
        began = time.monotonic()
        for _ in range(200):
            writer.write("x" * 1_000 + "\n")
        assert time.monotonic() - began < 1
        assert writer.lost > 0
        threading.Thread(target=reader.read, daemon=True).start()
        writer.drain(5)


def test_a_child_of_a_fork_logs_too() -> None:
    reads, writes = os.pipe()
    with open(writes, "w", encoding="ascii") as pipe:  # noqa: PTH123  # a descriptor
        configure("info", pipe)
        structlog.get_logger().info("parent")
        drain()
        if (child := os.fork()) == 0:
            structlog.get_logger().info("child")
            drain(5)
            os._exit(0)
        os.waitpid(child, 0)
    structlog.reset_defaults()
    with open(reads, encoding="ascii") as reader:  # noqa: PTH123  # a descriptor
        assert [json.loads(line)["event"] for line in reader] == ["parent", "child"]
