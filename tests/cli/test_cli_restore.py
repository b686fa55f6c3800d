"""``nbcairn restore``."""

import json

from cli_samples import KEPT, PNG


def test_a_kept_value_becomes_a_file_of_its_format(nbcairn, project):
    answer = nbcairn("restore clean")
    assert answer.code == 0
    assert (project.root / "clean.json").read_bytes() == KEPT
    assert json.loads(KEPT) == [1, 2, 3]


def test_a_figure_becomes_its_image(nbcairn, project):
    assert nbcairn("restore Mass --to mass.png --json").json["bytes"] == len(PNG)
    assert (project.root / "mass.png").read_bytes() == PNG


def test_the_code_of_a_run_also_of_a_cell_that_was_edited_since(nbcairn, project):
    assert nbcairn(f"restore {project.first.id} --to -").out == "clean = raw\n"


def test_a_file_that_is_there_is_left_alone(nbcairn, project):
    (project.root / "clean.json").write_text("mine")
    answer = nbcairn("restore clean")
    assert answer.code == 2
    assert "is there already" in answer.err
    assert (project.root / "clean.json").read_text() == "mine"
    assert nbcairn("restore clean --force").code == 0
    assert (project.root / "clean.json").read_bytes() == KEPT


def test_what_was_not_kept_is_said_with_what_to_do(nbcairn, project):
    answer = nbcairn("restore raw")
    assert answer.code == 2
    assert "only its fingerprint" in answer.err
    assert "nbcairn restore" in answer.err
    assert not list(project.root.glob("raw*"))


def test_a_name_never_leads_out_of_the_folder(nbcairn, project):
    from nbcairn.model import ArtifactKind
    from nbcairn.store import Trail
    from nbcairn.store.blobs.base import md5_of
    from nbcairn.testing import a_run, an_artifact

    run = a_run("plot()", "c9")
    with Trail.open(project.root / ".cairn") as trail:
        figure = an_artifact(run, "../../etc/x", ArtifactKind.FIGURE, media_type="image/png", blob=md5_of(PNG))
        trail.record(run, [figure])
    answer = nbcairn("restore ../../etc/x --json")
    assert (project.root / answer.json["path"]).parent == project.root


def test_a_damaged_value_is_never_given(nbcairn, project):
    file = next(file for file in (project.root / ".cairn").rglob("*") if file.is_file() and file.read_bytes() == KEPT)
    file.chmod(0o644)
    file.write_bytes(b"[666]")
    answer = nbcairn("restore clean")
    assert answer.code == 2
    assert "damaged" in answer.err
