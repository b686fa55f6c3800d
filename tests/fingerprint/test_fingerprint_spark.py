"""Spark frames by plan and files, in a real local session; what a plan does not tell is opaque."""

from __future__ import annotations

import os
import shutil

import pytest
from fingerprint_cases import full

from nbcairn.fingerprint import fingerprint
from nbcairn.model import Coverage

pytest.importorskip("pyspark")
pytestmark = [
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
]


@pytest.fixture(scope="module")
def spark():
    from pyspark.sql import SparkSession

    settings = {"spark.ui.enabled": "false", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
    builder = SparkSession.builder.master("local[1]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a file.csv"
    path.write_text("a,b\n1,x\n2,y\n")
    return path


def read(spark, file, **options):
    return spark.read.csv(str(file), schema="a int, b string", **options)


MADE = {
    "a projection": lambda frame: frame.select("a"),
    "another": lambda frame: frame.select("b"),
    "a filter": lambda frame: frame.filter("a > 1"),
    "another bound": lambda frame: frame.filter("a > 2"),
    "a sum": lambda frame: frame.groupBy("b").sum("a"),
    "an order": lambda frame: frame.orderBy("a"),
    "many columns": lambda frame: frame.selectExpr(*(f"a + {n} as c{n}" for n in range(60))),
    "the last of many differs": lambda frame: frame.selectExpr(*(f"a + {n + (n == 59)} as c{n}" for n in range(60))),
    "joined with itself": lambda frame: frame.join(frame.select("b"), "b"),
}


def test_plans_are_the_same_made_again_and_differ_when_they_do(spark, file):
    digests = {name: full(make(read(spark, file))) for name, make in MADE.items()}
    assert digests == {name: full(make(read(spark, file))) for name, make in MADE.items()}
    assert len(set(digests.values())) == len(MADE)
    assert full(spark.range(5)) == full(spark.range(5)) != full(spark.range(6))


def test_options_and_files_count(spark, file):
    digest = full(read(spark, file))
    assert digest != full(read(spark, file, sep=";"))
    frame = read(spark, file)
    os.utime(file, (1, 1))
    assert full(frame) != digest


def test_what_a_plan_does_not_tell_is_opaque(spark, file):
    from pyspark.sql import functions

    frame = read(spark, file)
    inner = frame.filter("a = (select max(id) from range(3))")
    frame.createOrReplaceTempView("known")
    for value in (
        spark.createDataFrame([(1, "a")], ["x", "y"]), frame.select(functions.udf(lambda x: x)("a")),
        frame.join(spark.createDataFrame([(1,)], ["a"]), "a"), frame.rdd,
    ):  # fmt: skip
        found = fingerprint(value)
        assert found.coverage is Coverage.OPAQUE, value
        assert "Spark" in found.note
    subquery = spark.sql("select * from known where a = (select max(a) from known)")
    assert fingerprint(subquery).coverage is Coverage.OPAQUE
    assert fingerprint(inner).coverage is Coverage.OPAQUE or full(inner) != full(frame)
