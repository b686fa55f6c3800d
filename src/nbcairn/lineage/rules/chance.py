"""Rules about what no re-run repeats: unseeded randomness, clocks, network, child processes, input."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from nbcairn.lineage.environment import Cause
from nbcairn.lineage.replay import Difference
from nbcairn.lineage.rules.base import DifferenceRule, Rule, View, because, made_by, names_in_words, numbered
from nbcairn.model import Effect, Finding, Verdict

__all__ = ["Clock", "Entropy", "Input", "Network", "RandomOrder", "Subprocess", "UnseededRandom", "Varies"]

_SEEDS = {
    "<rng:python>": "random.seed(0)",
    "<rng:numpy>": "np.random.seed(0)",
    "<rng:torch>": "torch.manual_seed(0)",
}


class UnseededRandom(DifferenceRule):
    """Random numbers were drawn that no cell above has seeded."""

    code = "CN301"
    title = "Unseeded randomness"

    def claims(self, view: View, difference: Difference) -> bool:
        """The state of a generator is not known, or a name was made from it."""
        return difference.slot.cause is Cause.RANDOM

    def explain(self, view: View, difference: Difference) -> Finding:
        """The draw itself, or what came of it."""
        if difference.name in _SEEDS:
            return self.finding(
                "It draws random numbers that no cell above has seeded, so every run gives others.",
                f"Add `{_SEEDS[difference.name]}` to a cell above, or give the call its own random_state.",
                (difference.name,),
                because(view, difference),
            )
        cell = view.at(difference.slot.cell) if difference.slot.cell is not None else view.this.cell
        return self.finding(
            f"`{difference.name}` comes from {view.label(cell)}, which draws unseeded random numbers.",
            f"Seed the draw in cell {cell.index + 1}.",
            (difference.name,),
            because(view, difference),
        )


class RandomOrder(DifferenceRule):
    """A seeded generator was used in another order."""

    code = "CN302"
    title = "Random numbers drawn in another order"

    def claims(self, view: View, difference: Difference) -> bool:
        """The state is known, and another one."""
        return difference.name.startswith("<rng:") and difference.slot.known

    def explain(self, view: View, difference: Difference) -> Finding:
        """What that means."""
        return self.finding(
            "It drew from a seeded generator after other draws than Restart & Run All would make, "
            "so it would draw other numbers.",
            "Run the cells from the one that seeds down to this one, in order; or give each cell its own generator.",
            (difference.name,),
            because(view, difference),
        )


class _EffectRule(Rule):
    """A cell, or one that it depends on, takes its input from the world."""

    effect: ClassVar[Effect]
    what: ClassVar[str]
    remedy: ClassVar[str]

    def applies(self, view: View) -> bool:
        """Only where this effect is among those that count."""
        return self.effect in view.causes

    def findings(self, view: View) -> Iterator[Finding]:
        """Its own effect when nothing shows that it does not matter; or that of a cell above."""
        this = view.this
        run = this.match or this.last
        if this.verdict is Verdict.UNKNOWN and run is not None and self.effect in run.effects:
            yield self.finding(f"It {self.what}, so another run may give another result.", self.remedy)
        for difference in this.differences:
            slot = difference.slot
            if slot.cause is Cause.EFFECT and slot.effects[:1] == (self.effect,) and slot.cell is not None:
                yield self.finding(
                    f"`{difference.name}` comes from {view.label(view.at(slot.cell))}, which {self.what}.",
                    self.remedy,
                    (difference.name,),
                    because(view, difference),
                )


class Clock(_EffectRule):
    """The clock is an input."""

    code = "CN303"
    title = "Depends on the clock"
    effect = Effect.CLOCK
    what = "reads the clock"
    remedy = (
        "Set the time as a value in a cell where the result depends on it; measured durations may be left as they are."
    )


class Network(_EffectRule):
    """The network is an input."""

    code = "CN304"
    title = "Depends on the network"
    effect = Effect.NETWORK
    what = "reads from the network"
    remedy = "Save what was fetched to a file and read that."


class Subprocess(_EffectRule):
    """A child process is an input."""

    code = "CN305"
    title = "Depends on another program"
    effect = Effect.SUBPROCESS
    what = "runs another program"
    remedy = "Move set-up commands (such as pip install) out of the notebook, or check the result by hand."


class Input(_EffectRule):
    """A person is an input."""

    code = "CN306"
    title = "Asks a person"
    effect = Effect.INPUT
    what = "asks for input"
    remedy = "Write the answer as a value into the cell."


class Entropy(_EffectRule):
    """The system's entropy is an input."""

    code = "CN308"
    title = "Draws from the system's entropy"
    effect = Effect.ENTROPY
    what = "draws from the system's entropy (an unseeded generator, a uuid)"
    remedy = "Give the generator a seed, such as `np.random.default_rng(0)`."


class Varies(Rule):
    """Runs with equal code and equal inputs gave different results."""

    code = "CN307"
    title = "Same inputs, different results"

    def applies(self, view: View) -> bool:
        """Only where runs varied, here or above."""
        return bool(view.this.varies) or Cause.VARIES in view.causes

    def findings(self, view: View) -> Iterator[Finding]:
        """What differed among recorded runs; or a name that such a cell made."""
        if view.this.varies:
            yield self.finding(
                f"Recorded runs with equal code and inputs differ in {names_in_words(view.this.varies)}.",
                "Look for an unordered set, an unseeded generator, a clock, or parallel work.",
                view.this.varies,
            )
        above = [
            this for this in view.this.differences if this.slot.cause is Cause.VARIES and this.slot.cell is not None
        ]
        if above:
            cells, names = made_by(view, above), tuple(difference.read.name for difference in above)
            where = view.label(cells[0]) if len(cells) == 1 else numbered(cells)
            yield self.finding(
                f"{names_in_words(names)} {'comes' if len(names) == 1 else 'come'} from {where}, whose runs differ "
                "with equal inputs.",
                f"Make {numbered(cells)} repeatable first.",
                names,
                because(view, next(this for this in above if this.slot.cell == cells[0].index)),
            )
