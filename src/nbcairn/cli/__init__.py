"""The command line: one module a verb. Exit 0: fine; 1: findings; 2: wrong usage, or an error told in one sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from nbcairn.cli.parser import make_parser
from nbcairn.cli.verb import Output
from nbcairn.errors import CairnError
from nbcairn.lean import without

__all__ = ["main"]

_SLOW = "rfc3987_syntax"
"""Builds a grammar when it is imported, for seconds, as jsonschema does and so nbformat: for a check that no notebook needs."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = make_parser()
    options = parser.parse_args(arguments)
    out = Output(json=getattr(options, "json", False))
    if not hasattr(options, "verb"):
        parser.print_help()
        return 2
    try:
        with without(_SLOW):
            return int(options.verb.run(options, out))
    except CairnError as error:
        out.error(error)
        return 2
    except BrokenPipeError:
        # The reader (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
