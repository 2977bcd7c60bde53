"""The loop of docs/installing.md that empties the pickup folder takes all that appears there."""

import re
import subprocess
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "installing.md").read_text(encoding="utf-8")


def test_the_loop_sends_documents_and_notices_and_leaves_what_is_not_finished(
    tmp_path: Path,
) -> None:
    pickup, sendmail = tmp_path / "pickup", tmp_path / "sendmail"
    pickup.mkdir()
    sendmail.write_text(f"#!/bin/sh\ncat >> {tmp_path}/mailed\n", encoding="utf-8")
    sendmail.chmod(0o700)
    for name in ("PRV-7Q4K-M2XH.eml", "notice-0a1b.eml", ".PRV-1FMT-HX5C.eml"):
        (pickup / name).write_text(f"{name}\n", encoding="utf-8")
    loop = re.findall(r"^cd /var/lib/broker/pickup .+?^done$", PAGE, re.MULTILINE | re.DOTALL)
    script = loop[0].replace("/var/lib/broker/pickup", str(pickup))

    subprocess.run(
        ["/bin/sh", "-c", script.replace("/usr/sbin/sendmail", str(sendmail))], check=True
    )

    mailed = (tmp_path / "mailed").read_text(encoding="utf-8").split()
    assert sorted(mailed) == ["PRV-7Q4K-M2XH.eml", "notice-0a1b.eml"]
    assert [path.name for path in pickup.iterdir()] == [".PRV-1FMT-HX5C.eml"]
