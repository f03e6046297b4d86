"""SECURITY.md: each row names a test, and the test exists."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
ROWS = [
    line
    for line in (TESTS.parent / "SECURITY.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| threat", "| ---"))
]


def test_every_threat_names_tests_that_exist() -> None:
    assert ROWS
    for row in ROWS:
        named = re.findall(r"`([\w/]*test_\w+\.py)(?:::(\w+))?`", row)
        assert named, row
        for file, test in named:
            source = (TESTS / file).read_text(encoding="utf-8")
            assert not test or re.search(rf"^(async )?def {test}\(", source, re.MULTILINE), test
