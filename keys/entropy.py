"""Where random bytes come from: always passed in, so that a format can be tested byte by byte."""

from collections.abc import Callable

Entropy = Callable[[int], bytes]
"""Returns that many unpredictable bytes; `os.urandom` unless a test needs known ones."""
