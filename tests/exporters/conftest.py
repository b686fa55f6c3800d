"""A recorded notebook to export, and a reader of pages that checks what every page must keep."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest
from export_samples import HOSTILE, PNG, from_

from nbcairn.model import ArtifactKind, Display, How, Read, Write
from nbcairn.testing import a_document, a_run, a_session, an_artifact, memory_trail

VOID = {"meta", "img", "input", "br", "hr", "link", "path", "circle", "rect", "ellipse"}


class Page(HTMLParser):
    """What a page has: tags with attributes, ids, text; well formed or an error."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.source = text
        self.tags, self.ids, self.text, self.stack, self.scripts = [], [], [], [], []
        self.feed(text)
        self.close()
        assert self.stack == [], "every tag is closed"

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.stack, f"</{tag}> closes nothing"
            assert self.stack.pop() == tag

    def handle_data(self, data):
        if self.stack and self.stack[-1] == "script":
            self.scripts.append(data)
        elif not self.stack or self.stack[-1] != "style":
            self.text.append(data)

    @property
    def words(self):
        return " ".join(" ".join(self.text).split())

    def attributes(self, name):
        return [attrs[name] for _, attrs in self.tags if name in attrs]


@pytest.fixture
def page():
    """``page(html)``: read it, and demand what holds for every page."""

    def read(text):
        found = Page(text)
        assert len(found.ids) == len(set(found.ids)), "ids are unique"
        for link in found.attributes("href"):
            assert link.startswith("#"), "links stay in the page"
            assert link[1:] in set(found.ids), f"{link} leads somewhere"
        for source in found.attributes("src"):
            assert source.startswith("data:image/"), "nothing is loaded"
        assert not [name for _, attrs in found.tags for name in attrs if name.startswith("on")], "no handlers"
        assert not {"iframe", "object", "embed", "form", "base", "link"} & {tag for tag, _ in found.tags}
        assert not re.search(r"url\(|@import|https?://", "".join(re.findall("<style>(.*?)</style>", text, re.S)))
        (policy,) = [a["content"] for _, a in found.tags if a.get("http-equiv") == "Content-Security-Policy"]
        assert "default-src 'none'" in policy
        (script,) = found.scripts
        assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy
        return found

    return read


@pytest.fixture
def trail(tmp_path):
    with memory_trail(tmp_path) as trail:
        trail.begin(a_session(packages={"pandas": "2.2.0", "numpy": "2.0.1", "unrelated": "1.0"}))
        yield trail


@pytest.fixture
def recorded(trail):
    """A document whose second cell is stale: a deleted cell changed what it read."""
    load = a_run("import pandas as pd\ndf = pd.DataFrame()", "c1", {"pd": None}, {"df": 1})
    gone = a_run("df = df.dropna()", "deleted", {"df": from_(load, "df")}, {"df": 2})
    key = trail.blobs.put(PNG)
    shown = [Display("stdout", "a" * 32, text="hello\n"), Display("display", "b" * 32, ("image/png",), key, "<Figure>")]
    plot = a_run("df.plot()", "c2", {"df": from_(gone, "df")}, displays=shown)
    columns = {
        "columns": [
            {"name": "mass", "dtype": "float64", "nulls": 2, "mean": 4201.5, "histogram": {"counts": [1, 3, 0]}},
            {"name": "species", "dtype": "str", "top": [["Adelie", 3]]},
        ],
        "preview": [["1", "Adelie"]],
        "bytes": 2048,
    }
    trail.record(load, [an_artifact(load, "df", ArtifactKind.DATA, 1, detail=columns)])
    trail.record(gone, [an_artifact(gone, "df", ArtifactKind.DATA, 2, detail=columns)])
    figure = an_artifact(plot, "Mass", ArtifactKind.FIGURE, 3, media_type="image/png", blob=key)
    trail.record(plot, [figure])
    trail.note(plot.id, "Look at the outlier.", "ada")
    return a_document(load.source, "df.plot()", "later = 1", executed=False)


@pytest.fixture
def hostile(trail):
    """A document and a trail in which every text is hostile, ids too."""
    svg = trail.blobs.put(b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    sources = []
    for n, text in enumerate(HOSTILE):
        source = f"x = {text!r}\n# {text}"
        sources.append(source)
        shown = [
            Display("display", "c" * 32, ("text/html", "text/plain"), None, text),
            Display("display", "d" * 32, ("image/svg+xml",), svg, text),
        ]
        run = a_run(
            source, f"c{n + 1}", {text: Read(text, None), "old": Read(f"old{text}", fingerprint_of(n))},
            {text: Write(text, fingerprint_of(n), How.BOUND, text, text)},
            id=f"{text}{n}", displays=shown, error=ValueError(text) if n % 2 else None, notes=[text],
        )  # fmt: skip
        detail = {
            "columns": [{"name": text, "dtype": text, "top": [[text, 1]], "min": text, "histogram": {"counts": text}}],
            "preview": [[text]],
            "params": {text: text},
            "bytes": text,
        }
        made = an_artifact(run, text, ArtifactKind.DATA, n, detail=detail, media_type="text/html", blob=svg)
        trail.record(run, [made])
        trail.note(run.id, text, text)
    return a_document(*sources, path=f"{HOSTILE[0][2:9]}.ipynb")


def fingerprint_of(value):
    from nbcairn.fingerprint import fingerprint

    return fingerprint(value)
