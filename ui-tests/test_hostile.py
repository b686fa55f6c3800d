"""A trail that a stranger made can show nonsense, and nothing else."""

import pytest
from journey import command, write_notebook
from playwright.sync_api import expect

from nbcairn.model import ArtifactKind, Display
from nbcairn.store import Trail
from nbcairn.testing import a_run, a_session, an_artifact

FAR = "http://far.example"
"""Nobody there: a browser that asks is seen to ask."""
EVIL = "<img src=x onerror='window.hurt=1'><script>window.hurt=1</script><b>x</b>`<i>`[l](javascript:window.hurt=1)"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='window.hurt=1'><script>window.hurt=1</script></svg>"

HTML = f"""<p onclick='window.hurt=1'>harmless</p>{EVIL}<svg onload='window.hurt=1'><a xlink:href='javascript:1'>l</a></svg>
<iframe srcdoc='<script>parent.hurt=1</script>'></iframe><object data='data:text/html,x'></object><base href='//far/'>
<form action='//far/'><button>send</button></form><style>body {{ display: none }}</style>
<a href='#' data-commandlinker-command='nbcairn:open'>c</a>
<img src='{FAR}/1.png' srcset='{FAR}/2.png 2x'><video src='{FAR}/3.mp4' poster='{FAR}/4.png'></video><audio src='{FAR}/5.mp3'></audio>
<p style='background: url({FAR}/6.png)'>p</p><ul style='list-style-image: url({FAR}/7.png)'><li>i</li></ul><img src='/hub/logout'>
<table background='{FAR}/8.png'><tr><td style='cursor: url({FAR}/9.cur), auto'>t</td></tr></table><input type='image' src='{FAR}/10.png'>
<xmp><img src='{FAR}/11.png'></xmp><template><img src='{FAR}/12.png'></template><noscript><img src='{FAR}/13.png'></noscript>
<svg><image href='{FAR}/14.png'/><style>@import url({FAR}/15.css)</style></svg><link rel='stylesheet' href='{FAR}/16.css'>
$\\style{{background-image: url({FAR}/17.png); cursor: url({FAR}/18.cur), auto}}{{x}}$"""

DIAGRAM = f"""![far]({FAR}/20.png)

```mermaid
%%{{init: {{"themeCSS": "@import url({FAR}/21.css);"}}}}%%
flowchart TD
  A@{{ img: "{FAR}/22.png", label: "x" }} --> B["<img src='{FAR}/23.png'>"]
```"""


def shown(key: str) -> list[Display]:
    """What a stranger's run could claim to have shown, one of each kind that is drawn."""
    return [
        Display("display", "1", ("text/html",), key, EVIL),
        Display("display", "8", ("text/markdown",), None, DIAGRAM),
        Display("result", "9", ("text/latex",), None, f"$\\style{{cursor: url({FAR}/19.cur), auto}}{{x}}$"),
        Display("display", "2", ("text/markdown",), None, f"{EVIL}\n\n![p](javascript:window.hurt=1)"),
        Display("result", "3", ("text/latex",), None, f"$\\href{{javascript:window.hurt=1}}{{x}}$ {EVIL}"),
        Display("result", "4", ("application/javascript", "text/plain"), None, "window.hurt=1"),
        Display("stdout", "5", (), None, f"\x1b[31m{EVIL}"),
        Display("display", "6", ("image/png",), key, EVIL),
        Display("display", "7", (EVIL,), None, ""),
    ]


@pytest.mark.own_page
def test_nothing_in_a_trail_runs_in_the_page(project, open_notebook, page):
    path = write_notebook(project, "x = 1", EVIL)
    with Trail.open(project / ".cairn", create=True) as trail:
        trail.begin(a_session(notebook="analysis.ipynb", kernel_id=None, packages={EVIL: EVIL}))
        key = trail.blobs.put(SVG)
        run = a_run(EVIL, "c2", {EVIL: 1}, {EVIL: 2}, notebook="analysis.ipynb")
        columns = [{"name": EVIL, "dtype": EVIL, "min": EVIL, "max": EVIL, "top": [[EVIL, 3]]}]
        split = {
            "parts": {EVIL: {"rows": 1, "share": 1.0, "classes": [[EVIL, 1.0]]}},
            "shared": [{"in": EVIL, "of": EVIL, "rows": 3}],
        }
        more = {"split": split, "scores": {EVIL: {EVIL: 1.0}}, "trained_on": [{"name": EVIL, "digest": EVIL}]}
        detail = {
            **more,
            "columns": columns,
            "preview": [[EVIL]],
            "index": [EVIL],
            "params": {EVIL: EVIL},
            "title": EVIL,
        }
        made = [
            an_artifact(run, EVIL, ArtifactKind.DATA, summary=EVIL, type_name=EVIL, detail=detail),
            an_artifact(run, "svg", ArtifactKind.FIGURE, media_type="image/svg+xml", blob=key),
            an_artifact(run, "lie", ArtifactKind.FIGURE, media_type="image/png", blob=key),
            an_artifact(run, "odd", ArtifactKind.DATA, detail={"columns": {"a": 1}, "preview": "x", "index": 5}),
        ]
        trail.record(run, made, {key: SVG})
        page_key = trail.blobs.put(HTML.encode())
        again = a_run(
            f"y = 2\n{EVIL}", "c2", notebook="analysis.ipynb", displays=shown(page_key), error=ValueError(EVIL)
        )
        trail.record(again, [], {page_key: HTML.encode()})
        trail.note(made[0].id, EVIL, EVIL)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    open_notebook(path)
    command(page, "nbcairn:open")
    expect(page.locator("#nbcairn-artifacts .nbc-Artifact")).to_have_count(4)
    for artifact in made:
        command(page, "nbcairn:open-artifact", path=path, id=artifact.id)
        expect(page.locator(f"#nbcairn-artifact-{artifact.id} h1")).to_be_visible()
    expect(page.locator(f"#nbcairn-artifact-{made[0].id} .nbc-Note")).to_contain_text("<b>x</b>")
    command(page, "nbcairn:open-graph", path=path, artifact=made[0].id)
    expect(page.locator(".nbc-Graph .nbc-Box").first).to_be_visible()
    command(page, "nbcairn:compare-artifacts", path=path, before=made[3].id, after=made[0].id)
    expect(page.locator(f"#nbcairn-comparison-{made[3].id}-{made[0].id} h1")).to_be_visible()
    command(page, "nbcairn:open-artifact", path=path, id=made[0].id)
    page.locator(f"#nbcairn-artifact-{made[0].id}").get_by_text("Stages of its pipeline").click()
    command(page, "nbcairn:show-history")
    page.locator("#nbcairn-history .nbc-Run").first.click()
    details = page.locator("#nbcairn-history .nbc-Details")
    expect(details.locator(".nbc-Diff")).to_contain_text("+ y = 2")
    expect(details.locator(".nbc-Run-error")).to_contain_text("<b>x</b>")
    expect(details.locator(".nbc-Outputs")).to_contain_text("harmless")
    expect(details.locator(".nbc-Output")).to_have_count(7)
    details.get_by_text("harmless").click()
    told = details.locator(".nbc-Unloaded")
    expect(told.filter(has_text="Picture from far.example not loaded").first).to_be_visible()
    expect(told.filter(has_text="Video from far.example not loaded")).to_have_count(1)
    expect(told.filter(has_text="Sound from far.example not loaded")).to_have_count(1)
    expect(told.filter(has_text="Picture from this server not loaded")).not_to_have_count(0)
    expect(details.locator("pre code", has_text="flowchart TD")).to_be_visible()
    page.locator(".jp-AccordionPanel-title", has_text="Lineage").click()
    expect(page.locator("#nbcairn-lineage .nbc-Node").first).to_be_visible()
    assert page.evaluate("() => window.hurt") is None
    ours = page.locator(".nbc-Page, .nbc-Sidebar, .nbc-CellMark")
    # JupyterLab's sanitizer lets pictures pass, without what they would run.
    bad = "script, iframe, object, base, form[action], style, a[href^=javascript], [onerror], [onclick], [onload]"
    assert ours.locator(f"{bad}, [data-commandlinker-command]").count() == 0
    assert dialogs == []
    # Neither another host, nor this one in the reader's name.
    assert [url for url in asked if "//far" in url or "logout" in url] == []
