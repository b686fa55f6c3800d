"""Which tables a source reaches through some of their columns only; every other way of reaching one is the whole of it."""

from __future__ import annotations

import pytest

from nbcairn.lineage.columns import Columns, Tables
from nbcairn.model import Layout

A, AB, NO = frozenset({"a"}), frozenset({"a", "b"}), frozenset()

BY_COLUMNS = {
    "df['a']": (A, NO),
    "print(df['a'].mean())": (A, NO),
    "df[['a', 'b']]": (AB, NO),
    "df.a": (NO, A),
    "df.a.plot(kind='bar')": (NO, A),
    "df.loc[:, 'a']": (A, NO),
    "df.loc[:, ['a', 'b']]": (AB, NO),
    "df.loc[df['a'] > 1, 'b']": (AB, NO),
    "df.at[3, 'a']": (A, NO),
    "df[df['a'] > 1]['b']": (AB, NO),
    "df[(df['a'] > 1) & ~(df['b'] == 0)]['b']": (AB, NO),
    "df.groupby('a')['b'].mean()": (AB, NO),
    "df.groupby(['a'], sort=False)['b'].mean()": (AB, NO),
    "df.sort_values(by='a')['b']": (AB, NO),
    "df.head(3)['a']": (A, NO),
    "len(df)": (NO, NO),
    "df.shape[0]": (NO, NO),
    "list(df.index)": (NO, NO),
    "x = df['a'] + df.b": (A, frozenset({"b"})),
    "[value for value in df['a']]": (A, NO),
    "(lambda: df['a'].sum())()": (A, NO),
    "def f(df):\n    return df.describe()\nf(df['a'])": (A, NO),
    "'''About df.'''\ndf['a']": (A, NO),
}
WHOLE = (
    "df", "print(df)", "df.describe()[['a']]", "df[name]", "df[['a', name]]", "df[3]", "df['a':'b']", "df[mask]['a']",
    "df['a'] += 1", "del df['a']", "df.a = 1", "df = df[['a']]", "df.loc[0]", "df.loc[:, name]", "df.iloc[:, 0]",
    "df.shape", "df.shape[1]", "df.query('a > 1')['a']", "df.groupby(key)['b']", "df.groupby('a')[['b']]",
    "df.groupby('a', **how)['b']", "df.groupby('a').b", "df.sort_values('a', axis=1)['b']", "df.dropna()['a']",
    "df.drop_duplicates()['a']", "df.head(n)['a']", "other = df\nother['a']", "df['a']; f(df)", "for c in df:\n    df['a']",
    "pd.eval('df.b')\ndf['a']", "%timeit df['a']", "eval(code)\ndf['a']", "globals()\ndf['a']", "df['a'], {'k': df}",
    "len(df, *more)", "def f():\n    return df\ndf['a']", "def f():\n    global df\n    df = other\ndf['a']",
)  # fmt: skip


@pytest.mark.parametrize("source", BY_COLUMNS)
def test_reached_through_columns(source):
    items, attributes = BY_COLUMNS[source]
    assert Tables([source]).read_by(source).get("df") == Columns(items, attributes)


@pytest.mark.parametrize("source", ["sorted(d)[:5]", "list(d)", "'a' in d", "x not in d", "len(d), set(d)", "tuple(d)"])
def test_the_keys_of_a_dict_alone(source):
    seen = Tables([source]).read_by(source)["d"]
    keys, others = Layout("keys:1", {}), Layout("keys:2", {})
    assert seen.keys
    assert seen.alike(keys, keys)
    assert not seen.alike(keys, others)
    table = Layout("1", {"a": "2"})
    assert not seen.alike(table, table), "labels of a table, or values of a series, are not known by its rows"


@pytest.mark.parametrize(
    "source", ["sorted(d, key=d.get)", "for k in d:\n    d", "d == e", "'a' in d.values()", "list(*d)"]
)
def test_more_than_the_keys_of_a_dict(source):
    seen = Tables([source]).read_by(source).get("d")
    keys = Layout("keys:1", {})
    assert seen is None or not seen.alike(keys, keys)


@pytest.mark.parametrize("builtin", ["list", "sorted"])
def test_a_builtin_of_ones_own_may_look_at_anything(builtin):
    source = f"{builtin}(d)"
    assert Tables([source, f"def {builtin}(x):\n    return x"]).read_by(source).get("d") is None


MAKES = {
    "df['c'] = df['a'] * 2": (A, {"c"}),
    "df['c'] = 0\ndf['d'] = df['c'] + df['a']": (A, {"c", "d"}),
    "df['a'] = df['a'].fillna(0)": (A, {"a"}),
    "df['c'] = df['d'] = n": (NO, {"c", "d"}),
    "df['c'] = 1\nprint(len(df))": (NO, {"c"}),
    "if n:\n    df['c'] = 1": None,
    "df['c'] += 1": None,
    "df['c'] = 1\nprint(df)": None,
    "df['c'] = 1\ndel df['a']": None,
    "df['c'], x = 1, 2": None,
    "df['a']['c'] = 1": None,
    "df.loc[:, 'c'] = 1": None,
    "df[name] = 1": None,
    "df['c'] = 1\nfrom numpy import *": None,
}


@pytest.mark.parametrize("source", MAKES)
def test_columns_that_are_made_anew(source):
    found = Tables([source]).changed_by(source).get("df")
    assert (found and (found.items, found.written)) == MAKES[source]
    assert not found or "df" not in Tables([source]).read_by(source)


@pytest.mark.parametrize("source", WHOLE)
def test_reached_as_a_whole(source):
    found = Tables([source]).read_by(source).get("df")
    assert found is None or found.attributes - A, found


@pytest.mark.parametrize(
    ("others", "columns"),
    [
        (("def f():\n    return df['b'].sum()",), AB),
        (("def f():\n    return str(df)",), None),
        (("def f(df):\n    return df.sum()",), A),
        (("total = lambda: str(df)",), None),
        (("print(df)",), A),
        (("def len(x):\n    return x.sum()",), None),
    ],
)
def test_functions_of_other_cells_may_be_called(others, columns):
    found = Tables([*others, "df['a']; len(df)"]).read_by("df['a']; len(df)").get("df")
    assert (found and found.items) == columns


@pytest.mark.parametrize(
    ("columns", "other", "same"),
    [
        (Columns(A), Layout("i", {"a": "1", "c": "3"}), True),
        (Columns(A), Layout("i", {"c": "3", "b": "2", "a": "1"}), True),
        (Columns(AB), Layout("i", {"a": "1", "b": "3"}), False),
        (Columns(A), Layout("i", {"b": "2"}), False),
        (Columns(frozenset({"z"})), Layout("i", {"a": "1"}), False),
        (Columns(), Layout("i", {}), True),
        (Columns(), Layout("other rows", {"a": "1", "b": "2"}), False),
        (Columns(attributes=A), Layout("i", {"a": "1"}), True),
        (Columns(attributes=A), Layout("i", {"a": "1"}, ("a",)), False),
    ],
)
def test_tables_are_the_same_for_who_sees_some_columns(columns, other, same):
    one = Layout("i", {"a": "1", "b": "2"})
    assert columns.alike(one, other) is same
    assert columns.alike(other, one) is same
