"""Trails between people: the union in any order and however often; what is hostile is refused and told."""

import hashlib
import io
import json
import random
import re
import stat
import warnings
import zipfile
from dataclasses import replace

import pytest
from export_samples import PNG, from_
from hypothesis import given, settings
from hypothesis import strategies as st

from nbcairn.errors import BundleRefused, ExportError
from nbcairn.exporters import bundle as bundles
from nbcairn.exporters.bundle import FORMAT, LaidOut, read_bundle, records_of, write_bundle
from nbcairn.exporters.intake import take_in
from nbcairn.exporters.remote import FolderRemote
from nbcairn.exporters.share import pull, push
from nbcairn.lineage.check import check
from nbcairn.model import ArtifactKind, Cell, Display, Document, FileAccess, Fingerprint, Layout, Verified, new_id
from nbcairn.store import Trail
from nbcairn.store.blobs.base import md5_of
from nbcairn.store.remarks import Enrichment, Note, Remarks, SeenPath
from nbcairn.testing import a_run, a_session, an_artifact, memory_trail


def filled(trail, name="s1", runs=3, user="ada"):
    """A session of some runs, a table, a figure with its blob, a note and an enrichment."""
    trail.begin(replace(a_session(name, kernel_id=f"k-{name}"), user=user))
    trail.follow(f"k-{name}", f"renamed-{name}.ipynb")
    before = None
    for n in range(runs):
        content = PNG + name.encode() + bytes([n])
        shown = [Display("display", "d" * 32, ("image/png",), md5_of(content), "<Figure>")]
        reads = {"x": from_(before, "x")} if before else {}
        run = a_run(f"x = {n}  # {name}", f"c{n}", reads, {"x": [n]}, session_id=name, displays=shown)
        figure = an_artifact(run, "Mass", ArtifactKind.FIGURE, n, media_type="image/png", blob=md5_of(content))
        trail.record(run, [figure], {"": content}, layouts_of(run))
        trail.enrich(figure.id, {"title": f"Mass {n}"})
        before = run
    trail.note(before.id, "Look at this.", user)
    summary = {"same": 2, "different": 1}
    trail.verified(Verified(new_id(), f"renamed-{name}.ipynb", "2026-01-01T00:00:00Z", "k" * 32, {"summary": summary}))
    trail.end(name, "2026-01-01T00:00:00Z")
    return trail


def layouts_of(run):
    """What the run wrote, as a table of one column."""
    return {write.fingerprint.digest: Layout("r", {"a": write.name}) for write in run.writes}


def everything(trail):
    """All that a trail says, for comparison."""
    blobs = {key: trail.blobs.get(key) for key in list(trail.blobs.keys())}
    remarks = trail.remarks()
    return (
        set(map(str, trail.sessions())), set(map(str, trail.runs())), set(map(str, trail.artifacts(limit=None))),
        {note.id for note in remarks.notes}, {found.id for found in remarks.enrichments}, set(remarks.paths), blobs,
        {found.id: found for found in trail.verifications()}, set(trail.query("SELECT * FROM layouts")),
    )  # fmt: skip


def bundle_of(trail, **more):
    return write_bundle(trail, records_of(trail, **more))


# --------------------------------------------------------------------------- union


def test_what_goes_out_comes_in(tmp_path):
    with filled(memory_trail(tmp_path)) as mine, memory_trail(tmp_path / "other") as theirs:
        taken = take_in(theirs, read_bundle(bundle_of(mine)))
        assert (taken.sessions, taken.runs, taken.artifacts, taken.notes, taken.blobs) == (1, 3, 3, 1, 3)
        assert everything(theirs) == everything(mine)


@settings(max_examples=12, deadline=None)
@given(st.permutations([0, 1, 2, 1, 0]), st.integers(1, 2))
def test_the_union_in_any_order_however_often(tmp_path_factory, order, times):
    root = tmp_path_factory.mktemp("trails")
    sources = [filled(memory_trail(root / str(n)), f"s{n}", n + 1, user=f"user{n}") for n in range(3)]
    contents = [bundle_of(source) for source in sources]
    with memory_trail(root / "a") as first, memory_trail(root / "b") as second:
        for number in order * times:
            take_in(first, read_bundle(contents[number]))
        for number in (0, 1, 2):
            take_in(second, read_bundle(contents[number]))
        assert everything(first) == everything(second)
        assert not [note for note in first.notes() if "says" in note.text]
        again = take_in(first, read_bundle(contents[0]))
        assert (again.sessions, again.runs, again.artifacts, again.notes, again.blobs) == (0, 0, 0, 0, 0)
    for source in sources:
        source.close()


def test_equal_records_give_equal_bytes(tmp_path):
    with filled(memory_trail(tmp_path)) as trail:
        assert bundle_of(trail) == bundle_of(trail)


def test_a_part_of_a_trail(tmp_path):
    with memory_trail(tmp_path) as trail, memory_trail(tmp_path / "other") as other:
        filled(trail, "s1", 2)
        filled(trail, "s2", 3)
        take_in(other, read_bundle(bundle_of(trail, session_id="s2")))
        assert [session.id for session in other.sessions()] == ["s2"]
        assert len(other.runs()) == 3
        assert len(other.remarks().notes) == 1


TABLE, WIDER = Fingerprint("a" * 32), Fingerprint("b" * 32)
COLUMNS = {TABLE.digest: Layout("r", {"a": "1"}), WIDER.digest: Layout("r", {"a": "1", "b": "2"})}


def explored(trail, layouts):
    """A look at one column of a table that has got another since."""
    made = a_run("df = narrow()", "make", writes={"df": TABLE})
    looked = a_run("top = df['a'].max()", "look", {"df": from_(made, "df")}, {"top": 1})
    again = a_run("df = wider()", "make", writes={"df": WIDER})
    trail.begin(a_session())
    for run in (made, looked, again):
        trail.record(run, layouts=layouts)
    return Document("analysis.ipynb", (Cell("make", 0, again.source), Cell("look", 1, looked.source)))


def test_a_check_says_the_same_where_the_bundle_came_in(tmp_path):
    with memory_trail(tmp_path) as mine, memory_trail(tmp_path / "other") as theirs:
        document = explored(mine, COLUMNS)
        take_in(theirs, read_bundle(bundle_of(mine)))
        there, here = ([cell.verdict for cell in check(document, trail).cells] for trail in (theirs, mine))
        assert there == here == ["fresh", "fresh"]
    with memory_trail(tmp_path) as without:
        assert check(explored(without, {}), without).cells[1].verdict == "stale", "the columns count"


def test_columns_stay_here_with_the_data_and_where_their_name_is_a_secret(tmp_path):
    labels = {TABLE.digest: Layout("r", {"password='hunter2hunter2'": "1"}), WIDER.digest: COLUMNS[WIDER.digest]}
    with memory_trail(tmp_path) as trail:
        explored(trail, labels)
        assert [laid.digest for laid in records_of(trail).layouts] == [WIDER.digest]
        assert records_of(trail, data=False).layouts == ()


def test_columns_of_a_table_that_no_run_tells_of_are_refused(tmp_path):
    with memory_trail(tmp_path) as trail:
        explored(trail, COLUMNS)
        records = replace(records_of(trail), layouts=(LaidOut("c" * 32, COLUMNS[TABLE.digest]),))
        found = read_bundle(write_bundle(trail, records))
    assert found.records.layouts == ()
    assert "layout" in found.refused[0]


def test_without_data(tmp_path):
    with filled(memory_trail(tmp_path)) as trail:
        content = write_bundle(trail, records_of(trail, data=False), blobs=False)
        found = read_bundle(content)
    assert found.blobs == {}
    assert not any(artifact.detail or artifact.blob for artifact in found.records.artifacts)
    assert not any(shown.text or shown.blob for run in found.records.runs for shown in run.displays)
    assert len(found.records.runs) == 3


def test_conflicting_claims_stay_side_by_side(tmp_path):
    with memory_trail(tmp_path / "a") as one, memory_trail(tmp_path / "b") as two:
        run = a_run("x = 1", "c1", {}, {"x": 1}, id="r1")
        for trail, user, told in ((one, "ada", run), (two, "eve", replace(run, source="x = 2"))):
            trail.begin(replace(a_session(started="2026-01-01T00:00:00Z"), user=user))
            trail.record(told)
        contents = [bundle_of(one), bundle_of(two)]
        taken = take_in(one, read_bundle(contents[1]))
        assert "r1" in taken.conflicts
        assert claimed(one, "r1", "of run r1:", "source") == {("ada@engine", "x = 1"), ("eve@engine", "x = 2")}
        take_in(two, read_bundle(contents[0]))
        assert {note.id for note in two.notes()} == {note.id for note in one.notes()}, "whichever comes first"
        assert one.run("r1") == two.run("r1"), "one of the two is kept, whichever comes first"


def changed(trail, user, n):
    """The session, runs, artifacts, notes, enrichments and verifications of one id each, as this person tells them."""
    trail.begin(replace(a_session(started="2026-01-01T00:00:00Z"), user=user))
    trail.end("s1", f"2026-01-0{n + 1}T00:00:00Z")
    for number in range(2):
        told = n if number else n % 2
        # Some tell what others tell too, and some say less.
        shown = [Display("stdout", "d" * 32, ("text/plain",), None, "hello" * n)]
        started = "2026-01-01T00:00:00Z"
        run = a_run(f"x = {told}", f"c{number}", {f"y{told}": 1}, {"x": told}, id=f"r{number}", displays=shown)
        run = replace(run, started=started, ended=started, seconds=float(told))
        detail = {"title": f"drawn by {user} {n}", "columns": [{"name": "long" * 2000}]} if n else {}
        artifact = replace(an_artifact(run, f"name{n}", detail=detail), id=f"a{number}")
        trail.record(run, [artifact])
    remarks = Remarks(
        (SeenPath("kernel-1", "2026-01-01T00:00:00Z", f"{user}.ipynb"),),
        (Note("n1", "r1", user, "2026-01-01T00:00:00Z", f"{n} times"),),
        (Enrichment("e1", "a0", "2026-01-01T00:00:00Z", {"title": f"title {user}"}),),
    )
    trail.add_remarks(remarks)
    trail.verified(Verified("v1", "a.ipynb", "2026-01-01T00:00:00Z", "k" * 32, {"summary": {"same": n}}))
    return trail


TELLERS = ("ada", "eve", "carl", "ada")
TABLES_OF_RECORDS = (
    "sessions", "session_ends", "session_paths", "sources", "runs", "reads", "writes", "files", "displays", "artifacts",
    "enrichments", "notes", "verifications", "shapes", "traces", "search",
)  # fmt: skip


def claimed(trail, subject, what, key):
    """Who claims what of this part of a record: the value of one key, or the title in it."""
    found = set()
    for note in trail.notes(subject):
        says, words, told = note.text.partition(f"says {what} ")
        if words:
            assert says.strip() == note.author
            value = re.search(rf'"{key}": (?:{{"title": )?"([^"]*)"', told)
            found |= {(note.author, value[1])} if value else set()
    return found


def tables(trail):
    return {name: sorted(trail.query(f"SELECT * FROM {name}"), key=repr) for name in TABLES_OF_RECORDS}


@pytest.fixture(scope="module")
def tellings():
    trails = [changed(memory_trail(), user, n) for n, user in enumerate(TELLERS)]
    yield trails, [bundle_of(trail) for trail in trails]
    for trail in trails:
        trail.close()


ORDERS = st.lists(st.integers(0, 3), max_size=4).flatmap(lambda more: st.permutations([0, 1, 2, 3, *more]))


@settings(max_examples=30, deadline=None)
@given(ORDERS, st.integers(1, 7))
def test_conflicts_are_settled_alike_in_any_order_and_by_any_way(tellings, order, cut):
    _, contents = tellings
    with memory_trail() as straight, memory_trail() as first, memory_trail() as second:
        for content in contents:
            take_in(straight, read_bundle(content))
        for trail, some in ((first, order[:cut]), (second, order[cut:])):
            for number in some:
                take_in(trail, read_bundle(contents[number]))
        take_in(second, read_bundle(bundle_of(first)))
        assert tables(second) == tables(straight)
        assert claimed(second, "r1", "of run r1:", "source") == {
            (f"{user}@engine", f"x = {n}") for n, user in enumerate(TELLERS)
        }
        assert claimed(second, "a0", "of artifact a0:", "name") == {
            (f"{user}@engine", f"name{n}") for n, user in enumerate(TELLERS)
        }
        assert claimed(second, "a0", "of the data of artifact a0:", "title") == {
            (f"{user}@engine", f"drawn by {user} {n}") for n, user in enumerate(TELLERS) if n
        }, "who leaves the data out says nothing of it"
        assert claimed(second, "a0", "of statistics e1:", "detail") == {
            (f"{user}@engine", f"title {user}") for user in TELLERS
        }
        assert claimed(second, "r1", "of note n1:", "text") == {(user, f"{n} times") for n, user in enumerate(TELLERS)}
        assert len({note.text for note in second.notes("v1")}) == len(TELLERS)
        assert take_in(second, read_bundle(contents[order[0]])).conflicts == ()


@settings(max_examples=20, deadline=None)
@given(ORDERS)
def test_trails_with_conflicts_merge_alike_in_any_order(tellings, order):
    trails, _ = tellings
    with memory_trail() as straight, memory_trail() as target:
        for trail in trails:
            straight.merge(trail)
        for number in order:
            target.merge(trails[number])
        assert tables(target) == tables(straight)


TOLD_BY = {"ada": {0: 1, 1: 1}, "eve": {0: 1, 2: 2}, "carl": {2: 3, 3: 3}, "dan": {1: 4, 3: 3, 4: 4}}
"""Which runs each person tells of the session that all of them tell, and what they say that they made."""


@pytest.fixture(scope="module")
def parts_told():
    contents = []
    for user, told in TOLD_BY.items():
        with memory_trail() as trail:
            trail.begin(replace(a_session(started="2026-01-01T00:00:00Z"), user=user))
            for number, value in told.items():
                run = a_run(f"x = {value}", f"c{number}", {}, {"x": value}, id=f"r{number}")
                run = replace(run, started="2026-01-01T00:00:00Z", ended="2026-01-01T00:00:00Z")
                made = replace(an_artifact(run, f"name{value}", detail={"title": f"title{value}"}), id=f"a{number}")
                trail.record(run, [made])
                found = Enrichment(f"e{number}", f"a{number}", "2026-01-01T00:00:00Z", {"title": f"found{value}"})
                trail.add_remarks(Remarks(enrichments=(found,)))
            contents.append(bundle_of(trail))
    return contents


@settings(max_examples=40, deadline=None)
@given(st.permutations([0, 1, 2, 3]), st.lists(st.integers(0, 3), max_size=3), st.integers(1, 6))
def test_who_told_a_record_of_a_session_that_several_people_tell_is_kept_in_any_order(parts_told, order, more, cut):
    with memory_trail() as straight, memory_trail() as first, memory_trail() as second:
        for content in parts_told:
            take_in(straight, read_bundle(content))
        for trail, some in ((first, (order + more)[:cut]), (second, (order + more)[cut:])):
            for number in some:
                take_in(trail, read_bundle(parts_told[number]))
        take_in(second, read_bundle(bundle_of(first)))
        assert tables(second) == tables(straight)
        for number in range(5):
            tellers = {(user, told[number]) for user, told in TOLD_BY.items() if number in told}
            for subject, what, key, word in (
                (f"r{number}", f"of run r{number}:", "source", "x = "),
                (f"a{number}", f"of artifact a{number}:", "name", "name"),
                (f"a{number}", f"of the data of artifact a{number}:", "title", "title"),
                (f"a{number}", f"of statistics e{number}:", "detail", "found"),
            ):
                assert claimed(second, subject, what, key) == {(f"{user}@engine", f"{word}{n}") for user, n in tellers}


def test_columns_and_paths_that_are_told_in_two_ways_are_named(tmp_path):
    """They are no records that people look at, so no notes are kept on them; and one telling counts, whichever came first."""
    run, contents = a_run("df = 1", "c", writes={"df": TABLE}), []
    for path, column in (("a.ipynb", "1"), ("b.ipynb", "2")):
        with memory_trail() as trail:
            trail.begin(a_session(kernel_id="k", started="2026-01-01T00:00:00Z"))
            trail.record(run, layouts={TABLE.digest: Layout("r", {"a": column})})
            trail.add_remarks(Remarks((SeenPath("k", "2026-01-02T00:00:00Z", path),)))
            contents.append(bundle_of(trail))
    with memory_trail() as one, memory_trail() as two:
        for trail, first, second in ((one, *contents), (two, *reversed(contents))):
            assert take_in(trail, read_bundle(first)).settled == ()
            taken = take_in(trail, read_bundle(second))
            assert taken.conflicts == ()
            assert [told.partition(" (")[0] for told in taken.settled] == [
                "the columns of the table aaaaaaaaaa", "the path of the notebook of kernel k"
            ]  # fmt: skip
        assert everything(one)[-1] == everything(two)[-1]
        assert one.remarks().paths == two.remarks().paths


def test_only_what_is_told_differently_is_a_conflict(parts_told, tmp_path):
    with memory_trail(tmp_path) as trail:
        take_in(trail, read_bundle(parts_told[0]))
        taken = take_in(trail, read_bundle(parts_told[2]))
        assert taken.conflicts == ("s1",), "they tell of one session, and of no run in it both"
        assert take_in(trail, read_bundle(parts_told[2])).conflicts == ()


# --------------------------------------------------------------------------- what leaves


def test_home_folders_stay_here(tmp_path):
    with memory_trail(tmp_path) as trail:
        trail.begin(a_session())
        access = FileAccess("/home/ada/data.csv", "read", "0" * 32)
        trail.record(a_run("x = read('/home/ada/data.csv')", "c1", {}, {"x": 1}, files=[access]))
        text = zipfile.ZipFile(io.BytesIO(bundle_of(trail))).read("records.jsonl").decode()
    assert "/home/ada" not in text
    assert "~/data.csv" in text


def test_a_secret_stops_the_export_and_is_told_where(tmp_path):
    with memory_trail(tmp_path) as trail:
        trail.begin(a_session())
        trail.record(a_run("x = 1\npassword = 'hunter2horse'", "c1", {}, {"x": 1}))
        with pytest.raises(ExportError, match="line 2") as refused:
            bundles.export(trail, None, tmp_path / "b.cairn")
        assert "hunter2horse" not in str(refused.value)
        assert not (tmp_path / "b.cairn").exists()
        bundles.export(trail, None, tmp_path / "b.cairn", allow_secrets=True)
        assert (tmp_path / "b.cairn").exists()


# --------------------------------------------------------------------------- hostile bundles


def packed(members, head=None, lines=b""):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        told = {"format": FORMAT, "project": "p", "sha256": hashlib.sha256(lines).hexdigest()} if head is None else head
        archive.writestr("bundle.json", json.dumps(told))
        archive.writestr("records.jsonl", lines)
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def special(name, kind):
    """A member that says it is no ordinary file."""
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (kind | 0o777) << 16
    return info


def twice():
    """Records, and other records of the same name: readers differ in which of the two they take."""
    stream = io.BytesIO(packed([]))
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("records.jsonl", b"{}")
    return stream.getvalue()


def shorter():
    """A member whose entry in the directory tells a tenth of its size."""
    content = bytearray(packed([("blobs/ab/" + "c" * 30, b"x" * 1000)]))
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = (100).to_bytes(4, "little")
    return bytes(content)


def overlapping():
    """Two directory entries for the same bytes."""
    content = packed([("blobs/ab/" + "c" * 30, b"x" * 100)])
    stream = io.BytesIO(content)
    archive = zipfile.ZipFile(stream, "a")
    for _ in range(50):
        info = zipfile.ZipInfo(f"blobs/ab/{_:030x}")
        original = archive.getinfo("blobs/ab/" + "c" * 30)
        for part in ("compress_type", "CRC", "compress_size", "file_size", "header_offset", "flag_bits"):
            setattr(info, part, getattr(original, part))
        archive.filelist.append(info)
    archive._didModify = True
    archive.close()
    return stream.getvalue()


WHOLE = [
    ("no zip", b"hello", "cannot be read"),
    ("cut short", packed([])[:-30], "cannot be read"),
    ("another archive", packed([], head={"format": "holiday"}), "something else"),
    ("a later kind", packed([], head={"format": "nbcairn-bundle/9"}), "later kind"),
    ("no description", packed([], head=[]), "something else"),
    ("path traversal", packed([("../../evil.py", b"x")]), "does not belong"),
    ("an absolute path", packed([("/etc/cron.d/evil", b"x")]), "does not belong"),
    ("a blob elsewhere", packed([("blobs/ab/../../x" + "c" * 20, b"x")]), "does not belong"),
    ("a path with backslashes", packed([("..\\..\\evil.py", b"x")]), "does not belong"),
    ("a drive", packed([("C:/Users/ada/evil.py", b"x")]), "does not belong"),
    ("a blob in capitals", packed([("blobs/AB/" + "C" * 30, b"x")]), "does not belong"),
    ("a folder", packed([("blobs/ab/", b"")]), "does not belong"),
    ("a database beside the records", packed([("trail.db", b"SQLite format 3")]), "does not belong"),
    ("a database for a bundle", b"SQLite format 3\0" + bytes(4096), "database.*trail.db"),
    ("a bundle in a bundle", packed([("inner.cairn", packed([]))]), "does not belong"),
    ("a symbolic link", packed([(special("blobs/ab/" + "c" * 30, stat.S_IFLNK), b"/etc/passwd")]), "link"),
    ("a device", packed([(special("blobs/ab/" + "c" * 30, stat.S_IFCHR), b"")]), "link"),
    ("two members of one name", twice(), "two members"),
    ("a bomb", packed([("blobs/ab/" + "c" * 30, bytes(64 << 20))]), "fill memory"),
    ("a bomb of records", packed([], lines=bytes(64 << 20)), "fill memory"),
    ("a member longer than it says", shorter(), "not as long|cannot be read"),
    ("other records", packed([], head={"format": FORMAT, "sha256": "0" * 64}), "not those"),
    ("overlapping members", overlapping(), "overlap|two members|cannot be read"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "words"), [c[1:] for c in WHOLE], ids=[c[0] for c in WHOLE])
def test_a_hostile_bundle_is_refused_as_a_whole(content, words):
    with pytest.raises(BundleRefused, match=words):
        read_bundle(content)


@pytest.mark.parametrize(
    ("limit", "most", "words"),
    [("MOST_MEMBERS", 2, "3 members, more than the 2"), ("MOST_BYTES", 40, "unpacks to more")],
)
def test_a_bundle_of_too_much_is_refused_as_a_whole(monkeypatch, limit, most, words):
    monkeypatch.setattr(bundles, limit, most)
    with pytest.raises(BundleRefused, match=words):
        read_bundle(packed([("blobs/ab/" + "c" * 30, b"x")]))


def test_an_archive_within_a_blob_is_never_unpacked(tmp_path):
    bomb = packed([("blobs/ab/" + "c" * 30, bytes(64 << 20))])
    key = md5_of(bomb)
    lines = lines_with(change=("artifact", ["blob"], key))
    found = read_bundle(packed([(f"blobs/{key[:2]}/{key[2:]}", bomb)], lines=lines))
    with memory_trail(tmp_path) as trail:
        take_in(trail, found)
        assert trail.blobs.get(key) == bomb


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(BundleRefused, match="no bundle at"):
        read_bundle(tmp_path / "nothing.cairn")


def lines_with(*extra, change=None):
    with filled(memory_trail(), runs=1) as trail:
        lines = zipfile.ZipFile(io.BytesIO(bundle_of(trail))).read("records.jsonl").splitlines()
    if change:
        kind, path, value = change
        changed = []
        for line in lines:
            told = json.loads(line)
            if told["kind"] == kind:
                part = told["record"]
                for step in path[:-1]:
                    part = part[step]
                part[path[-1]] = value
            changed.append(json.dumps(told).encode())
        lines = changed
    return b"\n".join([*lines, *extra])


RECORDS = [
    ("not JSON", lines_with(b"{"), "not JSON"),
    ("nested deep", lines_with(b"[" * 100_000), "not JSON"),
    ("no known kind", lines_with(b'{"kind": "virus", "record": {}}'), "no known kind"),
    ("a class", lines_with(b'{"kind": "run", "record": {"__reduce__": ["os.system", "x"]}}'), "unknown field"),
    ("missing fields", lines_with(b'{"kind": "note", "record": {"id": "n1"}}'), "is missing"),
    ("a wrong type", lines_with(change=("run", ["seq"], "many")), "int was expected"),
    ("a huge number", lines_with(change=("run", ["seq"], 1 << 80)), "int was expected"),
    ("a strange id", lines_with(change=("note", ["id"], "../../x")), "impossible form"),
    ("a strange time", lines_with(change=("run", ["started"], "yesterday")), "impossible form"),
    ("a day that is none", lines_with(change=("run", ["started"], "2026-99-99T00:00:00Z")), "impossible form"),
    ("a key that is a path", lines_with(change=("artifact", ["blob"], "../../../etc/passwd")), "impossible form"),
    ("no number", lines_with(change=("run", ["seconds"], float("nan"))), "float was expected"),
    ("too many items", lines_with(change=("run", ["tags"], [""] * 100_001)), "a list was expected"),
    ("too long a text", lines_with(change=("note", ["text"], "x" * 5_000_001)), "a text was expected"),
    ("no such status", lines_with(change=("run", ["status"], "owned")), "no such RunStatus"),
    ("a run of no session", lines_with(change=("run", ["session_id"], "nobody")), "not in the bundle"),
    ("JSON nested deep", lines_with(change=("enrichment", ["detail"], json.loads("[" * 60 + "]" * 60))), "object was expected"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "words"), [c[1:] for c in RECORDS], ids=[c[0] for c in RECORDS])
def test_a_record_that_is_none_is_refused_and_told(tmp_path, lines, words):
    found = read_bundle(packed([], lines=lines))
    assert any(words in reason for reason in found.refused), found.refused
    with memory_trail(tmp_path) as trail:
        assert take_in(trail, found).refused == found.refused
        assert trail.runs() == [] or len(trail.runs()) == 1


def test_a_blob_counts_only_by_its_hash(tmp_path):
    wrong = packed([("blobs/ab/" + "c" * 30, b"evil")], lines=lines_with())
    found = read_bundle(wrong)
    assert found.blobs == {}
    assert "does not give its name" in found.refused[0]


def test_a_blob_that_no_record_names_is_not_kept(tmp_path):
    key = md5_of(b"ballast")
    found = read_bundle(packed([(f"blobs/{key[:2]}/{key[2:]}", b"ballast")], lines=lines_with()))
    with memory_trail(tmp_path) as trail:
        take_in(trail, found)
        assert not trail.blobs.has(key)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 20))
def test_noise_in_a_bundle_never_raises_anything_else(seed, times):
    noise = random.Random(seed)
    content = bytearray(GOOD)
    for _ in range(times):
        content[noise.randrange(len(content))] = noise.randrange(256)
    try:
        found = read_bundle(bytes(content))
    except BundleRefused:
        return
    with memory_trail() as trail:
        take_in(trail, found)


with filled(memory_trail()) as _trail:
    GOOD = bundle_of(_trail)


# --------------------------------------------------------------------------- push and pull


def test_two_people_share_through_a_folder(tmp_path):
    remote = FolderRemote(tmp_path / "remote")
    with (
        filled(memory_trail(tmp_path / "a"), "s1", user="ada") as ada,
        filled(memory_trail(tmp_path / "b"), "s2", user="bob") as bob,
    ):
        assert push(ada, remote).sessions == 1
        assert push(bob, remote).sessions == 1
        assert push(ada, remote) == type(push(ada, remote))(0, 0), "nothing new"
        pulled = pull(bob, remote)
        assert (pulled.runs, pulled.blobs) == (3, 3)
        pull(ada, remote)
        assert everything(ada) == everything(bob)
        assert pull(ada, remote).runs == 0


def test_a_session_that_goes_on_is_shared_again(tmp_path):
    remote = FolderRemote(tmp_path / "remote")
    with memory_trail(tmp_path / "a") as ada, memory_trail(tmp_path / "b") as bob:
        ada.begin(a_session())
        ada.record(a_run("x = 1", "c1", {}, {"x": 1}))
        push(ada, remote)
        pull(bob, remote)
        ada.record(a_run("y = 1", "c2", {}, {"y": 1}))
        ada.end("s1", "2026-01-02T00:00:00Z")
        assert push(ada, remote).sessions == 1
        pulled = pull(bob, remote)
        assert (pulled.runs, pulled.conflicts) == (1, ())
        assert everything(ada) == everything(bob)


def test_a_secret_is_kept_back_and_the_rest_is_shared(tmp_path):
    with memory_trail(tmp_path) as trail:
        for name, source in (("s1", "password = 'hunter2horse'"), ("s2", "x = 1")):
            trail.begin(a_session(name, kernel_id=name))
            trail.record(a_run(source, "c1", {}, {"x": 1}, session_id=name))
        pushed = push(trail, FolderRemote(tmp_path / "remote"))
    assert pushed.sessions == 1
    assert "looks like a secret" in pushed.skipped[0]


def test_what_somebody_tampered_with_is_refused(tmp_path):
    remote = FolderRemote(tmp_path / "remote")
    with filled(memory_trail(tmp_path / "a")) as ada, memory_trail(tmp_path / "b") as bob:
        push(ada, remote)
        (found,) = (tmp_path / "remote" / "cairn" / "sessions" / "s1").rglob("*.cairn")
        blob = next(file for file in (tmp_path / "remote" / "files").rglob("*") if file.is_file())
        blob.write_bytes(b"evil")
        assert any("does not give its name" in reason for reason in pull(bob, remote).refused)
        found.write_bytes(found.read_bytes() + b"x")
        assert any("does not give its name" in reason for reason in pull(bob, remote).refused)
        (tmp_path / "remote" / "cairn" / "sessions" / "readme.txt").write_text("hello")
        assert any("not an object of ours" in reason for reason in pull(bob, remote).refused)


@pytest.mark.nightly
def test_a_dvc_remote_of_the_project(tmp_path):
    pytest.importorskip("dvc")
    from dvc.repo import Repo

    from nbcairn.exporters.remote import DvcRemote, remote_for

    project = tmp_path / "project"
    project.mkdir()
    repo = Repo.init(str(project), no_scm=True)
    with repo.config.edit() as config:
        config["remote"]["storage"] = {"url": str(tmp_path / "storage")}
        config["core"]["remote"] = "storage"
    remote = remote_for(project, None)
    assert isinstance(remote, DvcRemote)
    with filled(memory_trail(project)) as ada, memory_trail(tmp_path / "b") as bob:
        assert push(ada, remote).blobs == 3
        assert pull(bob, remote_for(project, "storage")).runs == 3
        assert everything(ada) == everything(bob)
    key = md5_of(PNG + b"s1" + bytes([0]))
    assert (tmp_path / "storage" / "files" / "md5" / key[:2] / key[2:]).is_file(), "where dvc has it"


@pytest.fixture
def s3(monkeypatch):
    """A bucket on an S3 server of this process, and no other account."""
    server = pytest.importorskip("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    boto3 = pytest.importorskip("boto3")
    pytest.importorskip("dvc_s3")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    client = boto3.client("s3", region_name="us-east-1")
    client.create_bucket(Bucket="team")
    yield client
    server.stop()


@pytest.mark.nightly
@pytest.mark.parametrize("by_name", [False, True], ids=["by its address", "as a remote of the project"])
def test_two_people_share_through_s3(tmp_path, s3, by_name):
    from dvc.repo import Repo

    from nbcairn.exporters.remote import DvcRemote, remote_for

    project = tmp_path / "project"
    project.mkdir()
    folder = new_id()
    place = f"s3://team/{folder}"
    if by_name:
        with Repo.init(str(project), no_scm=True).config.edit() as config:
            config["remote"]["storage"] = {"url": place}
        place = "storage"
    remote = remote_for(project, place)
    assert isinstance(remote, DvcRemote)
    with filled(memory_trail(project), user="ada") as ada, memory_trail(tmp_path / "b") as bob:
        assert push(ada, remote).blobs == 3
        assert push(ada, remote_for(project, place)).sessions == 0, "nothing new"
        assert pull(bob, remote_for(project, place)).runs == 3
        assert everything(ada) == everything(bob)
    keys = [found["Key"] for found in s3.list_objects_v2(Bucket="team")["Contents"]]
    key = md5_of(PNG + b"s1" + bytes([0]))
    assert f"{folder}/files/md5/{key[:2]}/{key[2:]}" in keys, "where dvc has it"
    s3.put_object(Bucket="team", Key=f"{folder}/files/md5/{key[:2]}/{key[2:]}", Body=b"something else")
    with memory_trail(tmp_path / "c") as cid:
        assert any("does not give its name" in reason for reason in pull(cid, remote_for(project, place)).refused)


def test_the_trail_on_disk_takes_in_as_well(tmp_path):
    (tmp_path / "b.cairn").write_bytes(GOOD)
    with Trail.open(tmp_path / ".cairn", create=True) as trail:
        assert take_in(trail, read_bundle(tmp_path / "b.cairn")).runs == 3
