"""Rules about what lies outside the notebook: files, project modules, installed packages."""

from __future__ import annotations

from nbcairn.lineage.replay import Difference
from nbcairn.lineage.rules.base import DifferenceRule, View, because
from nbcairn.model import Finding, Severity, file_of

__all__ = ["EnvironmentChanged", "FileChanged", "FileMissing", "ModuleChanged"]


def _on_disk(difference: Difference) -> str | None:
    """The path of a file that no cell above would write."""
    return file_of(difference.name) if difference.slot.known and difference.slot.cell is None else None


class FileMissing(DifferenceRule):
    """A file that the cell read is gone."""

    code = "CN202"
    title = "A file is missing"
    severity = Severity.ERROR

    def claims(self, view: View, difference: Difference) -> bool:
        """It was there when the cell ran, and is not now."""
        return _on_disk(difference) is not None and difference.slot.fingerprint is None

    def explain(self, view: View, difference: Difference) -> Finding:
        """Which file."""
        return self.finding(
            f"The file {_on_disk(difference)} that it read is no longer there.",
            "Bring the file back (its hash is in the trail), or name the file that replaced it.",
            (difference.name,),
            because(view, difference),
        )


class FileChanged(DifferenceRule):
    """A file that the cell read has other content now."""

    code = "CN201"
    title = "A file has changed"

    def claims(self, view: View, difference: Difference) -> bool:
        """Content counts, not the time of change."""
        return _on_disk(difference) is not None

    def explain(self, view: View, difference: Difference) -> Finding:
        """Which file."""
        return self.finding(
            f"The file {_on_disk(difference)} has changed since this cell read it.",
            "Re-run this cell to use the file as it is now, or bring the earlier file back.",
            (difference.name,),
            because(view, difference),
        )


class ModuleChanged(DifferenceRule):
    """A module of the project has other code now than when the cell imported it."""

    code = "CN203"
    title = "A project module has changed"

    def claims(self, view: View, difference: Difference) -> bool:
        """The source of the module, not of what it imports."""
        return difference.name.startswith("<module:")

    def explain(self, view: View, difference: Difference) -> Finding:
        """Which module."""
        name = difference.name[len("<module:") : -1]
        return self.finding(
            f"The module {name} was changed after the kernel imported it; a fresh kernel would run the new code.",
            "Restart the kernel and run the cells that use it (or `%autoreload 2` before the import).",
            (difference.name,),
            because(view, difference),
        )


class EnvironmentChanged(DifferenceRule):
    """The cell ran with another version of a package than the cells above would import."""

    code = "CN204"
    title = "Ran with other packages"

    def claims(self, view: View, difference: Difference) -> bool:
        """An imported module, known on both sides."""
        slot = difference.slot
        return slot.known and slot.type_name == "module" and bool(slot.fingerprint and difference.read.fingerprint)

    def explain(self, view: View, difference: Difference) -> Finding:
        """Which package."""
        return self.finding(
            f"`{difference.name}` was another version, or another module, when this cell ran.",
            "Re-run the cell in the environment of the cells above.",
            (difference.name,),
            because(view, difference),
        )
