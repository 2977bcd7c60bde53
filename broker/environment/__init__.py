"""One environment, read once: its reader, and groups of settings that belong together."""

from broker.environment.reader import HOST, EnvironmentReader

__all__ = ["HOST", "EnvironmentReader"]
