"""Events about machines: each vouches for the row of the client, or of its key, that it names.

>>> ClientChanged(
...     row="client/c-notes", row_mac="0" * 64, by="p-1", client="c-notes", agency="a-1",
...     what="registered",
... ).event()["type"]
'client.changed'
"""

from dataclasses import dataclass
from typing import ClassVar

from audit.format import field_kinds as kinds
from audit.format.events.running import RowChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientChanged(RowChanged):
    """A machine was registered, disabled or enabled; or told where it is sent word."""

    type_name: ClassVar[str] = "client.changed"
    by: kinds.OpaqueId
    client: kinds.OpaqueId
    agency: kinds.OpaqueId
    what: kinds.ClientChange


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientKeyChanged(RowChanged):
    """A key of a machine was added, confirmed by a second person, or removed."""

    type_name: ClassVar[str] = "client-key.changed"
    by: kinds.OpaqueId
    client: kinds.OpaqueId
    key: kinds.KeyId
    what: kinds.ClientKeyChange
