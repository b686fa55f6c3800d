"""One handler a route. Each checks the request, lets a thread ask the trail, and answers with JSON."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from jupyter_core.utils import ensure_async
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

from nbcairn.document import document_path
from nbcairn.errors import CairnError, TrailNotFound
from nbcairn.model import Document
from nbcairn.server import queries, values
from nbcairn.server.answers import Refused, error_json
from nbcairn.server.exports import Asked, exported
from nbcairn.server.filters import filters, no_filters
from nbcairn.server.kernels import lives_on
from nbcairn.server.media import media_of
from nbcairn.server.pages import finding_page
from nbcairn.server.paths import confined
from nbcairn.server.renames import Renames
from nbcairn.server.requests import (
    CheckRequest,
    artifact_query,
    check_request,
    note_request,
    number,
    row_key,
    run_query,
)
from nbcairn.server.trails import Trails
from nbcairn.store import Trail
from nbcairn.store.rows import pack
from nbcairn.wire import note_json

__all__ = ["ROUTES", "CairnHandler", "Services"]

T = TypeVar("T")

ID = r"([A-Za-z0-9_-]{1,64})"
YEAR = 365 * 24 * 3600
LOCKED = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
"""The content security policy of what is not ours to vouch for."""


class Services:
    """What the handlers share: open trails, threads to ask them in, and what was told of renames."""

    def __init__(self) -> None:
        self.trails = Trails()
        self.renames = Renames(self.trails)
        self.threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="nbcairn")


class CairnHandler(APIHandler):
    """What every route needs: the notebook that is asked about, its trail, and answers of one shape."""

    auth_resource = "nbcairn"
    # A panel that polls must not keep an idle server alive.
    _track_activity = False

    def initialize(self, services: Services) -> None:
        """Take what the handlers share."""
        self.services = services

    @property
    def root(self) -> Path:
        """The folder that the file browser shows as its root."""
        folder = getattr(self.contents_manager, "root_dir", "") or self.settings.get("server_root_dir", ".")
        return Path(str(folder)).expanduser()

    def argument(self, name: str) -> str | None:
        """A query parameter, or None."""
        return self.get_query_argument(name, None)

    async def ask(
        self,
        answer: Callable[[Trail, str], T],
        nothing: Callable[[], T] | None = None,
        *,
        path: str | None = None,
        kernels: Collection[str] = (),
    ) -> T:
        """What ``answer`` says of the notebook's trail, asked in a thread; ``nothing`` where there is no trail."""
        wanted = path if path is not None else self.argument("path") or ""
        known = {*kernels, *await self._kernels(wanted)}

        def work() -> T:
            file = confined(self.root, wanted)
            try:
                return self._answer(file, known, answer)
            except TrailNotFound:
                if nothing is None:
                    raise
                return nothing()

        return await self.in_thread(work)

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Run what blocks where it cannot stall the server; errors of ours become answers."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self.services.threads, work)
        except CairnError as error:
            self.log.info("nbcairn: %s", error)
            raise Refused.of(error) from error

    def _answer(self, file: Path, kernels: Collection[str], answer: Callable[[Trail, str], T]) -> T:
        folder = Trail.locate(file)
        if folder is None:
            raise TrailNotFound("There is no trail for this notebook.", queries.NO_TRAIL)
        folder = folder.absolute()
        notebook = self.services.renames.notebook(folder, file, kernels)
        with self.services.trails.borrow(folder) as trail:
            return answer(trail, notebook)

    async def _kernels(self, path: str) -> list[str]:
        """The ids of the kernels that serve the notebook at this path now."""
        manager: Any = self.session_manager
        try:
            sessions: list[dict[str, Any]] = await ensure_async(manager.list_sessions())
        except web.HTTPError as error:
            self.log.info("nbcairn: the server's sessions could not be listed (%s)", error)
            return []
        return [
            str(session["kernel"]["id"])
            for session in sessions
            if session.get("kernel") and str(session.get("path", "")).strip("/") == path.strip("/")
        ]

    def reply(self, answer: dict[str, Any]) -> None:
        """Send JSON; a browser asks again each time, and learns by the ETag when nothing changed."""
        self.set_header("Cache-Control", "no-cache, private")
        self.finish(pack(answer).encode("utf-8", "replace"))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Every failure has the shape ``Error``."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        self.finish(pack(error_json(status_code, error)).encode("utf-8", "replace"))


class StatusHandler(CairnHandler):
    """``GET /status``."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """``Status``."""
        lives = lives_on(self.kernel_manager, elsewhere=False)
        self.reply(await self.ask(lambda trail, path: queries.status(trail, path, lives), queries.no_status))


class CheckHandler(CairnHandler):
    """``POST /check``."""

    @web.authenticated
    @authorized("read")  # type: ignore[untyped-decorator]
    async def post(self) -> None:
        """``Check``."""
        request = check_request(self.request.body)
        live = {request.kernel_id} & set(self.kernel_manager.list_kernel_ids())
        lives = lives_on(self.kernel_manager, elsewhere=True)
        answer = await self.ask(
            lambda trail, path: queries.check(
                trail, Document(path, request.cells), str(trail.folder), request.target, lives
            ),
            lambda: self._without_trail(request),
            path=request.path,
            kernels=[kernel for kernel in live if kernel],
        )
        self.reply(answer)

    def _without_trail(self, request: CheckRequest) -> dict[str, Any]:
        file = confined(self.root, request.path)
        with Trail.in_memory(Trail.place(file)) as trail:
            return queries.check(trail, Document(document_path(file, trail.root), request.cells), None)


class RunsHandler(CairnHandler):
    """``GET /runs``."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """``RunPage``."""
        query = run_query(self.argument)
        self.reply(await self.ask(lambda trail, path: queries.runs(trail, path, query), queries.no_runs))


class RunHandler(CairnHandler):
    """``GET /runs/{id}``."""

    @web.authenticated
    @authorized
    async def get(self, run_id: str) -> None:
        """``Run``."""
        self.reply(await self.ask(lambda trail, _: queries.run(trail, run_id)))


class SessionHandler(CairnHandler):
    """``GET /sessions/{id}``."""

    @web.authenticated
    @authorized
    async def get(self, session_id: str) -> None:
        """``Session``."""
        self.reply(await self.ask(lambda trail, _: queries.session(trail, session_id)))


class ArtifactsHandler(CairnHandler):
    """``GET /artifacts``."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """``ArtifactPage``."""
        query = artifact_query(self.argument)
        self.reply(await self.ask(lambda trail, path: queries.artifacts(trail, path, query), queries.no_artifacts))


class ArtifactHandler(CairnHandler):
    """``GET /artifacts/{id}``."""

    @web.authenticated
    @authorized
    async def get(self, artifact_id: str) -> None:
        """``Artifact``."""
        self.reply(await self.ask(lambda trail, _: queries.artifact(trail, artifact_id)))


class FiltersHandler(CairnHandler):
    """``GET /filters``."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """``Filters``."""
        self.reply(await self.ask(lambda trail, _: filters(trail), no_filters))


class SliceHandler(CairnHandler):
    """``GET /artifacts/{id}/slice``."""

    @web.authenticated
    @authorized
    async def get(self, artifact_id: str) -> None:
        """``Slice``."""
        self.reply(await self.ask(lambda trail, _: queries.slice_of_artifact(trail, artifact_id)))


class KnownHandler(CairnHandler):
    """``GET /known``."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """``KnownPage``."""
        run = self.argument("run") or None
        self.reply(await self.ask(lambda trail, path: queries.known(trail, path, run), queries.no_known))


class RowsHandler(CairnHandler):
    """``GET /artifacts/{id}/rows``."""

    @web.authenticated
    @authorized
    async def get(self, artifact_id: str) -> None:
        """``Rows``."""
        offset = number(self.argument, "offset", 0, 0, most=None)
        limit = number(self.argument, "limit", 100, 1)
        self.reply(await self.ask(lambda trail, _: values.rows(trail, artifact_id, offset, limit)))


class ChangesHandler(CairnHandler):
    """``GET /artifacts/{id}/changes``."""

    @web.authenticated
    @authorized
    async def get(self, artifact_id: str) -> None:
        """``RowChanges`` from an older version to this one."""
        before, key = self.argument("before") or "", row_key(self.get_query_arguments("key"))
        self.reply(await self.ask(lambda trail, _: values.changes(trail, before, artifact_id, key)))


class RestoreHandler(CairnHandler):
    """``GET /artifacts/{id}/restore``."""

    @web.authenticated
    @authorized
    async def get(self, artifact_id: str) -> None:
        """``Restore``: code for the person's kernel. Nothing is run here."""
        variable = self.argument("variable") or None
        self.reply(await self.ask(lambda trail, _: values.restore(trail, artifact_id, variable)))


class StagesHandler(CairnHandler):
    """``POST /artifacts/{id}/stages``."""

    @web.authenticated
    @authorized("read")  # type: ignore[untyped-decorator]
    async def post(self, artifact_id: str) -> None:
        """``Stages``, with the tags of the document as it stands."""
        request = check_request(self.request.body)
        answer = await self.ask(
            lambda trail, path: values.stages(trail, artifact_id, Document(path, request.cells)), path=request.path
        )
        self.reply(answer)


class ExportHandler(CairnHandler):
    """``GET /export/{format}``."""

    @web.authenticated
    @authorized
    async def get(self, format_name: str) -> None:
        """A file to save, as a type that nothing opens."""
        allow = frozenset(self.get_query_arguments("allow"))
        asked = Asked(format_name, self.argument("artifact") or None, allow)
        file = confined(self.root, self.argument("path") or "")
        download = await self.ask(lambda trail, _: exported(trail, file, asked))
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Disposition", f'attachment; filename="{download.name}"')
        self.finish(download.content, set_content_type="application/octet-stream")

    @property
    def content_security_policy(self) -> str:
        """Nothing may be loaded or run, should a browser open it all the same."""
        return LOCKED


class NotesHandler(CairnHandler):
    """``GET`` and ``POST /notes``."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """``NotePage``."""
        subject = self.argument("subject") or ""
        self.reply(await self.ask(lambda trail, _: queries.notes(trail, subject), queries.no_notes))

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """``Note``, written into the trail."""
        request = note_request(self.request.body)
        author = self.current_user.display_name or self.current_user.username

        def write() -> dict[str, Any]:
            folder = Trail.locate(confined(self.root, request.path))
            if folder is None:
                raise TrailNotFound("There is no trail for this notebook.", queries.NO_TRAIL)
            with Trail.open(folder) as trail:
                return note_json(trail.note(request.subject, request.text, author))

        self.reply(await self.in_thread(write))


class FindingHandler(CairnHandler):
    """``GET /findings/{code}``."""

    @web.authenticated
    @authorized
    async def get(self, code: str) -> None:
        """``FindingPage``."""
        self.reply(await self.in_thread(lambda: finding_page(code)))


class LineageHandler(CairnHandler):
    """``GET /lineage``."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """``Lineage``."""
        artifact, run = self.argument("artifact") or None, self.argument("run") or None
        limit = number(self.argument, "limit", 150, 1)
        self.reply(
            await self.ask(lambda trail, path: queries.lineage(trail, path, artifact, run, limit), queries.no_lineage)
        )


class BlobHandler(CairnHandler):
    """``GET /blobs/{md5}``."""

    @web.authenticated
    @authorized
    async def get(self, md5: str) -> None:
        """The content, as a type that cannot run script."""
        content = await self.ask(lambda trail, _: trail.blobs.get(md5))
        media = media_of(content)
        self.set_header("Cache-Control", f"private, max-age={YEAR}, immutable")
        self.set_header("X-Content-Type-Options", "nosniff")
        if media.attachment:
            self.set_header("Content-Disposition", f'attachment; filename="{md5}.svg"')
        self.finish(content, set_content_type=media.content_type)

    @property
    def content_security_policy(self) -> str:
        """Nothing may be loaded or run, whatever the content turns out to be."""
        return LOCKED


class UnknownHandler(CairnHandler):
    """Every other address below ours, so that its refusal has our shape, too."""

    @web.authenticated
    async def get(self) -> None:
        """Refuse."""
        raise web.HTTPError(404)

    post = put = patch = delete = get


ROUTES: tuple[tuple[str, type[CairnHandler]], ...] = (
    (r"/status", StatusHandler),
    (r"/check", CheckHandler),
    (r"/runs", RunsHandler),
    (rf"/runs/{ID}", RunHandler),
    (rf"/sessions/{ID}", SessionHandler),
    (r"/artifacts", ArtifactsHandler),
    (rf"/artifacts/{ID}", ArtifactHandler),
    (rf"/artifacts/{ID}/slice", SliceHandler),
    (rf"/artifacts/{ID}/rows", RowsHandler),
    (rf"/artifacts/{ID}/changes", ChangesHandler),
    (rf"/artifacts/{ID}/restore", RestoreHandler),
    (rf"/artifacts/{ID}/stages", StagesHandler),
    (r"/export/([a-z-]{1,20})", ExportHandler),
    (r"/filters", FiltersHandler),
    (r"/lineage", LineageHandler),
    (r"/known", KnownHandler),
    (r"/notes", NotesHandler),
    (r"/findings/(CN[0-9]{3})", FindingHandler),
    (r"/blobs/([0-9a-f]{32})", BlobHandler),
    (r"/.*", UnknownHandler),
)
"""Every address below ``{base_url}nbcairn/api``."""
