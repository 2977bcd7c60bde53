"""Hostile files are read here, by a process that holds no key, no database and no network.

Parsers belong to `broker.packs.attachments`; this wing starts them apart, limits them, and
believes nothing that they answer.
"""

from broker.packs.sandbox.sandbox import Sandbox, SandboxBusyError, SandboxUnavailableError
from broker.packs.sandbox.walls import Wall

__all__ = ["Sandbox", "SandboxBusyError", "SandboxUnavailableError", "Wall"]
