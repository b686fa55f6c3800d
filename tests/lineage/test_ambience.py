"""Which ambient state code may set, by the names of what it calls and assigns to."""

from __future__ import annotations

import pytest

from nbcairn.lineage.ambience import may_set

IMPORTS = {
    "np": "numpy", "pd": "pandas", "plt": "matplotlib.pyplot", "mpl": "matplotlib", "os": "os", "random": "random",
    "shuffle": "random.shuffle", "sns": "seaborn", "torch": "torch", "warnings": "warnings", "nn": "torch.nn",
}  # fmt: skip

SETS = {
    "random.seed(1)": "<rng:python>",
    "shuffle(xs)": "<rng:python>",
    "x = [np.random.rand() for _ in xs]": "<rng:numpy>",
    "if x:\n    np.random.seed(1)": "<rng:numpy>",
    "torch.manual_seed(1)": "<rng:torch>",
    "layer = nn.Linear(1, 2)": "<rng:torch>",
    "plt.rcParams['font.size'] = 3": "<rcParams>",
    "mpl.rcParams.update(a)": "<rcParams>",
    "plt.rc('font', size=3)": "<rcParams>",
    "plt.style.use('ggplot')": "<rcParams>",
    "sns.set_theme()": "<rcParams>",
    "pd.options.display.max_rows = 3": "<pandas.options>",
    "pd.set_option('display.width', 3)": "<pandas.options>",
    "np.set_printoptions(precision=2)": "<numpy.printoptions>",
    "warnings.simplefilter('ignore')": "<warnings>",
    "os.chdir('/')": "<cwd>",
    "os.environ['A'] = '1'": "<environ>",
    "del os.environ['A']": "<environ>",
    "with pd.option_context('a', 1):\n    random.random()": "<rng:python>",
}
LEAVES = (
    "rng = np.random.default_rng(1)",
    "generator = np.random.RandomState(1)",
    "own = random.Random(1)",
    "state = random.getstate()",
    "size = plt.rcParams['font.size']",
    "plt.plot(xs)",
    "rows = pd.options.display.max_rows",
    "df['a'] = np.random",
    "def f():\n    random.seed(1)",
    "f = lambda: random.random()",
    "with warnings.catch_warnings():\n    warnings.simplefilter('ignore')",
    "with plt.rc_context():\n    plt.rcParams['font.size'] = 3",
    "not python (",
)


@pytest.mark.parametrize("source", SETS)
def test_code_sets_ambient_state(source):
    assert may_set(source, IMPORTS) == {SETS[source]}


@pytest.mark.parametrize("source", LEAVES)
def test_code_leaves_ambient_state_as_it_is(source):
    assert may_set(source, IMPORTS) == frozenset()


def test_a_function_that_is_called_sets_what_its_body_sets():
    source = "random.seed(1)\ndef f():\n    np.random.rand()\ndef g():\n    os.chdir('/')"
    assert may_set(source, IMPORTS, "f") == {"<rng:numpy>"}
    assert may_set(source, IMPORTS) == {"<rng:python>"}


def test_names_that_stand_for_something_else_set_nothing():
    assert may_set("random.seed(1)\nnp.random.seed(1)", {"random": "myproject.random"}) == frozenset()
