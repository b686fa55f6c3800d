"""Why a cell is not the same, from two traces of it; and which cells a difference begins in."""

from __future__ import annotations

import pytest

from nbcairn.model import (
    Cell,
    Coverage,
    Effect,
    FileAccess,
    Finding,
    Fingerprint,
    Read,
    RunStatus,
    Severity,
    Verdict,
    Write,
    new_id,
)
from nbcairn.testing import a_run, a_session
from nbcairn.verify.causes import Case, Scene, by_hash_order, causes_of
from nbcairn.verify.measured import measured
from nbcairn.verify.names import compare_names, differing
from nbcairn.verify.packages import changed_versions, imported_packages
from nbcairn.verify.result import (
    Cause,
    CauseKind,
    Difference,
    Outcome,
    Stop,
    StopReason,
    Verification,
    VerifiedCell,
    What,
)

OLD, NEW = Fingerprint("1" * 32), Fingerprint("2" * 32)


def opaque():
    return Fingerprint(new_id(), Coverage.OPAQUE, note="a generator")


def scene(*above, **more):
    """What the cells above did; each is (source, run)."""
    cells = {index: Cell(f"c{index + 1}", index, source) for index, (source, _) in enumerate(above)}
    cells[len(above)] = Cell("here", len(above), "use(x)")
    runs = [run for _, run in above]
    return Scene(cells, runs=runs, made_by={run.id: index for index, run in enumerate(runs)}, **more)


def kinds(before, after, world=None, source="use(x)", findings=(), differences=()):
    world = world or scene()
    index = max(world.cells)
    case = Case(Cell("here", index, source), before, after, differences, findings)
    return [cause.kind for cause in causes_of(case, world)]


def test_a_run_that_was_interrupted_is_the_cause():
    before = run({"x": OLD}, status=RunStatus.INTERRUPTED)
    assert kinds(before, run({"x": OLD})) == [CauseKind.INTERRUPTED]
    file = "<file:data.csv>"
    assert kinds(run({file: OLD}, status=RunStatus.INTERRUPTED), run({file: NEW})) == [
        CauseKind.INTERRUPTED,
        CauseKind.FILE,
    ]


def run(reads=None, source="use(x)", **more):
    return a_run(source, "here", reads or {}, **more)


# --------------------------------------------------------------------------- one cause each


def test_edited_code_comes_first():
    assert kinds(run({"x": OLD}, "other(x)"), run({"x": NEW}))[0] is CauseKind.EDITED


def test_edited_code_needs_no_other_excuse():
    assert kinds(run({"x": OLD}, "other(x)"), run({"x": OLD}, effects=["clock"])) == [CauseKind.EDITED]


def test_an_error_that_its_input_explains_is_no_cause_of_its_own():
    told = Difference(What.ERROR, "it fails now", after="NameError: x")
    assert kinds(run({"x": OLD}), run({"x": None}), differences=(told,)) == [CauseKind.ORDER]


def test_comments_are_no_edit():
    assert CauseKind.EDITED not in kinds(run(source="use(x)  # so"), run())


def test_a_file_that_changed_is_told_with_its_sizes():
    before = run({"<file:d.csv>": OLD}, files=[FileAccess("d.csv", "read", "a", 10)])
    after = run({"<file:d.csv>": NEW}, files=[FileAccess("d.csv", "read", "b", 2000)])
    (cause,) = causes_of(Case(Cell("here", 0, "use(x)"), before, after, ()), scene())
    assert cause.kind is CauseKind.FILE
    assert "10 bytes then, 2,000 now" in cause.message


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("<module:helpers>", CauseKind.MODULE),
        ("<rng:numpy>", CauseKind.RANDOM),
        ("<rcParams>", CauseKind.STATE),
        ("<cwd>", CauseKind.STATE),
        ("x", CauseKind.ORDER),
    ],
)
def test_an_input_that_differs(name, kind):
    assert kinds(run({name: OLD}), run({name: NEW})) == [kind]


def test_a_file_that_is_gone():
    assert kinds(run({"<file:d.csv>": OLD}), run({"<file:d.csv>": None})) == [CauseKind.FILE]


def test_a_generator_that_was_seeded_above_was_used_in_another_order():
    seeding = a_run("np.random.seed(0)", writes={"<rng:numpy>": OLD})
    assert kinds(run({"<rng:numpy>": OLD}), run({"<rng:numpy>": NEW}), scene(("seed", seeding))) == [CauseKind.ORDER]


def test_a_generator_seeded_from_entropy_is_not_seeded():
    seeding = a_run("np.random.seed()", writes={"<rng:numpy>": opaque()})
    assert kinds(run({"<rng:numpy>": OLD}), run({"<rng:numpy>": NEW}), scene(("seed", seeding))) == [CauseKind.RANDOM]


@pytest.mark.parametrize(
    ("effect", "kind"),
    [
        (Effect.ENTROPY, CauseKind.RANDOM),
        (Effect.CLOCK, CauseKind.CLOCK),
        (Effect.NETWORK, CauseKind.NETWORK),
        (Effect.SUBPROCESS, CauseKind.SUBPROCESS),
        (Effect.INPUT, CauseKind.INPUT),
    ],
)
def test_what_the_code_asks_of_the_world_counts_when_its_inputs_are_equal(effect, kind):
    assert kinds(run({"x": OLD}), run({"x": OLD}, effects=[effect])) == [kind]
    assert kinds(run({"x": OLD}), run({"x": NEW}, effects=[effect])) == [CauseKind.ORDER]


def test_equal_code_and_inputs_with_no_excuse():
    assert kinds(run({"x": OLD}), run({"x": OLD})) == [CauseKind.NOT_REPEATABLE]


def test_a_value_that_differs_in_what_nobody_sees():
    told = Difference(What.VALUE, "`res` differs", "res")
    (cause,) = causes_of(Case(Cell("here", 0, "use(x)"), run({"x": OLD}), run({"x": OLD}), (told,)), scene())
    assert (cause.kind, cause.names) == (CauseKind.NOT_REPEATABLE, ("res",))
    assert "though it shows the same" in cause.message
    seen = Difference(What.VALUE, "`n` differs", "n", "3", "4")
    (cause,) = causes_of(Case(Cell("here", 0, "use(x)"), run({"x": OLD}), run({"x": OLD}), (seen,)), scene())
    assert cause.message.startswith("it is not repeatable")


def test_the_same_words_in_another_order_come_from_a_set():
    told = Difference(What.TEXT, "its printed text differs", "", "columns: b, a", "columns: a, b")
    (cause,) = causes_of(Case(Cell("here", 0, "use(x)"), run({"x": OLD}), run({"x": OLD}), (told,)), scene())
    assert cause.kind is CauseKind.NOT_REPEATABLE
    assert "another order" in cause.message
    assert "PYTHONHASHSEED" in cause.remedy


def test_a_value_that_differs_unseen_is_in_hash_order_where_what_follows_shows_that():
    unseen = Difference(What.VALUE, "`m` differs", "m")
    scratch = Cause(CauseKind.NOT_REPEATABLE, "scratch", "", names=("m",))
    other = Cause(CauseKind.NOT_REPEATABLE, "other", "", names=("n",))
    cells = [
        VerifiedCell("a", 0, Outcome.DIFFERENT, differences=(unseen,), causes=(scratch,)),
        VerifiedCell("b", 1, Outcome.DIFFERENT, differences=(unseen,), causes=(other,)),
        VerifiedCell("c", 2, Outcome.DIFFERENT, differences=(unseen,), causes=(follows(0),)),
        VerifiedCell("d", 3, Outcome.DIFFERENT, differences=(shown("b, a", "a, b"),), causes=(follows(2),)),
        VerifiedCell("e", 4, Outcome.DIFFERENT, differences=(shown("3", "4"),), causes=(follows(1),)),
    ]
    told = by_hash_order(cells)
    assert "hash order" in told[0].causes[0].message
    assert "cell 4" in told[0].causes[0].message
    assert told[1:] == tuple(cells[1:])


def follows(cell):
    return Cause(CauseKind.UPSTREAM, "it follows", "", cell, ("m",))


def shown(before, after):
    return Difference(What.TEXT, "its printed text differs", "", before, after)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("ModuleNotFoundError: No module named 'seaborn'", CauseKind.PACKAGE),
        ("FileNotFoundError: data.csv", CauseKind.FILE),
        ("StdinNotImplementedError: no input", CauseKind.INPUT),
        ("ZeroDivisionError: division by zero", CauseKind.ERROR),
    ],
)
def test_an_error_says_what_is_missing(error, kind):
    told = Difference(What.ERROR, "it fails now", after=error)
    assert kinds(run(), run(), differences=(told,))[0] is kind


def test_the_words_of_the_replay_are_used_for_the_order():
    finding = Finding(
        "CN107", "", "When this cell last ran, cell 9 had changed `x` in place.", "Copy it.", Severity.WARNING, ("x",)
    )
    case = Case(Cell("here", 0, "use(x)"), run({"x": OLD}), run({"x": NEW}), (), (finding,))
    (cause,) = causes_of(case, scene())
    assert (cause.message, cause.remedy) == ("when this cell last ran, cell 9 had changed `x` in place", "Copy it.")


# --------------------------------------------------------------------------- other cells


def test_what_follows_from_a_cell_above():
    maker = a_run("x = draw()", writes={"x": NEW})
    world = scene(("x = draw()", maker), different={0: frozenset({"x"})})
    before, after = run({"x": OLD}), run({"x": Read("x", NEW, maker.id)})
    (cause,) = causes_of(Case(Cell("here", 1, "use(x)"), before, after, ()), world)
    assert (cause.kind, cause.cell, cause.names) == (CauseKind.UPSTREAM, 0, ("x",))
    assert cause.message == "it follows from cell 1 (`x = draw()`) through `x`"


def test_two_names_of_one_cell_are_one_cause():
    maker = a_run("x, y = draw()", writes={"x": NEW, "y": NEW})
    world = scene(("x, y = draw()", maker), different={0: frozenset({"x", "y"})})
    before = run({"x": OLD, "y": OLD})
    after = run({"x": Read("x", NEW, maker.id), "y": Read("y", NEW, maker.id)})
    (cause,) = causes_of(Case(Cell("here", 1, "use(x)"), before, after, ()), world)
    assert cause.names == ("x", "y")


def test_without_an_earlier_run_the_cells_that_an_input_comes_from_are_looked_at():
    drawing = a_run("x = random()", reads={"<rng:python>": OLD}, writes={"x": NEW})
    between = a_run("y = x + 1", reads={"x": Read("x", NEW, drawing.id)}, writes={"y": NEW})
    world = scene(("x = random()", drawing), ("y = x + 1", between))
    after = run({"y": Read("y", NEW, between.id)})
    causes = causes_of(Case(Cell("here", 2, "print(y)"), None, after, ()), world)
    assert [(cause.kind, cause.cell) for cause in causes] == [(CauseKind.RANDOM, 0)]


def test_without_any_run_the_saved_counts_may_tell_the_order():
    world = scene(("a = 1", a_run("a = 1")), counts={0: 9, 1: 4})
    assert kinds(None, run(), world) == [CauseKind.ORDER]


def test_without_anything_nothing_is_claimed():
    assert kinds(None, None) == [CauseKind.NOT_RECORDED]


# --------------------------------------------------------------------------- packages


def test_versions_of_imported_packages_are_named():
    old = a_session("s1", packages={"pandas": "2.3.3", "ruff": "1"})
    new = a_session("s2", packages={"pandas": "3.1.0", "ruff": "2"})
    world = scene(("import pandas as pd", a_run()), after_session=new, sessions={"s1": old})
    (cause,) = causes_of(Case(Cell("here", 1, "use(x)"), run({"x": OLD}), run({"x": OLD}), ()), world)
    assert (cause.kind, cause.message) == (CauseKind.PACKAGE, "other versions: pandas 2.3.3 → 3.1.0")


def test_versions_of_others_are_counted_when_no_imported_one_changed():
    old, new = a_session(packages={"numpy": "1"}), a_session(packages={"numpy": "2"})
    assert changed_versions(old, new, frozenset({"pandas"})) == ((), ("numpy",))


@pytest.mark.parametrize(
    ("source", "package"),
    [
        ("from sklearn.svm import SVC", "scikit-learn"),
        ("import PIL.Image", "pillow"),
        ("import my_pkg.part", "my-pkg"),
        ("import cv2", "opencv-python"),
    ],
)
def test_the_package_of_a_module(source, package):
    assert imported_packages([source]) == {package}


# --------------------------------------------------------------------------- names


def names(before, after):
    return [difference.message for difference in compare_names(before, after)[0]]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"writes": {"x": OLD}}, {"writes": {"x": OLD}}, []),
        ({"writes": {"x": OLD}}, {"writes": {"x": NEW}}, ["`x` differs"]),
        ({"writes": {"x": OLD}}, {}, ["it no longer defines `x`"]),
        ({}, {"writes": {"x": OLD}}, ["it now defines `x`"]),
        ({"reads": {"x": OLD}}, {"writes": {"x": Write("x", OLD, "mutated")}}, []),
        ({"writes": {"x": Write("x", OLD, "mutated")}}, {}, []),
        ({"writes": {"<file:o.csv>": OLD}}, {"writes": {"<file:o.csv>": NEW}}, ["the file o.csv is written with other content"]),
        ({"writes": {"<file:o.xlsx>": OLD}}, {"writes": {"<file:o.xlsx>": NEW}}, []),
        ({"writes": {"<file:o.csv>": OLD}}, {}, ["it no longer writes o.csv"]),
        ({"writes": {"<rng:numpy>": OLD}}, {"writes": {"<rng:numpy>": NEW}}, []),
        ({"writes": {"x": OLD}}, {"deletes": ["x"]}, ["`x` differs"]),
    ],
    ids=[
        "equal", "another value", "gone", "new", "left alone as it was", "shared memory", "a file", "a dated file",
        "no file", "ambient", "deleted",
    ],
)  # fmt: skip
def test_what_two_runs_left(before, after, told):
    assert names(a_run(**before), a_run(**after)) == told


def test_opaque_values_are_not_compared_and_that_is_said():
    differences, unsure = compare_names(a_run(writes={"x": opaque()}), a_run(writes={"x": opaque()}))
    assert (differences, unsure) == ([], ["x"])


def test_imports_and_definitions_are_the_same_as_long_as_the_code_is():
    source = "import pandas as pd\ndef f():\n    return 1"
    before, after = (a_run(source, writes={"pd": print_, "f": print_}) for print_ in (OLD, NEW))
    assert names(before, after) == []
    changed = a_run(source, reads={"<module:helpers>": NEW}, writes={"pd": NEW, "f": NEW})
    assert names(before, changed) == ["`f` differs", "`pd` differs"]


def test_ambient_state_counts_for_what_follows():
    assert differing(a_run(writes={"<rng:numpy>": OLD}), a_run(writes={"<rng:numpy>": NEW})) == {"<rng:numpy>"}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("start = time.time()", {"start"}),
        ("start = time.time()\ntook = round(time.time() - start, 2)", {"start", "took"}),
        ("took = end - start", {"took"}),
        ("speed = n / took", set()),
        ("x = model.fit(start)", set()),
        ("today = pd.Timestamp.now().date()", {"today"}),
        ("total = 0\ntotal += time.perf_counter() - start", {"total"}),
        ("x = time.time()\nx = load()", set()),
        ("x = 1", set()),
        ("this is no Python", set()),
    ],
)
def test_names_that_hold_a_time_and_nothing_else(source, found):
    assert measured(source, frozenset({"start", "end", "took"})) == found


# --------------------------------------------------------------------------- the whole document


def cell(index, outcome=Outcome.DIFFERENT, *causes, predicted=None):
    return VerifiedCell(f"c{index}", index, outcome, causes=causes, predicted=predicted)


def verification(*cells, stop=None):
    return Verification("a.ipynb", None, "2026-01-01T00:00:00Z", 1.0, "python3", "3.12.1", cells, stop)


def up(index):
    return Cause(CauseKind.UPSTREAM, "", cell=index)


def test_roots_are_where_differences_begin():
    own = Cause(CauseKind.RANDOM, "it draws")
    found = verification(
        cell(0, Outcome.SAME),
        cell(1, Outcome.DIFFERENT, own),
        cell(2, Outcome.DIFFERENT, up(1)),
        cell(3, Outcome.DIFFERENT, up(2)),
    )
    assert [(root.cell, root.cause, root.follows) for root in found.roots] == [(1, own, (2, 3))]


def test_a_cause_that_points_nowhere_is_its_own_root():
    assert [root.cell for root in verification(cell(4, Outcome.DIFFERENT, up(9))).roots] == [4]


@pytest.mark.parametrize(
    ("predicted", "outcome", "agrees"),
    [
        (Verdict.FRESH, Outcome.SAME, True),
        (Verdict.FRESH, Outcome.DIFFERENT, False),
        (Verdict.STALE, Outcome.SAME, False),
        (Verdict.STALE, Outcome.DIFFERENT, True),
        (Verdict.UNKNOWN, Outcome.DIFFERENT, None),
        (Verdict.NEVER_RUN, Outcome.SAME, None),
        (Verdict.FRESH, Outcome.NOT_RUN, None),
        (None, Outcome.SAME, None),
    ],
)
def test_whether_the_prediction_was_right(predicted, outcome, agrees):
    assert cell(0, outcome, predicted=predicted).agrees is agrees


@pytest.mark.parametrize(
    ("cells", "stop", "same", "settled"),
    [
        ([Outcome.SAME], None, True, True),
        ([Outcome.SAME, Outcome.NOTHING], None, True, True),
        ([Outcome.DIFFERENT], None, False, True),
        ([Outcome.SAME, Outcome.NOT_RUN], StopReason.ERROR, False, True),
        ([Outcome.SAME, Outcome.NOT_RUN], StopReason.TIME_LIMIT, False, False),
        ([Outcome.DIFFERENT, Outcome.NOT_RUN], StopReason.TIME_LIMIT, False, True),
        ([], None, True, True),
    ],
)
def test_what_is_said_of_the_whole(cells, stop, same, settled):
    found = verification(*(cell(n, outcome) for n, outcome in enumerate(cells)), stop=stop and Stop(1, stop, ""))
    assert (found.same, found.settled) == (same, settled)
