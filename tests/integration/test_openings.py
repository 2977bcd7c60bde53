"""How often one use case opens the keystore's file."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from brokers import NURSE, Clock, a_broker, a_token
from gateways import gateway
from packs import pack_bytes


def test_a_submission_opens_the_keystore_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = a_broker(tmp_path / "home", Clock())
    client = gateway(services).test_client()
    token = a_token(services, NURSE)
    opened: list[str] = []
    connect = sqlite3.connect

    def counting(database: Any, *arguments: Any, **options: Any) -> sqlite3.Connection:
        opened.append(str(database))
        connection: sqlite3.Connection = connect(database, *arguments, **options)
        return connection

    monkeypatch.setattr(sqlite3, "connect", counting)

    answer = client.post(
        "/api/v1/disclosures",
        data=pack_bytes(),
        headers={
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": "key-00000001",
        },
    )

    assert answer.status_code == 201
    assert json.loads(answer.data)["receipt"]
    assert len([name for name in opened if "keystore.db" in name]) == 1
    services.close()
