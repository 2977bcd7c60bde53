"""The tests that are run against the wheel, with no sources beside it: one of each wing, quick.

    python tests/support/wheel_set.py

Prints what pytest is to run; `make wheel` does.
"""

import sys
from collections.abc import Mapping

WINGS: Mapping[str, str] = {
    "broker.access": "tests/integration/test_tokens_api.py",
    "broker.api": "tests/integration/test_once.py",
    "broker.cases": "tests/integration/test_cases.py",
    "broker.cli": "tests/architecture/test_cli_output.py",
    "broker.concerns": "tests/unit/broker/test_paper.py",
    "broker.delivery": "tests/integration/test_couriers.py",
    "broker.disclosures": "tests/unit/broker/test_views.py",
    "broker.domain": "tests/unit/broker/test_deadlines.py",
    "broker.environment": "tests/unit/broker/test_openid_settings.py",
    "broker.guardian": "tests/integration/test_rulebooks.py",
    "broker.intake": "tests/unit/broker/test_intake.py",
    "broker.ledger": "tests/integration/test_receipts.py",
    "broker.operations": "tests/integration/test_retention.py",
    "broker.packs": "tests/integration/packs/test_sealing.py",
    "broker.panels": "tests/unit/broker/test_panels.py",
    "broker.partner_requests": "tests/unit/broker/test_partner_requests.py",
    "broker.registers": "tests/unit/broker/test_entry_checks.py",
    "broker.retention": "tests/unit/broker/test_disposal.py",
    "broker.rulebooks": "tests/integration/test_rulebooks.py",
    "broker.storage": "tests/integration/test_turns.py",
    "broker.web": "tests/unit/broker/web/test_assets.py",
    "policies": "tests/unit/policies/test_policies_cases.py",
    "keys": "tests/integration/keys/test_keystore.py",
    "audit": "tests/integration/audit/test_audit_cli.py",
}
"""Of each wing the file whose tests stand for it."""

BESIDE = ("tests/wheel", "tests/integration/packs/test_rendering_letters.py")
"""What the wheel itself must hold, and its fonts."""

if __name__ == "__main__":
    sys.stdout.write(" ".join(dict.fromkeys((*BESIDE, *WINGS.values()))) + "\n")
