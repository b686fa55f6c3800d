"""Rules about what no test can make happen at will: records are built by hand. And: no rule is without a case."""

from __future__ import annotations

import pytest

from cases.rules import RULES as TABLES
from nbcairn.lineage.check import check
from nbcairn.lineage.describe import CODED
from nbcairn.model import PRISTINE, Coverage, Display, Effect, Fingerprint, Read, Write
from nbcairn.testing import a_document, a_run, a_session, memory_trail

PANDAS_2, PANDAS_3 = (Write("pd", Fingerprint(digit * 32), type_name="module") for digit in "23")
SAMPLED = Fingerprint("5" * 32, Coverage.SAMPLED, note="1% of 8 GB")


def read(write: Write, run_id: str | None = None) -> Read:
    return Read(write.name, write.fingerprint, run_id)


def network():
    return [a_run("page = get()", "c1", writes={"page": "a"}, effects=[Effect.NETWORK])], ("page = get()",)


def asks():
    return [a_run("name = input()", "c1", writes={"name": "a"}, effects=[Effect.INPUT])], ("name = input()",)


def varies():
    shown = ([Display("stdout", "1" * 32)], [Display("stdout", "2" * 32)])
    return [a_run("print(set('ab'))", "c1", displays=some) for some in shown], ("print(set('ab'))",)


def other_packages():
    first = a_run("import pandas as pd", "c1", writes={"pd": PANDAS_2})
    used = a_run("pd.concat([])", "c2", reads={"pd": read(PANDAS_2, first.id)})
    again = a_run("import pandas as pd", "c1", writes={"pd": PANDAS_3}, session_id="s2")
    return [first, used, again], ("import pandas as pd", "pd.concat([])")


def older_than_the_trail():
    ran = a_run("print(x)", "c2", reads={"x": 1})
    return [a_run("x = 2", "c1", writes={"x": 2}), ran], ("x = 2", "print(x)")


def sampled():
    made = a_run("big = load()", "c1", writes={"big": Write("big", SAMPLED)})
    return [made, a_run("len(big)", "c2", reads={"big": Read("big", SAMPLED, made.id)})], ("big = load()", "len(big)")


BY_RECORDS = {
    "CN204": (other_packages, ["fresh", "stale CN204"]),
    "CN304": (network, ["unknown CN304"]),
    "CN306": (asks, ["unknown CN306"]),
    "CN307": (varies, ["unknown CN307"]),
    "CN402": (sampled, ["fresh", "fresh CN402"]),
    "CN403": (older_than_the_trail, ["fresh", "stale CN403"]),
}


@pytest.mark.parametrize("code", BY_RECORDS)
def test_the_records_are_told_so(code):
    make, told = BY_RECORDS[code]
    runs, sources = make()
    with memory_trail() as trail:
        for session in ("s1", "s2"):
            trail.begin(a_session(session))
        for run in runs:
            trail.record(run)
        found = check(a_document(*sources), trail)
    words = [" ".join([str(c.verdict), *sorted({f.code for f in c.findings})]) for c in found.cells]
    assert words == told


FILTERS, OTHERS = (Write("<warnings>", Fingerprint(digit * 32)) for digit in "67")


@pytest.mark.parametrize(("left", "told"), [(FILTERS, "fresh"), (OTHERS, "stale")])
def test_a_run_that_found_the_state_as_it_leaves_it_is_as_good_as_the_one_that_set_it(left, told):
    first = a_run("quiet(); x = 1", "c1", {"<warnings>": PRISTINE}, {"x": 1, "<warnings>": FILTERS})
    again = a_run("quiet(); x = 1", "c1", {"<warnings>": read(left, first.id)}, {"x": 1})
    with memory_trail() as trail:
        trail.begin(a_session("s1"))
        trail.record(first)
        trail.record(again)
        (cell,) = check(a_document("quiet(); x = 1"), trail).cells
    assert cell.verdict == told


def test_every_rule_has_a_case():
    told = " ".join(word for table in TABLES.values() for case in table for word in case.told.values()).split()
    elsewhere = {*BY_RECORDS, "CN404"}  # test_check.py
    assert {rule.code for rule in CODED} == {word for word in told if word.startswith("CN")} | elsewhere


@pytest.mark.parametrize("code", BY_RECORDS)
def test_a_finding_says_what_and_what_to_do(code):
    runs, sources = BY_RECORDS[code][0]()
    with memory_trail() as trail:
        trail.begin(a_session("s1"))
        for run in runs:
            trail.record(run)
        findings = [f for cell in check(a_document(*sources), trail).cells for f in cell.findings]
    assert all(finding.message.endswith(".") and finding.remedy.endswith(".") for finding in findings)
