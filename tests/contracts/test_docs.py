"""The documentation is true: links lead somewhere, commands parse and run, every option and finding has its place."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from nbcairn.cli.parser import make_parser

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
IDS = [page.relative_to(ROOT).as_posix() for page in PAGES]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def blocks(page, *languages):
    return [text for language, text in FENCE.findall(page.read_text(encoding="utf-8")) if language in languages]


def anchors(page):
    """The anchors of a page's headings, as renderers of Markdown make them."""
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("file", PAGES, ids=IDS)
def test_links_lead_somewhere(file):
    text = FENCE.sub("", file.read_text(encoding="utf-8"))
    for target in LINK.findall(text):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        where = (file.parent / name).resolve() if name else file
        assert where.exists(), f"{file.name} links to {target}"
        if anchor:
            assert anchor in anchors(where), f"{file.name} links to {target}"


def commands(page):
    for block in blocks(page, "bash", "sh", "console", "text"):
        lines = (line.removeprefix("$ ").strip() for line in block.splitlines())
        yield from (line for line in lines if line.startswith("nbcairn "))


@pytest.mark.parametrize("file", PAGES, ids=IDS)
def test_a_command_on_a_page_is_one_that_there_is(file):
    if "reference" in file.parts:
        return
    for line in commands(file):
        command = re.split(r" (?:&&|\|\||\||>) ", line)[0]
        try:
            make_parser().parse_args(shlex.split(command, comments=True)[1:])
        except SystemExit:
            pytest.fail(f"{file.name}: {line}")


def test_every_magic_on_a_page_is_one_that_there_is():
    from nbcairn.kernel.magics import HELP

    known = set(re.findall(r"^%cairn (\w+)", HELP, re.MULTILINE))
    for page in PAGES:
        for verb in re.findall(r"%cairn ([a-z]+)", page.read_text(encoding="utf-8")):
            assert verb in known, f"{page.name}: %cairn {verb}"


def test_every_verb_of_the_magic_is_in_its_help():
    source = (ROOT / "src" / "nbcairn" / "kernel" / "magics.py").read_text()
    from nbcairn.kernel.magics import HELP

    verbs = set(re.findall(r'^            "(\w+)": ', source, re.MULTILINE)) - {"status"}
    assert verbs == set(re.findall(r"^%cairn (\w+)", HELP, re.MULTILINE))


def test_every_environment_variable_is_documented():
    used = set()
    for file in (ROOT / "src" / "nbcairn").rglob("*.py"):
        used |= set(re.findall(r"\bNBCAIRN_[A-Z]+\b", file.read_text(encoding="utf-8")))
    page = (ROOT / "docs" / "reference" / "config.md").read_text(encoding="utf-8")
    assert used == {name for name in used if f"`{name}`" in page}


def test_every_page_can_be_reached_from_the_index():
    reached, waiting = set(), [ROOT / "docs" / "index.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        targets = (target.partition("#")[0] for target in LINK.findall(page.read_text(encoding="utf-8")))
        files = ((page.parent / target).resolve() for target in targets if target and "://" not in target)
        waiting += [file for file in files if file.exists()]
    assert {page for page in PAGES if "docs" in page.parts} <= reached


def test_the_public_names_are_what_can_be_imported():
    import nbcairn

    assert nbcairn.__all__ == sorted(nbcairn.__all__)
    assert set(nbcairn.__all__) == {name for name in dir(nbcairn) if not name.startswith("_")} - {
        "annotations", "import_module", "Any", "TYPE_CHECKING",
        *(name for name, value in vars(nbcairn).items() if type(value).__name__ == "module"),
    } | {"__version__"}  # fmt: skip
    for name in nbcairn.__all__:
        assert getattr(nbcairn, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        nbcairn.nothing  # noqa: B018


def test_every_option_says_what_it_means():
    from nbcairn.config import Cairn

    for name, trait in Cairn.class_traits(config=True).items():
        assert len(trait.help) > 20, name
        assert trait.help.endswith("."), name
