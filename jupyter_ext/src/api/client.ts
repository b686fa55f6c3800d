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
  IRun,
  IRunPage,
  ISession,
  ISlice,
  IStatus
} from '../_api';

/**
 * What the server said when it could not answer: the fact, and what mends it.
 */
export class TrailError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly remedy: string
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

export type Query = Record<string, string | number | boolean | null | undefined>;

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

  private get<T>(route: string, query: Query, signal?: AbortSignal): Promise<T> {
    return this.request<T>(this.url(route, query), { signal });
  }

  private url(route: string, query: Query): string {
    const known = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
    const text = new URLSearchParams(known.map(([key, value]) => [key, String(value)])).toString();
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
    return new TrailError(response.status, body.message ?? response.statusText, body.remedy ?? '');
  } catch {
    return new TrailError(response.status, response.statusText, '');
  }
}
