"""Spark frames: by their analyzed plan and the files that it reads, as they are now. Nothing is computed.

The plan is read as Spark itself writes it down (``toJSON`` of Catalyst's trees), with its running numbers replaced by their
order. A plan over something that it does not write down, such as rows held by the session, a function of Python or a table
of a catalog, is opaque.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from nbcairn.fingerprint.digest import Digest
from nbcairn.fingerprint.files import add_files
from nbcairn.fingerprint.walk import Family, Opaque, Walk

__all__ = ["FAMILIES"]

_CLASS = re.compile(r'"class":"([^"]+)"')
_NUMBERED = re.compile(r'"id":(\d+),"jvmId":"[0-9a-f-]+"')
_NOTED = re.compile(r'"__(?:dataset_id|col_position)":-?\d+,?')
_TOLD = re.compile(r"org\.apache\.spark\.sql\.catalyst\.(expressions|plans\.logical)\.")
_UNTOLD = re.compile(
    r"UD[AT]?F|Python|In(Pandas|Arrow)|Map(Elements|Partitions|Groups)|Typed|CoGroup|AppendColumns|serialize|Aggregator|Invoke|Local"
    r"|External|Script"
)
_FILES = "org.apache.spark.sql.execution.datasources.LogicalRelation"
_MADE = frozenset({"Range", "OneRowRelation"})


def _spark(walk: Walk, digest: Digest, value: Any) -> None:
    plan = value._jdf.queryExecution().analyzed()
    told = plan.toJSON()
    kinds = _CLASS.findall(told)
    for kind in kinds:
        if kind != _FILES and (_UNTOLD.search(kind) or not _TOLD.match(kind)):
            raise Opaque(f"a Spark query over what its plan does not tell ({kind.rpartition('.')[2]})")
    digest.text("spark.DataFrame")
    digest.text(_NOTED.sub("", _renumbered(told)))
    read = [leaf for leaf in _listed(plan.collectLeaves()) if leaf.getClass().getSimpleName() not in _MADE]
    if len(read) != kinds.count(_FILES):
        raise Opaque("a Spark query with another query inside")
    for leaf in read:
        _relation(walk, digest, leaf.relation())


def _renumbered(told: str) -> str:
    """The plan with the numbers of its columns in order of appearance: they count up through a session."""
    known: dict[str, int] = {}
    return _NUMBERED.sub(lambda found: f'"id":{known.setdefault(found[1], len(known))}', told)


def _listed(sequence: Any) -> Iterator[Any]:
    """The items of a collection of Scala."""
    iterator = sequence.iterator()
    while iterator.hasNext():
        yield iterator.next()


def _relation(walk: Walk, digest: Digest, relation: Any) -> None:
    """A data source over files: its format, its options and its files."""
    if relation.getClass().getSimpleName() != "HadoopFsRelation":
        raise Opaque("a Spark query over a table of another system")
    digest.text(relation.fileFormat().getClass().getName())
    digest.texts(sorted(f"{pair._1()}={pair._2()}" for pair in _listed(relation.options())))
    places = [urlsplit(str(place)) for place in relation.location().inputFiles()]
    if any(place.scheme not in {"", "file"} for place in places):
        walk.sample("a query; files of other machines count by their names only")
    digest.texts(sorted(place.geturl() for place in places))
    add_files(digest, [unquote(place.path) for place in places if place.scheme in {"", "file"}])


def _remote(_: Walk, __: Digest, ___: Any) -> None:
    raise Opaque("a Spark query that only its server knows")


def _rdd(_: Walk, __: Digest, ___: Any) -> None:
    raise Opaque("a distributed collection of Spark, which is computed in another process")


_CLASSIC = Family(_spark, nested=False)
FAMILIES: dict[str, Family] = {
    "pyspark.sql.classic.dataframe.DataFrame": _CLASSIC,
    "pyspark.sql.dataframe.DataFrame": _CLASSIC,
    "pyspark.sql.connect.dataframe.DataFrame": Family(_remote, nested=False),
    **dict.fromkeys(("pyspark.rdd.RDD", "pyspark.core.rdd.RDD"), Family(_rdd, nested=False)),
}
