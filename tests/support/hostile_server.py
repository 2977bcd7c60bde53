"""A server of readers in hostile hands: starts as ours does, then answers as it is told.

python hostile_server.py BEHAVIOUR FD LIMITS...
"""

import os
import socket
import struct
import sys
import time

BEHAVIOUR, CONTROL = sys.argv[1], socket.socket(fileno=int(sys.argv[2]))


def frames(*content: bytes) -> bytes:
    lengths = [struct.pack(">I", len(one)) + one for one in content]
    return struct.pack(">I", len(content)) + b"".join(lengths)


ANSWERS = {
    "garbage": os.urandom(4_000),
    "nothing": b"",
    "half": frames(b"read", b"0")[:-3],
    "too much": struct.pack(">II", 1, 2**31) + bytes(1_000),
    "too many": struct.pack(">I", 2**31),
    "strange": frames(b"drawn", b"read"),
    "no copy": frames(b"read", b"0", b"", b"", b"0", b""),
    "other words": frames(b"read", b"0", b"x", b"unknown-remark", b"1", b"x"),
    "pickled": frames(b"\x80\x04cos\nsystem\n(S'true'\ntR."),
}


def serve() -> None:
    if BEHAVIOUR == "does not start":
        return
    CONTROL.sendall(frames(b"limits"))
    while True:
        _, ends, _, _ = socket.recv_fds(CONTROL, 1, 1)
        if not ends or BEHAVIOUR == "dies":
            return
        with socket.socket(fileno=ends[0]) as end:
            end.recv(1_000)
            if BEHAVIOUR == "hangs":
                time.sleep(60)
            elif BEHAVIOUR == "endless":
                endlessly(end)
            else:
                end.sendall(ANSWERS[BEHAVIOUR])


def endlessly(end: socket.socket) -> None:
    end.sendall(struct.pack(">II", 1, 40_000_000))
    try:
        while True:
            end.sendall(b"x")
            time.sleep(0.05)
    except OSError:
        return


serve()
