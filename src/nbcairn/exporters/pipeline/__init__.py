"""The path to a result as a small project of stages, run by DVC."""

from __future__ import annotations

from nbcairn.exporters.pipeline.project import export_pipeline

__all__ = ["export_pipeline"]
