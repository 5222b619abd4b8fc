"""The page's pure functions, run by the Node that Playwright brings."""

import subprocess
from pathlib import Path

from playwright._impl._driver import compute_driver_executable


def test_state_address_and_trail_do_what_their_tests_say():
    node = compute_driver_executable()[0]
    done = subprocess.run(
        [node, "--test", "--test-reporter=tap", Path(__file__).parent / "scripts.test.mjs"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert "# fail 0" in done.stdout
    assert int(done.stdout.split("# pass ")[1].split()[0]) >= 22
