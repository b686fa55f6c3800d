import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import {
  IArtifact,
  IArtifactPage,
  ICheck,
  ICheckRequest,
  IError,
  IFilters,
  IFindingPage,
  IKnownPage,
  ILineage,
  INote,
  INotePage,
  INoteRequest,
  IRestore,
  IRowChanges,
  IRows,
  IRun,
  IRunPage,
  ISession,
  ISlice,
  IStages,
  IStatus
} from '../_api';

/**
 * What the server said when it could not answer: the fact, and what mends it.
 */
export class TrailError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly remedy: string,
    /** What the server calls it, such as `SecretFound`. */
    readonly kind = ''
  ) {
    super(message);
    this.name = 'TrailError';
  }

  /** True when the server has no such routes: the server extension is missing or off. */
  get isMissingServer(): boolean {
    return this.status === 404 && this.remedy === '';
  }

  /** True when the server does not, or no longer, know who asks. */
  get isLoggedOut(): boolean {
    return this.status === 401 || this.status === 403;
  }
}

export type Query = Record<string, string | number | boolean | readonly string[] | null | undefined>;

/** Rows of a table that are asked for together. */
export const ROWS_PAGE = 200;

/** What can be in a file although the server holds it back: what only looks like a secret, and the home folder of a person. */
export type Allowed = 'secrets' | 'paths';

/** A file that the server made, to be saved. */
export interface IDownload {
  readonly name: string;
  readonly content: Blob;
}

/**
 * The REST routes of the server extension, typed by its description.
 */
export class TrailClient {
  constructor(private readonly settings: ServerConnection.ISettings = ServerConnection.makeSettings()) {}

  status(path: string, signal?: AbortSignal): Promise<IStatus> {
    return this.get<IStatus>('status', { path }, signal);
  }

  check(request: ICheckRequest, signal?: AbortSignal): Promise<ICheck> {
    const init = { method: 'POST', body: JSON.stringify(request), signal };
    return this.request<ICheck>(this.url('check', {}), init);
  }

  runs(path: string, query: Query = {}, signal?: AbortSignal): Promise<IRunPage> {
    return this.get<IRunPage>('runs', { path, ...query }, signal);
  }

  run(path: string, id: string, signal?: AbortSignal): Promise<IRun> {
    return this.get<IRun>(`runs/${encodeURIComponent(id)}`, { path }, signal);
  }

  artifacts(path: string, query: Query = {}, signal?: AbortSignal): Promise<IArtifactPage> {
    return this.get<IArtifactPage>('artifacts', { path, ...query }, signal);
  }

  artifact(path: string, id: string, signal?: AbortSignal): Promise<IArtifact> {
    return this.get<IArtifact>(`artifacts/${encodeURIComponent(id)}`, { path }, signal);
  }

  filters(path: string, signal?: AbortSignal): Promise<IFilters> {
    return this.get<IFilters>('filters', { path }, signal);
  }

  known(path: string, signal?: AbortSignal): Promise<IKnownPage> {
    return this.get<IKnownPage>('known', { path }, signal);
  }

  slice(path: string, id: string, signal?: AbortSignal): Promise<ISlice> {
    return this.get<ISlice>(`artifacts/${encodeURIComponent(id)}/slice`, { path }, signal);
  }

  rows(path: string, id: string, query: Query = {}, signal?: AbortSignal): Promise<IRows> {
    return this.get<IRows>(`artifacts/${encodeURIComponent(id)}/rows`, { path, ...query }, signal);
  }

  /** What differs between the rows of two versions; `key` names columns, an empty one the index. */
  changes(
    path: string,
    before: string,
    after: string,
    key?: readonly string[],
    signal?: AbortSignal
  ): Promise<IRowChanges> {
    const query = { path, before, key: key?.length === 0 ? [''] : key };
    return this.get<IRowChanges>(`artifacts/${encodeURIComponent(after)}/changes`, query, signal);
  }

  restore(path: string, id: string, variable?: string): Promise<IRestore> {
    return this.get<IRestore>(`artifacts/${encodeURIComponent(id)}/restore`, { path, variable });
  }

  stages(request: ICheckRequest, id: string, signal?: AbortSignal): Promise<IStages> {
    const init = { method: 'POST', body: JSON.stringify(request), signal };
    return this.request<IStages>(this.url(`artifacts/${encodeURIComponent(id)}/stages`, {}), init);
  }

  /**
   * The code of an artifact, or the record of a notebook, in one of the formats of the server; `allow` is what the person has
   * said may be in it.
   */
  async download(path: string, format: string, artifact?: string, allow: readonly Allowed[] = []): Promise<IDownload> {
    const response = await this.fetch(this.url(`export/${encodeURIComponent(format)}`, { path, artifact, allow }), {});
    if (!response.ok) {
      throw await asError(response);
    }
    const name = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? 'cairn';
    return { name, content: await response.blob() };
  }

  session(path: string, id: string, signal?: AbortSignal): Promise<ISession> {
    return this.get<ISession>(`sessions/${encodeURIComponent(id)}`, { path }, signal);
  }

  notes(path: string, subject: string, signal?: AbortSignal): Promise<INotePage> {
    return this.get<INotePage>('notes', { path, subject }, signal);
  }

  addNote(request: INoteRequest): Promise<INote> {
    return this.request<INote>(this.url('notes', {}), { method: 'POST', body: JSON.stringify(request) });
  }

  finding(code: string, signal?: AbortSignal): Promise<IFindingPage> {
    return this.get<IFindingPage>(`findings/${encodeURIComponent(code)}`, {}, signal);
  }

  lineage(path: string, query: Query = {}, signal?: AbortSignal): Promise<ILineage> {
    return this.get<ILineage>('lineage', { path, ...query }, signal);
  }

  /**
   * A recorded picture as an object URL; whoever asks revokes it.
   */
  async picture(path: string, md5: string, signal?: AbortSignal): Promise<string> {
    const response = await this.fetch(this.url(`blobs/${md5}`, { path }), { signal });
    if (!response.ok) {
      throw await asError(response);
    }
    return URL.createObjectURL(await response.blob());
  }

  /** The text of a kept blob, as it was recorded: never trusted. */
  async text(path: string, md5: string, signal?: AbortSignal): Promise<string> {
    const response = await this.fetch(this.url(`blobs/${md5}`, { path }), { signal });
    if (!response.ok) {
      throw await asError(response);
    }
    return response.text();
  }

  private get<T>(route: string, query: Query, signal?: AbortSignal): Promise<T> {
    return this.request<T>(this.url(route, query), { signal });
  }

  private url(route: string, query: Query): string {
    const pairs = Object.entries(query).flatMap(([key, value]) =>
      value === null || value === undefined
        ? []
        : (Array.isArray(value) ? value : [value]).map(part => [key, String(part)])
    );
    const text = new URLSearchParams(pairs).toString();
    const base = URLExt.join(this.settings.baseUrl, 'nbcairn', 'api', route);
    return text ? `${base}?${text}` : base;
  }

  private fetch(url: string, init: RequestInit): Promise<Response> {
    return ServerConnection.makeRequest(url, init, this.settings);
  }

  private async request<T>(url: string, init: RequestInit): Promise<T> {
    const response = await this.fetch(url, init);
    if (!response.ok) {
      throw await asError(response);
    }
    return (await response.json()) as T;
  }
}

async function asError(response: Response): Promise<TrailError> {
  try {
    const body = (await response.json()) as Partial<IError>;
    return new TrailError(response.status, body.message ?? response.statusText, body.remedy ?? '', body.type ?? '');
  } catch {
    return new TrailError(response.status, response.statusText, '');
  }
}
