"""Compare what a cell showed before with what it shows now: exactly first, then by meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from nbcairn.verify.pictures import alike
from nbcairn.verify.result import Difference, What
from nbcairn.verify.shown import Plot, Shown
from nbcairn.verify.tables import first_difference, rows_of
from nbcairn.verify.text import excerpt, same_text

__all__ = ["Comparison", "compare_outputs"]


@dataclass(slots=True)
class Comparison:
    """What differs, and what was tolerated."""

    differences: list[Difference] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        """Say once what was tolerated."""
        if text not in self.notes:
            self.notes.append(text)


def compare_outputs(before: Sequence[Shown], after: Sequence[Shown], *, timed: bool) -> Comparison:
    """Compare two screens. ``timed``: the clock plays a part, so moments and durations in texts do not count."""
    found = Comparison()
    if [(shown.kind, shown.digest) for shown in before] == [(shown.kind, shown.digest) for shown in after]:
        return found
    for kind in ("stdout", "stderr"):
        _streams(kind, before, after, timed or kind == "stderr", found)
    _errors(before, after, found)
    rich = [[shown for shown in side if shown.kind in {"display", "result"}] for side in (before, after)]
    for number, (old, new) in enumerate(zip_longest(*rich), 1):
        _rich(number, old, new, timed, found)
    return found


# --------------------------------------------------------------------------- printed text and errors


def _streams(kind: str, before: Sequence[Shown], after: Sequence[Shown], timed: bool, found: Comparison) -> None:
    """All that went to one stream, as one text: how it was cut into pieces does not count."""
    sides = [[shown for shown in side if shown.kind == kind] for side in (before, after)]
    if [shown.digest for shown in sides[0]] == [shown.digest for shown in sides[1]]:
        return
    old, new = ("".join(shown.text for shown in side) for side in sides)
    same, left_out = same_text(old, new, timed=timed)
    complete = all(shown.complete for side in sides for shown in side)
    if same and complete:
        if left_out:
            found.note("times in its text differ")
        return
    word = "printed text" if kind == "stdout" else "text on stderr"
    if same:
        found.differences.append(Difference(What.TEXT, f"its {word} differs further down than the trail keeps"))
    elif not new.strip() or not old.strip():
        what = f"it printed {'something' if old.strip() else 'nothing'} before"
        found.differences.append(Difference(What.TEXT, f"{what} on {kind}", "", *excerpt(old, new)))
    else:
        found.differences.append(Difference(What.TEXT, f"its {word} differs", "", *excerpt(old, new)))


def _errors(before: Sequence[Shown], after: Sequence[Shown], found: Comparison) -> None:
    old, new = (next((shown for shown in side if shown.kind == "error"), None) for side in (before, after))
    if (old and old.digest) == (new and new.digest):
        return
    if old and new and same_text(old.text, new.text, timed=False)[0]:
        return
    if new is None:
        message = "it failed before, and does not fail now"
    else:
        message = "it fails with another error" if old else "it fails now"
    found.differences.append(Difference(What.ERROR, message, "", _line(old), _line(new)))


def _line(shown: Shown | None) -> str:
    return shown.text.strip().split("\n")[0][:200] if shown else ""


# --------------------------------------------------------------------------- displays


def _rich(number: int, old: Shown | None, new: Shown | None, timed: bool, found: Comparison) -> None:
    if old is None or new is None:
        what = "shows one thing more" if old is None else "no longer shows"
        text = _line(old or new)
        found.differences.append(
            Difference(What.OUTPUT, f"it {what}", "", "" if old is None else text, "" if new is None else text)
        )
    elif old.digest != new.digest:
        if old.is_picture and new.is_picture:
            _pictures(number, old, new, found)
        else:
            _bundles(old, new, timed, found)


def _pictures(number: int, old: Shown, new: Shown, found: Comparison) -> None:
    """By what is plotted where that is known, else by the pixels."""
    name = new.title or old.title or f"figure {number}"
    if old.plot and new.plot:
        _plots(name, old.plot, new.plot, found)
        return
    likeness = alike(old.image, new.image) if old.image and new.image else None
    if likeness is None:
        found.differences.append(
            Difference(What.FIGURE, "the picture has other bytes, and could not be looked at", name)
        )
    elif likeness.same:
        found.note(f"“{name}” looks the same ({likeness.told})")
    else:
        found.differences.append(Difference(What.FIGURE, f"the picture differs: {likeness.told}", name))


def _plots(name: str, old: Plot, new: Plot, found: Comparison) -> None:
    """Numbers and words; how they are drawn is the library's business."""
    if old.digest != new.digest:
        changed = [label for label, data in new.series if (label, data) not in old.series]
        told = f": {', '.join(changed[:3])}" if changed and len(new.series) > 1 else ""
        found.differences.append(Difference(What.FIGURE, f"the figure plots other data{told}", name))
    elif old.words != new.words:
        pair = next(((a, b) for a, b in zip(old.words, new.words, strict=False) if a != b), ("", ""))
        found.differences.append(Difference(What.FIGURE, "the figure has other words on it", name, *pair))
    else:
        found.note(f"“{name}” plots the same data; its picture is not the same to the byte")


def _bundles(old: Shown, new: Shown, timed: bool, found: Comparison) -> None:
    tables = [rows_of(side.html) if side.html else None for side in (old, new)]
    if tables[0] is not None and tables[1] is not None:
        told = first_difference(tables[0], tables[1])
        if told:
            found.differences.append(Difference(What.TABLE, told))
        else:
            found.note("a table says the same in other HTML")
        return
    same, left_out = same_text(old.text, new.text, timed=timed)
    if not same:
        what = What.TABLE if "text/html" in new.media_types and "\n" in new.text else What.TEXT
        found.differences.append(Difference(what, "the value it shows differs", "", *excerpt(old.text, new.text)))
    elif not _says_it_all(old, new):
        found.differences.append(Difference(What.OUTPUT, "what it shows differs, though its plain text is the same"))
    elif left_out:
        found.note("times in what it shows differ")
    else:
        found.note("what it shows says the same in another form")


def _says_it_all(old: Shown, new: Shown) -> bool:
    """True when equal plain texts stand for equal values: nothing was cut short, and it is no mere ``<name of a type>``.

    Where the whole bundle of both is known, its other parts count as text, too.
    """
    if old.data and new.data:
        others = (old.data.keys() | new.data.keys()) - {"text/plain"}
        return all(same_text(str(old.data.get(key, "")), str(new.data.get(key, "")), timed=False)[0] for key in others)
    text = new.text.strip()
    return old.complete and new.complete and bool(text) and "..." not in text and not text.startswith("<")
