"""Who asked for a process or for entropy: the user's code, or a library wherever that is installed."""

import pytest

from nbcairn.kernel.frames import asked_by_user


def called_from(*files: str) -> bool:
    """What is told within functions of these files, the first of them calling the second and so on."""
    ask = asked_by_user
    for file in reversed(files):
        names = {"ask": ask}
        exec(compile("def function():\n    return ask()", file, "exec"), names)
        ask = names["function"]
    return ask()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["/tmp/ipykernel_7/1.py"], True),
        (["/home/ada/project/helpers.py"], True),
        (["/tmp/ipykernel_7/1.py", "/opt/env/lib/python3.11/site-packages/matplotlib/font_manager.py"], False),
        (["/tmp/ipykernel_7/1.py", "/home/ada/.local/lib/python3.11/site-packages/matplotlib/font_manager.py"], False),
        (["/tmp/ipykernel_7/1.py", "/usr/lib/python3/dist-packages/matplotlib/font_manager.py"], False),
        (["/tmp/ipykernel_7/1.py", "/opt/env/lib/python3.11/site-packages/IPython/core/magics/osm.py"], True),
    ],
    ids=["cell", "own module", "another environment", "per user", "Debian", "magic"],
)
def test_a_library_is_one_wherever_it_is_installed(files, expected):
    assert called_from(*files) is expected
