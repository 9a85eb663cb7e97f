import json
import subprocess

import pytest


def agentctl(*arguments):
    """One JSON document from agentctl; exit codes 0, 1 and 4 are verdicts, all others are faults."""
    command = ["agentctl", *arguments, "--json", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0, 1, 4):
        raise RuntimeError(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def run():
    return agentctl("eval", "--gate")
