"""One environment, read once: what is wrong with it is collected and told together."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from broker.domain.errors import SettingsError
from broker.domain.references import is_identifier

HOST = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*|\[[0-9a-f:.]{2,45}\]")
_SITE = re.compile(rf"(?P<scheme>https?)://(?P<host>{HOST.pattern})(:[0-9]{{1,5}})?")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")


class EnvironmentReader:
    """Reads one environment, collecting what is wrong with it."""

    def __init__(self, environ: Mapping[str, str], names: Sequence[str]) -> None:
        """Read `environ`; any `BROKER_*` name that is not one of `names` is a fault."""
        self._environ = environ
        self._faults: list[str] = [
            f"{name} is not a setting of the broker. The settings are: {', '.join(names)}."
            for name in sorted(environ)
            if name.startswith("BROKER_") and name not in names
        ]

    def finish(self) -> None:
        """Return if nothing is wrong; raise `SettingsError` naming every fault."""
        if self._faults:
            raise SettingsError(tuple(self._faults))

    def fault(self, sentence: str) -> None:
        """Collect a fault that lies between several settings."""
        self._faults.append(sentence)

    def is_set(self, name: str) -> bool:
        """Say whether a name has a value."""
        return bool(self._environ.get(name))

    def text(self, name: str, default: str) -> str:
        """Return the value of a name, or the default where it has none."""
        return self._environ.get(name) or default

    def path(self, name: str) -> Path | None:
        """Return the path that a name holds, absolute, or None."""
        value = self._environ.get(name)
        return Path(value).expanduser().absolute() if value else None

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        """Return a value that is one of `choices`."""
        value = self.text(name, default)
        if value not in choices:
            self._faults.append(f"{name} must be one of: {', '.join(choices)}.")
        return value

    def matching(self, name: str, default: str, pattern: re.Pattern[str]) -> str:
        """Return a value of this form, which the default shows."""
        value = self.text(name, default)
        if not pattern.fullmatch(value):
            self._faults.append(f"{name} must look like {default}.")
        return value

    def identifier(self, name: str) -> str | None:
        """Return the identifier of an organisation of the directory, None where none is named."""
        value = self.text(name, "")
        if value and not is_identifier(value):
            self._faults.append(f"{name} must be an organisation's identifier, such as my-trust.")
        return value or None

    def names(self, name: str) -> tuple[str, ...]:
        """Return the host names of a list with commas, in small letters."""
        given = self.text(name, "").casefold().split(",")
        names = tuple(one.strip() for one in given if one.strip())
        if not all(map(HOST.fullmatch, names)):
            self._faults.append(
                f"{name} must be host names without ports, with commas between them, such as "
                "broker.example.nhs.uk,10.0.0.7."
            )
        return names

    def networks(self, name: str) -> tuple[IPv4Network | IPv6Network, ...]:
        """Return the networks of a list with commas."""
        given = self.text(name, "").split(",")
        try:
            return tuple(ip_network(one.strip()) for one in given if one.strip())
        except ValueError:
            self._faults.append(
                f"{name} must be networks with commas between them, such as 10.0.0.0/8."
            )
            return ()

    def header(self, name: str) -> str | None:
        """Return the name of a header, or None where none is named."""
        value = self._environ.get(name) or None
        if value is not None and not _HEADER.fullmatch(value):
            self._faults.append(f"{name} must be the name of a header, such as X-Real-IP.")
        return value

    def address(self, name: str, here: Collection[str]) -> str | None:
        """Return the address of a site, without a path; in clear only for a name of this host."""
        value = self._environ.get(name) or None
        if value is None:
            return None
        found = _SITE.fullmatch(value)
        if found is None or (found["scheme"] == "http" and found["host"] not in here):
            self._faults.append(
                f"{name} must be https:// and a host name, such as https://portal.example.nhs.uk, "
                "without a path; http:// only for this host itself."
            )
        return value

    def number(self, name: str, default: int, allowed: range) -> int:
        """Return a whole number of a range."""
        value = self.text(name, str(default))
        if not re.fullmatch(r"[0-9]{1,6}", value) or int(value) not in allowed:
            self._faults.append(
                f"{name} must be a whole number from {allowed[0]} to {allowed[-1]}."
            )
            return default
        return int(value)

    def secret(self, name: str, fault_in: Callable[[str], str | None]) -> str | None:
        """Return the content of the file that `name` points to; never name the content."""
        path = self.path(name)
        if path is None:
            return None
        try:
            mode = path.stat().st_mode
            content = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            self._faults.append(f"{name} points to a file that cannot be read.")
            return None
        if mode & 0o077:
            self._faults.append(
                f"{name} points to a file that others can read. Run: chmod 600 on that file."
            )
        elif (fault := fault_in(content)) is not None:
            self._faults.append(f"The file that {name} points to {fault}.")
        return content
