"""A slice holds what a version needs, and no others: checked against invented sessions that can be repeated."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbcairn.errors import RecordNotFound
from nbcairn.fingerprint import fingerprint
from nbcairn.lineage.slices import slice_of
from nbcairn.model import How, Read, Run, Write
from nbcairn.testing import a_run, a_session, memory_trail

# --------------------------------------------------------------------------- invented sessions

NAMES = ("a", "b", "c")
FILES = ("f", "g")

steps = st.one_of(
    st.tuples(st.just("bind"), st.sampled_from(NAMES), st.integers(0, 9)),
    st.tuples(st.just("alias"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("join"), st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("append"), st.sampled_from(NAMES), st.integers(0, 9)),
    st.tuples(st.just("save"), st.sampled_from(NAMES), st.sampled_from(FILES)),
    st.tuples(st.just("load"), st.sampled_from(NAMES), st.sampled_from(FILES)),
    st.tuples(st.just("delete"), st.sampled_from(NAMES)),
    st.tuples(st.just("restart")),
)


@dataclass
class World:
    """Names that hold lists (perhaps the same list), and files that outlive a restart."""

    names: dict[str, list[int]] = field(default_factory=dict)
    files: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def do(self, step):
        kind, *parts = step
        if kind == "bind":
            self.names[parts[0]] = [parts[1]]
        elif kind == "alias":
            self.names[parts[0]] = self.names[parts[1]]
        elif kind == "join":
            self.names[parts[0]] = self.names[parts[1]] + self.names[parts[2]]
        elif kind == "append":
            self.names[parts[0]].append(parts[1])
        elif kind == "save":
            self.files[parts[1]] = tuple(self.names[parts[0]])
        elif kind == "load":
            self.names[parts[0]] = list(self.files[parts[1]])
        elif kind == "delete":
            del self.names[parts[0]]
        else:
            self.names.clear()

    def can(self, step):
        kind, *parts = step
        read = {"alias": parts[1:], "join": parts[1:], "append": parts[:1], "save": parts[:1], "delete": parts}
        files = parts[1:] if kind == "load" else []
        return all(name in self.names for name in read.get(kind, ())) and all(f in self.files for f in files)


@dataclass
class Recorder:
    """Does steps and writes down, as a recorder would, what each read and wrote."""

    world: World = field(default_factory=World)
    maker: dict[str, str] = field(default_factory=dict)
    runs: list[tuple[Run, tuple]] = field(default_factory=list)
    sessions: int = 1
    # An oracle that knows nothing of records: which runs went into a list, a binding, a file.
    of_list: dict[int, set[str]] = field(default_factory=dict)
    of_name: dict[str, set[str]] = field(default_factory=dict)
    of_file: dict[str, set[str]] = field(default_factory=dict)
    needs: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    kept: list = field(default_factory=list)

    def step(self, step):
        if step[0] == "restart":
            self.sessions += 1
            self.maker = {name: made for name, made in self.maker.items() if name.startswith("<")}
            self.of_name.clear()
            self.world.do(step)
            return
        reads = self._reads(step)
        before = {name: list(value) for name, value in self.world.names.items()}
        self.world.do(step)
        run = a_run(str(step), f"c{len(self.runs)}", reads, self._writes(step, before), session_id=f"s{self.sessions}")
        self.runs.append((run, step))
        self._trace(step, run)
        for write in run.writes:
            self.maker[write.name] = run.id
            self.needs[run.id, write.name] = {run.id} | self._of(write.name)

    def _reads(self, step):
        kind, *parts = step
        names = {"alias": parts[1:], "join": parts[1:], "append": parts[:1], "save": parts[:1]}.get(kind, [])
        reads = {name: Read(name, fingerprint(self.world.names[name]), self.maker[name]) for name in names}
        if kind == "load":
            name = f"<file:{parts[1]}>"
            reads[name] = Read(name, fingerprint(self.world.files[parts[1]]))
        return reads

    def _writes(self, step, before):
        kind, *parts = step
        now = self.world.names
        if kind == "save":
            name = f"<file:{parts[1]}>"
            return {name: Write(name, fingerprint(self.world.files[parts[1]]))}
        if kind == "append":
            return {
                name: Write(name, fingerprint(value), How.MUTATED)
                for name, value in now.items()
                if value != before[name]
            }
        if kind == "delete":
            return {parts[0]: Write(parts[0], None, How.DELETED)}
        return {parts[0]: Write(parts[0], fingerprint(now[parts[0]]))}

    def _of(self, name):
        if name.startswith("<file:"):
            return self.of_file[name[6:-1]]
        if name not in self.world.names:
            return set()
        return self.of_name[name] | self.of_list[id(self.world.names[name])]

    def _trace(self, step, run):
        kind, *parts = step
        name, value = parts[0], self.world.names.get(parts[0])
        self.kept.append(value)
        if kind in {"bind", "join", "load"}:
            used = self.of_file[parts[1]] if kind == "load" else set()
            if kind == "join":
                used = set().union(*(self.previous[part] for part in parts[1:]))
            self.of_list[id(value)] = {run.id} | used
            self.of_name[name] = set()
        elif kind == "alias":
            self.of_name[name] = {run.id} | self.previous[parts[1]]
        elif kind == "append":
            self.of_list[id(value)] |= {run.id} | self.of_name[name]
        elif kind == "save":
            self.of_file[parts[1]] = {run.id} | self._of(name)

    @property
    def previous(self):
        return self._previous

    def run_all(self, program):
        for step in program:
            if step[0] == "restart" or self.world.can(step):
                self._previous = {name: self._of(name) for name in self.world.names}
                self.step(step)
        return self

    def trail(self, root):
        trail = memory_trail(root)
        for number in range(1, self.sessions + 1):
            trail.begin(a_session(f"s{number}", kernel_id=f"k{number}"))
        for run, _ in self.runs:
            trail.record(run)
        return trail


def repeated(recorder, chosen):
    """What the world holds after only these runs, each kernel life from nothing."""
    world, session = World(), None
    for run, step in recorder.runs:
        if run.id in chosen:
            if run.session_id != session:
                world.names.clear()
                session = run.session_id
            world.do(step)
    return world


# --------------------------------------------------------------------------- the promise


@settings(max_examples=120, deadline=None)
@given(st.lists(steps, max_size=14))
def test_a_slice_is_enough_and_no_more(tmp_path_factory, program):
    recorder = Recorder().run_all(program)
    with recorder.trail(tmp_path_factory.getbasetemp()) as trail:
        for run, _ in recorder.runs:
            for write in run.writes:
                if write.fingerprint is None:
                    continue
                found = slice_of(trail, run.id, write.name)
                ids = [part.id for part in found]
                assert ids == [known.id for known, _ in recorder.runs if known.id in set(ids)], "order of time"
                assert ids[-1] == run.id
                world = repeated(recorder, set(ids))
                held = world.files[write.name[6:-1]] if write.name.startswith("<") else world.names[write.name]
                assert fingerprint(held) == write.fingerprint, "enough"
                assert set(ids) == recorder.needs[run.id, write.name], "no more"


# --------------------------------------------------------------------------- by example


@pytest.fixture
def sliced(tmp_path):
    """``sliced(program, n, name)``: the steps in the slice of what a name held after step n."""

    def sliced(program, position, name=None):
        recorder = Recorder().run_all(program)
        with recorder.trail(tmp_path) as trail:
            found = slice_of(trail, recorder.runs[position][0].id, name)
        return [int(run.cell_id[1:]) for run in found]

    return sliced


def test_an_in_place_chain_is_kept_up_to_the_version(sliced):
    program = [("bind", "a", 1), ("bind", "b", 2), ("append", "a", 3), ("append", "a", 4), ("append", "a", 5)]
    assert sliced(program, 3, "a") == [0, 2, 3]


def test_a_change_through_an_alias_needs_the_binding_of_both(sliced):
    program = [("bind", "a", 1), ("alias", "b", "a"), ("append", "a", 2)]
    assert sliced(program, 2, "b") == [0, 1, 2]
    assert sliced(program, 2, "a") == [0, 2]


def test_a_file_written_in_an_earlier_kernel_leads_there(sliced):
    program = [("bind", "a", 1), ("bind", "b", 9), ("save", "a", "f"), ("restart",), ("load", "c", "f")]
    assert sliced(program, 3, "c") == [0, 2, 3]


def test_what_was_overwritten_is_left_out(sliced):
    program = [("bind", "a", 1), ("bind", "a", 2), ("join", "b", "a", "a")]
    assert sliced(program, 2, "b") == [1, 2]


def test_without_a_name_the_run_itself_is_what_is_wanted(sliced):
    assert sliced([("bind", "a", 1), ("alias", "b", "a"), ("append", "a", 2)], 2) == [0, 1, 2]


def test_what_is_older_than_the_trail_has_no_run(tmp_path):
    with memory_trail(tmp_path) as trail:
        trail.begin(a_session())
        reads = {"old": Read("old", fingerprint(1)), "lost": Read("lost", fingerprint(2), "gone")}
        run = a_run("x = old + lost", reads=reads, writes={"x": 3})
        trail.record(run)
        assert slice_of(trail, run.id, "x") == (run,)


def test_a_version_that_is_not_there_is_an_error(tmp_path):
    with memory_trail(tmp_path) as trail:
        trail.begin(a_session())
        run = a_run("x = 1", writes={"x": 1})
        trail.record(run)
        with pytest.raises(RecordNotFound, match="did not write 'y'"):
            slice_of(trail, run.id, "y")
        with pytest.raises(RecordNotFound):
            slice_of(trail, "nope")
