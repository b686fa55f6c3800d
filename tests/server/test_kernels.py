"""Which sessions go on in the kernels of a server, also where a kernel was killed and could not say so."""

import os
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import psutil
import pytest

from nbcairn.model import at
from nbcairn.server.kernels import lives_on
from nbcairn.testing import a_session

BORN = datetime.fromtimestamp(psutil.Process(os.getpid()).create_time(), UTC)


class Manager:
    """Has one kernel, k1, whose process is this one; k2 is of a provisioner that has no process."""

    def list_kernel_ids(self):
        return ["k1", "k2"]

    def get_kernel(self, kernel_id):
        return SimpleNamespace(provisioner=SimpleNamespace(pid=os.getpid() if kernel_id == "k1" else None))


@pytest.mark.parametrize(
    ("change", "goes_on"),
    [
        ({}, True),
        ({"ended": at(BORN + timedelta(minutes=1))}, False),
        ({"started": at(BORN - timedelta(minutes=1))}, False),  # killed, and started again under its id
        ({"kernel_id": "k2", "started": at(BORN - timedelta(minutes=1))}, True),  # nobody can tell
        ({"kernel_id": "k9"}, False),  # gone without a word
        ({"kernel_id": "k9", "host": "far"}, True),  # not ours to know
        ({"kernel_id": None}, True),  # of a run without a server
    ],
)
def test_a_session_goes_on_as_far_as_the_server_knows(change, goes_on):
    session = replace(
        a_session("s1", kernel_id="k1"), host=socket.gethostname(), started=at(BORN + timedelta(seconds=30)), ended=None
    )
    changed = replace(session, **change)
    assert lives_on(Manager(), elsewhere=True)(changed) is goes_on
    assert lives_on(Manager(), elsewhere=False)(changed) is (goes_on and changed.host != "far")


@pytest.mark.parametrize(("seconds", "goes_on"), [(-0.3, False), (0.1, True)])
def test_a_kernel_that_was_killed_is_told_from_one_that_began_right_after(seconds, goes_on):
    began = datetime.now(UTC)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        manager = Manager()
        manager.get_kernel = lambda _: SimpleNamespace(provisioner=process)
        session = replace(a_session("s1", kernel_id="k1"), started=at(began + timedelta(seconds=seconds)), ended=None)
        assert lives_on(manager, elsewhere=True)(session) is goes_on
        process.communicate(b"\n")
