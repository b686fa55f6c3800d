"""Documents made from a trail. One module a format, found by the entry point group ``nbcairn.exporters``.

An exporter is ``export(trail: Trail, document: Document | None, target: Path) -> None``. All of them start from the
neutral report of ``nbcairn.exporters.report``, so that they tell the same.
"""
