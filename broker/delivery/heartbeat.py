"""The file by which a serving gateway says that it still makes its rounds."""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from broker.domain.json_values import as_object, text
from broker.domain.times import day_of, day_text, moment_of, rfc3339


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """When the last round was, what was lost or not counted, whether the database was sound.

    `alarms` is how many alarms stood when somebody last looked.
    """

    at: datetime
    lost_lines: int
    alive_on: date | None
    database_sound: bool
    uncounted_calls: int = 0
    alarms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """One file, replaced whole; it is no evidence, so nothing waits until it is durable."""

    path: Path

    def write(self, beat: Beat) -> None:
        """Replace the file; a disk without room keeps the old one, which grows old."""
        content = {
            "at": rfc3339(beat.at),
            "lost_lines": beat.lost_lines,
            "alive_on": day_text(beat.alive_on),
            "database_sound": beat.database_sound,
            "uncounted_calls": beat.uncounted_calls,
            "alarms": beat.alarms,
        }
        temporary = self.path.with_name(f"{self.path.name}.new")
        with suppress(OSError):
            temporary.write_text(json.dumps(content), encoding="ascii")
            temporary.replace(self.path)

    def read(self) -> Beat | None:
        """Return the last beat, or None where there is none that can be read."""
        try:
            content = as_object(json.loads(self.path.read_bytes()))
            alive_on = content["alive_on"]
            return Beat(
                at=moment_of(text(content["at"])),
                lost_lines=int(str(content["lost_lines"])),
                alive_on=None if alive_on is None else day_of(text(alive_on)),
                database_sound=content["database_sound"] is True,
                uncounted_calls=int(str(content["uncounted_calls"])),
                alarms=int(str(content["alarms"])),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None
