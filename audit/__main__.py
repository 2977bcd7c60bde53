"""`python -m audit verify DIR`: the offline verifier; the standard library and `cryptography`."""

import sys

from audit.cli import main

sys.exit(main(sys.argv[1:], sys.stdout, sys.stderr))
