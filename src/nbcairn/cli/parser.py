"""The argument parser, made from the verbs."""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter

from nbcairn.cli.check import Check
from nbcairn.cli.demo import Demo
from nbcairn.cli.diff import Diff
from nbcairn.cli.doctor import Doctor
from nbcairn.cli.enable import Disable, Enable
from nbcairn.cli.export import Export
from nbcairn.cli.gc import Gc
from nbcairn.cli.importing import Import
from nbcairn.cli.lab import Lab
from nbcairn.cli.ls import Ls
from nbcairn.cli.push import Pull, Push
from nbcairn.cli.restore import Restore
from nbcairn.cli.run import Run
from nbcairn.cli.search import Search
from nbcairn.cli.show import Show
from nbcairn.cli.slice import Slice
from nbcairn.cli.verb import Verb
from nbcairn.cli.verify import Verify

__all__ = ["VERBS", "make_parser"]

VERBS: tuple[Verb, ...] = (
    Demo(),
    Lab(),
    Run(),
    Check(),
    Verify(),
    Ls(),
    Show(),
    Diff(),
    Search(),
    Restore(),
    Slice(),
    Export(),
    Import(),
    Push(),
    Pull(),
    Enable(),
    Disable(),
    Gc(),
    Doctor(),
)


def make_parser() -> ArgumentParser:
    """The whole command line."""
    from nbcairn import __version__

    parser = ArgumentParser(
        prog="nbcairn",
        description="Cairn remembers how you got here: tracked exploration in Jupyter notebooks.",
        epilog="`nbcairn VERB --help` gives examples. Exit code 0: fine; 1: findings; 2: wrong usage or an error.",
    )
    parser.add_argument("--version", action="version", version=f"nbcairn {__version__}")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB")
    for verb in VERBS:
        examples = "\n".join(f"  {line}" for line in verb.examples)
        own = verbs.add_parser(
            verb.name,
            help=verb.help,
            description=verb.help,
            epilog=f"examples:\n{examples}",
            formatter_class=RawDescriptionHelpFormatter,
        )
        own.add_argument("--json", action="store_true", help="print JSON")
        verb.configure(own)
        own.set_defaults(verb=verb)
    return parser
