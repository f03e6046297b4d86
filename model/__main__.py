"""`python -m model`: see `cli.py`."""

import sys

from model.cli import main

sys.exit(main())
