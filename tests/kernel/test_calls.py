"""Stand-ins for the functions by which a run reaches out: heard, alike in every other way, and gone after unloading."""

from __future__ import annotations

import copy
import inspect
import os
import pickle
import shutil
import subprocess
import sys
import tarfile

import pytest

from nbcairn.fingerprint import fingerprint
from nbcairn.kernel import calls

FUNCTIONS = (
    "builtins.open",
    "io.open",
    "os.open",
    "os.remove",
    "os.unlink",
    "os.rename",
    "os.replace",
    "os.system",
    "os.urandom",
    "sqlite3.connect",
)
ORIGINALS = {name: getattr(sys.modules[name.partition(".")[0]], name.partition(".")[2]) for name in FUNCTIONS}
PRINTS = {name: fingerprint(function).digest for name, function in ORIGINALS.items()}


def named(name: str):
    module, _, function = name.partition(".")
    return getattr(sys.modules[module], function)


@pytest.fixture
def heard(tmp_path):
    """What is heard of each kind, while a run is open in this thread."""
    found: list[tuple] = []
    kinds = ("open", "os.open", "sqlite3.connect", "remove", "rename", "getaddrinfo", "connect", "process", "entropy")

    def listener(kind: str):
        return lambda *args, **kwargs: found.append((kind, args, kwargs))

    stops = [calls.listen(kind, listener(kind)) for kind in kinds]
    calls.switch_on()
    yield found
    calls.switch_off()
    for stop in stops:
        stop()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_stand_in_is_like_what_it_stands_for(heard, name):
    function, original = named(name), ORIGINALS[name]
    assert function is not original
    assert (function.__name__, function.__module__, function.__doc__, repr(function)) == (
        original.__name__,
        original.__module__,
        original.__doc__,
        repr(original),
    )
    assert pickle.loads(pickle.dumps(function)) is function
    assert pickle.dumps(function) == pickle.dumps(function)
    assert copy.deepcopy([function])[0] is function
    assert fingerprint(function).digest == PRINTS[name]
    assert type("Holder", (), {"held": function})().held is function, "a class may hold it, and it gets no self"
    try:
        signature = inspect.signature(original)
    except ValueError:
        return
    assert inspect.signature(function) == signature


def test_what_is_pickled_can_be_read_where_nothing_is_heard(heard):
    pickled = pickle.dumps([open, os.remove])
    code = "import pickle, sys; print(pickle.loads(sys.stdin.buffer.read()))"
    told = subprocess.run([sys.executable, "-c", code], input=pickled, capture_output=True, check=True)
    assert told.stdout.decode().strip() == "[<built-in function open>, <built-in function remove>]"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_original_is_back_when_nobody_listens(name):
    stop = calls.listen("open", lambda *_: None)
    assert named(name) is not ORIGINALS[name]
    stop()
    assert named(name) is ORIGINALS[name]


def test_functions_that_a_module_took_over_are_heard_and_given_back(heard, tmp_path):
    tarfile.bltn_open(tmp_path / "a.txt", "w").close()
    assert ("open", (tmp_path / "a.txt", "w"), {}) in heard


def test_modules_that_took_them_over_have_them_back():
    assert isinstance(tarfile.bltn_open, type(len))
    assert {os.open, os.unlink, os.rename} <= os.supports_dir_fd
    assert not any(isinstance(function, calls.StandIn) for function in os.supports_dir_fd)


def test_options_that_functions_support_are_told_of_stand_ins(heard):
    assert {os.open, os.unlink, os.rename} <= os.supports_dir_fd
    assert shutil.rmtree.avoids_symlink_attacks


def test_a_failing_call_fails_as_ever_and_so_does_a_failing_listener(heard, tmp_path):
    stop = calls.listen("open", lambda *_: 1 / 0)
    with pytest.raises(FileNotFoundError):
        open(tmp_path / "nowhere")  # noqa: SIM115
    stop()
    with pytest.raises(TypeError):
        open()  # noqa: SIM115
    assert [kind for kind, _, __ in heard] == ["open", "open"]


def test_threads_without_a_run_and_our_own_work_are_not_heard(heard, tmp_path):
    import threading

    thread = threading.Thread(target=lambda: open(os.devnull).close())
    thread.start()
    thread.join()
    with calls.muted():
        open(os.devnull).close()
    assert heard == []


def test_modules_that_are_lazy_or_only_say_that_they_are_one_are_left_alone(monkeypatch):
    class Lazy(type(sys)):
        def __getattribute__(self, name):
            raise AssertionError(f"asked for {name}")

    class Says:
        __class__ = type(sys)
        __slots__ = ()

    monkeypatch.setitem(sys.modules, "a_lazy_one", Lazy("a_lazy_one"))
    monkeypatch.setitem(sys.modules, "one_that_says_so", Says())
    calls.listen("open", lambda *_: None)()


def test_no_audit_hook_is_left_behind():
    """There is no way back from one, and it makes ``copy.deepcopy`` take nearly twice as long."""
    code = (
        "import sys\n"
        "def refuse(hook): raise SystemExit('an audit hook')\n"
        "sys.addaudithook = refuse\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "shell.run_line_magic('load_ext', 'nbcairn')\n"
        "from nbcairn.kernel.extension import current\n"
        "assert current(shell) is not None\n"
        "shell.run_cell('x = open(__import__(\"os\").devnull)')\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
