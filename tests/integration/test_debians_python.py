"""The README names Debian 12: what differs there from a newer Python 3.11 holds too."""

import subprocess
import sysconfig
from pathlib import Path

import pytest
from fronts import free_port

DEBIANS = Path("/usr/bin/python3.11")
TREE = Path(__file__).parent.parent.parent

# aiosmtpd looks through all members of what takes the mails, which Python 3.11.2 cannot do with a
# dataclass that has slots.
CHILD = """
import importlib, pathlib, pkgutil, sys, tempfile
import audit, broker, keys, policies
for package in (audit, broker, keys, policies):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
from broker.operations.demo_mail import mail_server
with tempfile.TemporaryDirectory() as home, mail_server(pathlib.Path(home), int(sys.argv[1])):
    print("all of it")
"""


@pytest.mark.skipif(not DEBIANS.exists(), reason="no Python of Debian 12 here")
def test_every_module_loads_and_the_demonstrations_mail_server_starts_with_debians_python() -> (
    None
):
    packages = sysconfig.get_paths()["purelib"]
    child = subprocess.run(
        [str(DEBIANS), "-c", CHILD, str(free_port())],
        env={"PYTHONPATH": f"{TREE}:{packages}", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (child.stdout, child.stderr) == ("all of it\n", "")
