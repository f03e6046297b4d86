"""A training ends with the program that reads what it says."""

import subprocess
import sys

import pytest

CHILD = """
import time
from model.listener import STDOUT, end_when_unheard
end_when_unheard(STDOUT)
print("heard", flush=True)
time.sleep(60)
"""


@pytest.fixture
def child() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", CHILD], stdout=subprocess.PIPE)  # noqa: S603


def test_a_child_that_nobody_hears_any_more_ends(child: subprocess.Popen[bytes]) -> None:
    with child:
        assert child.stdout and child.stdout.readline() == b"heard\n"
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(0.3)
        child.stdout.close()
        assert child.wait(10) != 0
