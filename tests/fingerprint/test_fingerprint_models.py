"""Models, optional libraries and objects of one's own: the same everywhere, and different when they are."""

from __future__ import annotations

import copy
import importlib.util
import pickle

import numpy as np
import pytest
from fingerprint_cases import elsewhere, full

from nbcairn.fingerprint import fingerprint
from nbcairn.model import Coverage

SETUP = '''
import dataclasses, functools, importlib, warnings
import numpy as np, pandas as pd
warnings.simplefilter("ignore")
rng = np.random.default_rng(0)
X = rng.random((60, 4)); y = (X[:, 0] > 0.5).astype(int)
D = pd.DataFrame(X, columns=list("abcd")).assign(g=["u", "v"] * 30, y=y)
def get(path, *args, **more):
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)(*args, **more)
sk = functools.partial
def logistic(C=1.0): return get("sklearn.linear_model.LogisticRegression", C=C).fit(X, y)
def forest(seed=0): return get("sklearn.ensemble.RandomForestClassifier", 5, random_state=seed).fit(X, y)
def boosted(n=3): return get("sklearn.ensemble.HistGradientBoostingClassifier", max_iter=n, random_state=0).fit(X, y)
def neighbours(n=5): return get("sklearn.neighbors.KNeighborsClassifier", n).fit(X, y)
def words(text="a cat and a dog"): return get("sklearn.feature_extraction.text.TfidfVectorizer").fit([text])
def pipeline(kernel="rbf"):
    parts = get("sklearn.compose.ColumnTransformer", [
        ("numbers", get("sklearn.preprocessing.StandardScaler"), list("abcd")),
        ("groups", get("sklearn.preprocessing.OneHotEncoder"), ["g"])])
    return get("sklearn.pipeline.make_pipeline", parts, get("sklearn.svm.SVC", kernel=kernel)).fit(D, y)
def network(n=3): return get("sklearn.neural_network.MLPClassifier", (n,), max_iter=3, random_state=0).fit(X, y)
def ols(n=60): return get("statsmodels.api.OLS", y[:n], X[:n]).fit()
def formula(text="y ~ a + C(g)"): return get("statsmodels.formula.api.ols", text, D).fit()
def glm(n=60): return get("statsmodels.api.GLM", y[:n], X[:n], family=get("statsmodels.genmod.families.Binomial")).fit()
def gee(text="y ~ a"):
    groups = np.arange(60) // 6
    return get("statsmodels.formula.api.gee", text, groups, D, family=get("statsmodels.genmod.families.Gaussian")).fit()
def arima(n=40): return get("statsmodels.tsa.arima.model.ARIMA", X[:n, 0], order=(1, 0, 0)).fit()
def autoregression(n=60):
    data = pd.Series(X[:n, 0], index=pd.date_range("2020", periods=n, freq="D"))
    return get("statsmodels.tsa.ar_model.AutoReg", data, 2).fit()
def xgb(n=3): return get("xgboost.XGBClassifier", n_estimators=n, random_state=0, n_jobs=1).fit(X, y)
def lgb(n=3): return get("lightgbm.LGBMClassifier", n_estimators=n, verbose=-1, num_threads=1, min_child_samples=5).fit(X, y)
def torch_net(seed=0):
    import torch
    torch.manual_seed(seed)
    return torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.BatchNorm1d(4))
def tensors(n=1):
    import torch
    plain = torch.arange(6).reshape(2, 3) * n
    return [plain, torch.full((3,), float(n), dtype=torch.bfloat16), (torch.eye(3) * n).to_sparse(), plain.T[1:],
            torch.Generator().manual_seed(n), torch.tensor([n + 2j]), torch.nn.Parameter(torch.ones(2) * n)]
def optimiser(steps=1):
    import torch
    net = torch_net(); chosen = torch.optim.Adam(net.parameters())
    for _ in range(steps):
        net(torch.ones(4, 3)).sum().backward(); chosen.step()
    return [net, chosen]
def image(colour=1):
    from PIL import Image
    return [Image.new("RGB", (5, 5), (colour, 2, 3)), Image.new("P", (3, 3), colour)]
def dask_frame(n=2): return get("dask.dataframe.from_pandas", D, npartitions=2).a.sum() + n
def lazy(n=1):
    import polars as pl
    return pl.LazyFrame({"a": [1, 2]}).filter(pl.col("a") > n)
def relation(n=1): return get("duckdb.sql", f"select * from (values ({n}), (2)) as t(a)")
@dataclasses.dataclass
class Point:
    x: int
    tags: list = dataclasses.field(default_factory=list)
def points(x=1): return [Point(x), Point(2, ["a"]), {Point: x}]
@dataclasses.dataclass(frozen=True, slots=True)
class Slim:
    x: int
def slim(x=1): return [Slim(x), Slim(2)]
def attributes(x=1):
    import attrs
    kind = attrs.make_class("Kind", {"x": attrs.field(), "s": attrs.field(default="a")})
    return [kind(x), kind(2)]
def validated(x=1):
    import pydantic
    class Kind(pydantic.BaseModel):
        x: int
        items: list[int] = []
        _hidden: int = pydantic.PrivateAttr(3)
    return [Kind(x=x, items=[1]), Kind(x=2)]
'''  # fmt: skip

MADE = {
    "logistic": ("sklearn", "logistic()", "logistic(2.0)"),
    "forest": ("sklearn", "forest()", "forest(1)"),
    "boosted trees": ("sklearn", "boosted()", "boosted(4)"),
    "neighbours": ("sklearn", "neighbours()", "neighbours(4)"),
    "words": ("sklearn", "words()", "words('a cat and a cow')"),
    "pipeline": ("sklearn", "pipeline()", "pipeline('linear')"),
    "network": ("sklearn", "network()", "network(4)"),
    "least squares": ("statsmodels", "ols()", "ols(59)"),
    "formula": ("statsmodels", "formula()", "formula('y ~ b + C(g)')"),
    "generalised": ("statsmodels", "glm()", "glm(59)"),
    "estimating equations": ("statsmodels", "gee()", "gee('y ~ b')"),
    "time series": ("statsmodels", "arima()", "arima(39)"),
    "xgboost": ("xgboost", "xgb()", "xgb(4)"),
    "lightgbm": ("lightgbm", "lgb()", "lgb(4)"),
    "torch module": ("torch", "torch_net()", "torch_net(1)"),
    "tensors": ("torch", "tensors()", "tensors(2)"),
    "optimiser": ("torch", "optimiser()", "optimiser(2)"),
    "images": ("PIL", "image()", "image(4)"),
    "dask": ("dask", "dask_frame()", "dask_frame(3)"),
    "lazy frame": ("polars", "lazy()", "lazy(2)"),
    "duckdb": ("duckdb", "relation()", "relation(3)"),
    "dataclasses": ("dataclasses", "points()", "points(3)"),
    "slots": ("dataclasses", "slim()", "slim(3)"),
    "attrs": ("attrs", "attributes()", "attributes(3)"),
    "pydantic": ("pydantic", "validated()", "validated(3)"),
}
INSTALLED = {name: case for name, case in MADE.items() if importlib.util.find_spec(case[0])}


@pytest.fixture(scope="module")
def made():
    space = {"__name__": "__main__"}
    exec(compile(SETUP, "setup", "exec", dont_inherit=True), space)
    return lambda source: eval(source, space)


@pytest.fixture(scope="module")
def told_elsewhere():
    """What each is in another process, all made in one."""
    return dict(zip(INSTALLED, elsewhere([case[1] for case in INSTALLED.values()], SETUP, "5"), strict=True))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", MADE)
def test_made_again_it_is_the_same_and_made_otherwise_it_is_not(name, made, told_elsewhere):
    library, source, other = MADE[name]
    pytest.importorskip(library)
    value = made(source)
    digest = full(value)
    assert digest == full(value), "looking changes nothing"
    assert digest == full(made(source)) == told_elsewhere[name]
    assert digest != full(made(other))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "name", ["logistic", "forest", "pipeline", "words", "xgboost", "lightgbm", "torch module", "tensors", "images"]
)
def test_a_copy_of_a_model_is_the_same(name, made):
    library, source, _ = MADE[name]
    pytest.importorskip(library)
    value = made(source)
    assert full(copy.deepcopy(value)) == full(value)
    if name not in {"tensors", "images"}:
        assert full(pickle.loads(pickle.dumps(value))) == full(value)


def test_fitting_shows_and_predicting_does_not(made):
    model = made("get('sklearn.linear_model.LogisticRegression')")
    seen = [full(model)]
    model.fit(made("X"), made("y"))
    seen.append(full(model))
    model.predict(made("X"))
    assert full(model) == seen[1] != seen[0]
    model.coef_[0, 0] += 1e-9
    assert full(model) != seen[1]


def test_a_model_from_a_formula_does_not_hold_the_notebook(made):
    pytest.importorskip("statsmodels")
    value = made("formula()")
    digest = full(value)
    made("globals().__setitem__('unrelated', list(range(1000)))")
    assert full(value) == digest


ASKED = {
    "least squares": ("ols()", ["summary()", "predict(X)", "conf_int()", "resid", "get_influence()", "get_prediction(X).summary_frame()"]),
    "robust errors": ("ols().get_robustcov_results('HC3')", ["summary()", "predict(X)"]),
    "formula": ("formula()", ["summary()", "summary2()", "predict(D)", "f_pvalue"]),
    "generalised": ("glm()", ["summary()", "predict(X)", "get_prediction(X).summary_frame()", "pearson_chi2", "aic"]),
    "estimating equations": ("gee()", ["summary()", "predict(D)", "resid"]),
    "time series": ("arima()", ["summary()", "forecast(3)", "get_forecast(3).summary_frame()", "resid"]),
    "autoregression": ("autoregression()", ["summary()", "forecast(3)", "predict(50, 70)", "aic"]),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("source,asked", ASKED.values(), ids=ASKED.keys())
def test_asking_a_model_for_its_results_does_not_change_it(source, asked, made):
    pytest.importorskip("statsmodels")
    value = made(source)
    digest = full(value)
    for question in asked:
        made(f"lambda value: value.{question}")(value)
        assert full(value) == digest, question


@pytest.mark.filterwarnings("ignore")
def test_scratch_memory_of_a_model_does_not_count_and_its_data_do(made):
    pytest.importorskip("statsmodels")
    value = made("glm()")
    digest = full(value)
    value.model._tmp_like_exog[:] = 7
    assert full(value) == digest
    value.model.exog[0, 0] += 1
    assert full(value) != digest


@pytest.mark.filterwarnings("ignore")
def test_a_summary_is_its_tables(made):
    pytest.importorskip("statsmodels")
    one, other = (made("ols()").summary2() for _ in range(2))
    assert full(one.tables) == full(other.tables)
    table = made("ols()").summary().tables[1]
    digest = full(table)
    assert digest == full(made("ols()").summary().tables[1])
    table[1][1].data = "0"
    assert full(table) != digest


def test_a_tensor_shares_memory_with_its_array(made):
    torch = pytest.importorskip("torch")
    from nbcairn.fingerprint import Fingerprinter

    array = np.zeros(5)
    tensor = torch.from_numpy(array)
    look = Fingerprinter().look
    assert look(array)[1] & look(tensor)[1]
    assert not look(array)[1] & look(torch.zeros(5))[1]
    before = full(tensor)
    array[2] = 1
    assert full(tensor) != before


def test_a_query_changes_with_the_file_it_reads(tmp_path):
    import polars as pl

    file = tmp_path / "a.csv"
    file.write_text("a\n1\n")
    query = pl.scan_csv(file).filter(pl.col("a") > 0)
    before = full(query)
    assert full(pl.scan_csv(file).filter(pl.col("a") > 0)) == before
    file.write_text("a\n1\n2\n")
    assert full(query) != before


def test_a_query_over_what_it_does_not_tell_is_not_trusted(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    import pandas as pd

    frame = pd.DataFrame({"x": [1]})
    assert fingerprint(duckdb.sql("select * from frame")).coverage is Coverage.OPAQUE, frame
    connection = duckdb.connect()
    connection.sql("create table t (a int)")
    found = fingerprint(connection.sql("select * from t"))
    assert found.coverage is Coverage.SAMPLED
    assert found.note == "a query; the tables that it reads do not count"
    (tmp_path / "b.csv").write_text("a\n1\n")
    query = duckdb.read_csv(str(tmp_path / "b.csv"))
    before = full(query)
    (tmp_path / "b.csv").write_text("a\n1\n2\n")
    assert full(query) != before


def test_another_package_can_add_a_family(monkeypatch):
    from types import SimpleNamespace

    from nbcairn.fingerprint import registry
    from nbcairn.fingerprint.walk import Family

    class Sensor:
        def __init__(self, reading):
            self.reading, self.seen = reading, object()

    def add(walk, digest, value):
        digest.text("sensor")
        walk.add(digest, value.reading)

    families = {f"{Sensor.__module__}.{Sensor.__qualname__}": Family(add)}
    point = SimpleNamespace(load=lambda: families)
    monkeypatch.setattr(registry, "declared", lambda group: [point] if group == "nbcairn.fingerprints" else [])
    registry._inherited.cache_clear()
    registry.family_of.cache_clear()
    try:
        assert full(Sensor(1)) == full(Sensor(1)) != full(Sensor(2))
    finally:
        registry._inherited.cache_clear()
        registry.family_of.cache_clear()
