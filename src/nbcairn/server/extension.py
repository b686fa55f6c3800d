"""Joins the routes to a Jupyter server."""

from __future__ import annotations

from typing import Any

from jupyter_server.utils import url_path_join

from nbcairn.server.handlers import ROUTES, Services

__all__ = ["load"]


def load(app: Any) -> None:
    """Add every route to this ServerApp, below its base URL."""
    services = Services()
    base = url_path_join(app.web_app.settings["base_url"], "nbcairn", "api")
    routes = [(base + address, handler, {"services": services}) for address, handler in ROUTES]
    app.web_app.add_handlers(".*$", routes)
    app.log.info("nbcairn: the trail is served below %s", base)
