"""The reference page says what the description says."""

import subprocess
import sys
from pathlib import Path

import jsonschema

from nbcairn.server.describe import PAGE, page
from nbcairn.server.description import api

ROOT = Path(__file__).parents[2]


def test_the_page_is_up_to_date():
    written = (ROOT / PAGE).read_text(encoding="utf-8")
    assert written == page(), "`./dev docs` writes it again"


def test_the_page_has_every_route_and_shape():
    text = page()
    assert all(f" {address}\n" in text for address in api()["paths"])
    assert all(f"\n### {name}\n" in text for name in api()["$defs"])


def test_the_shapes_are_json_schema():
    for schema in api()["$defs"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_the_server_needs_no_ipython():
    code = "import sys, nbcairn.server.extension; print([m for m in sys.modules if m.startswith('IPython')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
