"""What a real kernel's cells read and change of the state that no variable carries, by tables."""

from __future__ import annotations

import pytest

from cases.ambient import EFFECTS, OPTIONS, PLACES, RANDOM, AmbientCase

RNG = "<rng:python>"


def named(text: str) -> set[str]:
    return {f"<{word}>" for word in text.split()}


def seen(names: set[str]) -> set[str]:
    return {name for name in names if not name.startswith("<file:")}


@pytest.fixture
def anew(clean):
    """The module's kernel, with the surroundings put back afterwards."""
    yield clean
    clean.run(f"import os; os.chdir({str(clean.folder)!r})", silent=True)


def table(cases):
    return pytest.mark.parametrize("case", cases, ids=[case.id for case in cases])


@table((*RANDOM, *OPTIONS, *PLACES, *EFFECTS))
def test_ambient_state_of_a_run(anew, case: AmbientCase):
    for source in case.before:
        ran = anew.run(source, look=False)
        assert ran.status == "ok", ran.text
    ran = anew.run(case.cell)
    assert ran.status == "ok", ran.text
    assert (seen(ran.ambient_reads), seen(ran.ambient_writes), ran.effects) == (
        named(case.reads),
        named(case.writes),
        set(case.effects.split()),
    )
    if case.told:
        last = [write for write in ran.run.writes if write.name == f"<{case.writes.split()[-1]}>"][-1]
        assert case.told in last.summary


def test_a_generator_that_is_imported_and_seeded_in_one_cell_is_seeded(live_alone):
    ran = live_alone.run("import numpy as np\nnp.random.seed(1)\nx = np.random.rand(3)")
    assert "<rng:numpy>" in ran.ambient_writes
    assert "<rng:numpy>" not in ran.ambient_reads


def test_a_generator_that_is_imported_and_drawn_from_in_one_cell_is_read(live_alone):
    ran = live_alone.run("import numpy as np\nx = np.random.rand(3)")
    assert "<rng:numpy>" in ran.ambient_reads & ran.ambient_writes


LIBRARY = {  # Rich draws from Python's generator while it is imported
    "and no more": ("from rich.style import Style\nx = Style()", set(), set()),
    "and then a draw": ("from rich.style import Style\nimport random\nx = random.random()", {RNG}, {RNG}),
    "after a draw": ("import random\nx = random.random()\nfrom rich.style import Style\ny = Style()", {RNG}, {RNG}),
    "and then a seed": (
        "from rich.style import Style\nimport random\nrandom.seed(1)\nx = random.random()",
        set(),
        {RNG},
    ),
}


@pytest.mark.parametrize(("source", "reads", "writes"), LIBRARY.values(), ids=LIBRARY.keys())
def test_what_a_library_draws_while_it_is_imported_is_no_draw_of_the_cell(live_alone, source, reads, writes):
    ran = live_alone.run(source)
    assert (ran.ambient_reads & {RNG}, ran.ambient_writes & {RNG}) == (reads, writes)


def test_the_trail_never_has_the_value_of_an_environment_variable(live_alone):
    live_alone.run("import os\nos.environ['NBC_PRIVATE'] = '-'.join(['very', 'private', '0815'])")
    live_alone.run("x = len(os.environ['NBC_PRIVATE'])")
    files = [file for file in (live_alone.folder / ".cairn").rglob("*") if file.is_file()]
    assert files
    assert not [file for file in files if b"very-private-0815" in file.read_bytes()]


def test_equal_settings_of_the_environment_have_other_hashes_in_another_project(tmp_path_factory, live_alone):
    from kernels import kernel

    cell = "import os\nos.environ['NBC_SALTED'] = 'x'"
    one = live_alone.run(cell).digest("<environ>")
    with kernel(tmp_path_factory.mktemp("another")) as other:
        two = other.run(cell).digest("<environ>")
    assert one
    assert two
    assert one != two


def test_autoreload_is_noticed(live_alone):
    (live_alone.folder / "helper_auto.py").write_text("def f():\n    return 1\n")
    live_alone.run("%load_ext autoreload\n%autoreload 2")
    live_alone.run("import helper_auto\nfrom helper_auto import f")
    before = live_alone.run("y = f() + helper_auto.f()")
    import os
    import time

    (live_alone.folder / "helper_auto.py").write_text("def f():\n    return 1000\n")
    later = time.time() + 5
    os.utime(live_alone.folder / "helper_auto.py", (later, later))
    after = live_alone.run("y = f() + helper_auto.f()")
    assert live_alone.run("y").text == "2000"
    prints = [{read.name: read.fingerprint for read in ran.run.reads} for ran in (before, after)]
    for name in ("f", "helper_auto"):
        assert prints[0][name] != prints[1][name]


def test_another_generator_for_everybody_in_numpy_is_read_too(live_alone):
    live_alone.run("import numpy as np\nnp.random.set_bit_generator(np.random.PCG64(1))")
    ran = live_alone.run("x = np.random.rand()")
    assert ran.ambient_reads == ran.ambient_writes == {"<rng:numpy>"}


def test_input_is_noted(live_alone):
    """A client that allows input answers; one that does not gives an error, and either way somebody was asked."""
    live_alone.client.allow_stdin = False
    ran = live_alone.run("try:\n    input('?')\nexcept BaseException:\n    pass")
    assert "input" in ran.effects
