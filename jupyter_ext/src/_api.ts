// Generated from src/nbcairn/server/schema/api.json by jupyter_ext/generate-api.mjs. Do not edit.

/** Version of the REST description these types were made from. */
export const CONTRACT = 1;

export interface IAllTypes {
  Fingerprint?: IFingerprint;
  Read?: IRead;
  Write?: IWrite;
  FileAccess?: IFileAccess;
  Display?: IDisplay;
  RunSummary?: IRunSummary;
  Run?: IRun;
  Session?: ISession;
  Artifact?: IArtifact;
  Finding?: IFinding;
  CellVerdict?: ICellVerdict;
  Check?: ICheck;
  Plan?: IPlan;
  Obstacle?: IObstacle;
  LastVerified?: ILastVerified;
  CheckCell?: ICheckCell;
  CheckRequest?: ICheckRequest;
  Status?: IStatus;
  RunPage?: IRunPage;
  ArtifactPage?: IArtifactPage;
  Choice?: IChoice;
  SessionChoice?: ISessionChoice;
  Filters?: IFilters;
  LineageNode?: ILineageNode;
  LineageEdge?: ILineageEdge;
  Lineage?: ILineage;
  SlicePart?: ISlicePart;
  Slice?: ISlice;
  Known?: IKnown;
  KnownPage?: IKnownPage;
  Note?: INote;
  NotePage?: INotePage;
  NoteRequest?: INoteRequest;
  FindingPage?: IFindingPage;
  Error?: IError;
  Rows?: IRows;
  Compared?: ICompared;
  CellChange?: ICellChange;
  RowChange?: IRowChange;
  RowChanges?: IRowChanges;
  Restore?: IRestore;
  StageCell?: IStageCell;
  Stages?: IStages;
}
/**
 * Content hash of a value.
 */
export interface IFingerprint {
  /**
   * 32 hex digits
   */
  digest: string;
  coverage: 'full' | 'sampled' | 'opaque';
  method: string;
  note: string;
}
/**
 * A name that a run looked up.
 */
export interface IRead {
  name: string;
  fingerprint: IFingerprint | null;
  run_id: string | null;
}
/**
 * A version: what a name held after a run.
 */
export interface IWrite {
  name: string;
  fingerprint: IFingerprint | null;
  how: 'bound' | 'mutated' | 'deleted';
  type_name: string;
  summary: string;
}
/**
 * A file that a run read or wrote.
 */
export interface IFileAccess {
  path: string;
  mode: 'read' | 'write';
  md5: string | null;
  size: number | null;
  mtime_ns: number | null;
  note: string;
}
/**
 * One thing that a cell showed.
 */
export interface IDisplay {
  kind: string;
  digest: string;
  media_types: string[];
  blob: string | null;
  text: string;
}
/**
 * One execution of one cell, without its details.
 */
export interface IRunSummary {
  id: string;
  session_id: string;
  seq: number;
  notebook: string | null;
  cell_id: string;
  source: string;
  started: string;
  ended: string;
  seconds: number;
  status: 'ok' | 'error' | 'interrupted';
  execution_count: number | null;
  error_type: string;
  error_message: string;
  effects: string[];
  /**
   * names read, ambient names last
   */
  reads: string[];
  /**
   * names written, ambient names last
   */
  writes: string[];
  /**
   * number of artifacts made
   */
  artifacts: number;
}
/**
 * One execution of one cell, whole.
 */
export interface IRun {
  id: string;
  session_id: string;
  seq: number;
  notebook: string | null;
  cell_id: string;
  source: string;
  source_key: string;
  started: string;
  ended: string;
  seconds: number;
  status: 'ok' | 'error' | 'interrupted';
  execution_count: number | null;
  error_type: string;
  error_message: string;
  reads: IRead[];
  writes: IWrite[];
  files: IFileAccess[];
  displays: IDisplay[];
  effects: string[];
  tags: string[];
  notes: string[];
  artifacts: IArtifact[];
}
/**
 * A version worth looking at.
 */
export interface IArtifact {
  id: string;
  run_id: string;
  kind: 'data' | 'figure' | 'model' | 'metric' | 'file';
  name: string;
  fingerprint: IFingerprint;
  type_name: string;
  summary: string;
  media_type: string | null;
  /**
   * md5 of the image or preview; fetch it at api/blobs/{md5}
   */
  blob: string | null;
  detail: {
    [k: string]: unknown;
  };
  notebook: string | null;
  cell_id: string;
  /**
   * when the run ended
   */
  made: string;
  /**
   * how many versions of this name and kind the notebook has made
   */
  versions: number;
  /**
   * which of them this is, from 1
   */
  version: number;
}
/**
 * One kernel life.
 */
export interface ISession {
  id: string;
  kernel_id: string | null;
  notebook: string | null;
  user: string;
  host: string;
  started: string;
  ended: string | null;
  python: string;
  platform: string;
  nbcairn: string;
  git_commit: string | null;
  git_dirty: boolean | null;
  cwd: string;
  packages: {
    [k: string]: string;
  };
}
/**
 * One flag from one rule.
 */
export interface IFinding {
  code: string;
  title: string;
  message: string;
  remedy: string;
  severity: 'error' | 'warning' | 'info';
  names: string[];
  because: {
    [k: string]: unknown;
  };
}
/**
 * What the replay says of one cell.
 */
export interface ICellVerdict {
  cell_id: string;
  index: number;
  verdict: 'fresh' | 'stale' | 'unknown' | 'never-run';
  findings: IFinding[];
  run_id: string | null;
}
/**
 * What Restart & Run All would do now.
 */
export interface ICheck {
  document: string | null;
  trail: string | null;
  cells: ICellVerdict[];
  findings: IFinding[];
  /**
   * number of cells by verdict
   */
  summary: {
    [k: string]: number;
  };
  /**
   * the last real run, if there was one
   */
  verified?: ILastVerified | null;
  plan: IPlan;
}
/**
 * What came of the last `nbcairn verify` of a notebook.
 */
export interface ILastVerified {
  /**
   * ISO 8601, UTC
   */
  made: string;
  /**
   * whether every cell that could be compared was the same
   */
  same: boolean;
  /**
   * number of cells by outcome: same, different, not-run, nothing-to-compare
   */
  counts: {
    [k: string]: number;
  };
  /**
   * whether the notebook was edited since
   */
  edited: boolean;
}
/**
 * The cells to run, in order, so that every cell is fresh, and what no run makes fresh.
 */
export interface IPlan {
  /**
   * the kernel holds something that stands in the way: restart it first
   */
  restart: boolean;
  /**
   * cell ids, in order
   */
  run: string[];
  obstacles: IObstacle[];
}
/**
 * A cell that no re-run makes fresh.
 */
export interface IObstacle {
  cell_id: string;
  index: number;
  why: string;
  /**
   * which edit would help
   */
  edit: string;
}
/**
 * A cell as it stands in the editor.
 */
export interface ICheckCell {
  id: string;
  source: string;
  kind?: 'code' | 'markdown' | 'raw';
  executed?: boolean;
  tags?: string[];
}
/**
 * The document to check, saved or not.
 */
export interface ICheckRequest {
  /**
   * server path of the notebook
   */
  path: string;
  /**
   * its kernel, so that a renamed notebook keeps its trail
   */
  kernel_id?: string | null;
  cells: ICheckCell[];
  /**
   * id of a cell: the plan is then for this cell alone, with what it needs
   */
  target?: string | null;
}
/**
 * Whether there is a trail for this path, and what it holds.
 */
export interface IStatus {
  /**
   * version of this description; a client compares it with its own
   */
  contract: number;
  nbcairn: string;
  /**
   * the .cairn folder, null when there is none yet
   */
  trail: string | null;
  runs: number;
  sessions: number;
  artifacts: number;
  /**
   * id of the newest run
   */
  last_run: string | null;
  /**
   * runs of all notebooks in the trail, also of those that were taken in from others
   */
  all_runs: number;
  /**
   * grows whenever something is told of an artifact after its run: statistics, a preview, scores
   */
  told: number;
  /**
   * a session of this notebook has begun and not ended
   */
  recording: boolean;
  message: string;
}
/**
 * Runs, newest first.
 */
export interface IRunPage {
  items: IRunSummary[];
  total: number;
  /**
   * cursor: pass it as before=
   */
  next: string | null;
}
/**
 * Artifacts, newest first.
 */
export interface IArtifactPage {
  items: IArtifact[];
  total: number;
  /**
   * offset of the next page
   */
  next: number | null;
}
/**
 * A notebook, a person or a tag, and how many artifacts it has.
 */
export interface IChoice {
  name: string;
  artifacts: number;
}
/**
 * A session that made artifacts.
 */
export interface ISessionChoice {
  id: string;
  notebook: string | null;
  user: string;
  host: string;
  started: string;
  artifacts: number;
}
/**
 * By what the artifacts of the project can be filtered.
 */
export interface IFilters {
  notebooks: IChoice[];
  people: IChoice[];
  /**
   * newest first, at most 200
   */
  sessions: ISessionChoice[];
  tags: IChoice[];
}
/**
 * A run or an artifact.
 */
export interface ILineageNode {
  id: string;
  kind: 'run' | 'artifact' | 'file' | 'value';
  label: string;
  run_id: string | null;
  cell_id: string | null;
  artifact_id: string | null;
  seq: number;
  at: string;
  focus: boolean;
}
/**
 * Data went from source to target.
 */
export interface ILineageEdge {
  source: string;
  target: string;
  names: string[];
}
/**
 * Ancestors and descendants, or the whole notebook.
 */
export interface ILineage {
  nodes: ILineageNode[];
  edges: ILineageEdge[];
  truncated: boolean;
}
/**
 * What a slice takes of one run.
 */
export interface ISlicePart {
  run_id: string;
  cell_id: string;
  notebook: string | null;
  execution_count: number | null;
  source: string;
  /**
   * false when the slice leaves some statements of the cell out
   */
  whole: boolean;
}
/**
 * The code that made an artifact, in the order in which it ran.
 */
export interface ISlice {
  parts: ISlicePart[];
  lines: number;
  /**
   * files from outside, with the content they had
   */
  inputs: IFileAccess[];
  /**
   * names that the code needs and no recorded run made
   */
  missing: string[];
}
/**
 * A content that a run read or made, and the first of one person's sessions that has it, too. Compared by hash, so the names may differ.
 */
export interface IKnown {
  /**
   * variable, title of the figure, or path, here
   */
  name: string;
  /**
   * the run here
   */
  run_id: string;
  /**
   * its cell
   */
  cell_id: string;
  /**
   * it was only read here, not made
   */
  read: boolean;
  /**
   * who has it
   */
  user: string;
  /**
   * on which machine
   */
  host: string;
  /**
   * it is the same person, in another notebook
   */
  own: boolean;
  /**
   * start of the run there
   */
  since: string;
  /**
   * its notebook
   */
  notebook: string | null;
  /**
   * name, title or path there
   */
  elsewhere: string;
  /**
   * it was only read there
   */
  was_read: boolean;
  /**
   * the run there
   */
  other_run_id: string;
  /**
   * its session
   */
  session_id: string;
  /**
   * the artifact there, if it is one
   */
  artifact_id: string | null;
  /**
   * in how many sessions that person had it
   */
  times: number;
  /**
   * all this in one sentence
   */
  told: string;
}
/**
 * Other people first, then the same person in other notebooks.
 */
export interface IKnownPage {
  items: IKnown[];
}
/**
 * What somebody wrote about a run, an artifact or a session.
 */
export interface INote {
  id: string;
  subject: string;
  author: string;
  made: string;
  text: string;
}
/**
 * Notes, oldest first.
 */
export interface INotePage {
  items: INote[];
}
/**
 * A note to be written.
 */
export interface INoteRequest {
  /**
   * server path of the notebook
   */
  path: string;
  /**
   * id of a run, an artifact or a session
   */
  subject: string;
  text: string;
}
/**
 * What the findings with one code mean, and what to do about them.
 */
export interface IFindingPage {
  code: string;
  title: string;
  /**
   * Markdown
   */
  text: string;
}
/**
 * Every answer that is not 2xx.
 */
export interface IError {
  ok: false;
  status: number;
  /**
   * name of the exception class
   */
  type: string;
  /**
   * the fact
   */
  message: string;
  remedy: string;
}
/**
 * Rows of a table as text.
 */
export interface IRows {
  /**
   * names of the columns
   */
  columns: string[];
  /**
   * their types
   */
  dtypes: string[];
  /**
   * what stands before each row; empty where there is no index
   */
  labels: string[];
  rows: string[][];
  /**
   * place of the first of these rows, from 0
   */
  offset: number;
  /**
   * rows that can be asked for
   */
  available: number;
  /**
   * rows of the value, where that is known
   */
  total: number | null;
  /**
   * what is missing and why; empty when nothing is
   */
  note: string;
}
/**
 * How much of a version was compared.
 */
export interface ICompared {
  /**
   * rows
   */
  compared: number;
  /**
   * rows of the value, where that is known
   */
  total: number | null;
}
/**
 * One cell of a row that changed.
 */
export interface ICellChange {
  column: string;
  before: string;
  after: string;
}
/**
 * One row that differs.
 */
export interface IRowChange {
  change: 'changed' | 'added' | 'removed';
  /**
   * what names the row
   */
  key: string[];
  /**
   * for a changed row, the cells that differ
   */
  cells: ICellChange[];
}
/**
 * What differs between the rows of two versions.
 */
export interface IRowChanges {
  /**
   * how rows were matched; `nothing` where no key names every row once
   */
  matched: 'column' | 'index' | 'nothing';
  /**
   * the columns of the key; empty for the index
   */
  key: string[];
  /**
   * keys that can be chosen
   */
  keys: string[][];
  before: ICompared;
  after: ICompared;
  /**
   * false when rows of a preview were compared, whose numbers have six digits
   */
  exact: boolean;
  /**
   * rows without a difference
   */
  same: number;
  /**
   * rows with a difference
   */
  changed: number;
  /**
   * rows of the newer version alone; null where not all of the older are known
   */
  added: number | null;
  /**
   * rows of the older version alone; null where not all of the newer are known
   */
  removed: number | null;
  /**
   * the first 200
   */
  rows: IRowChange[];
  /**
   * what is missing and why; empty when nothing is
   */
  note: string;
}
/**
 * A cell that brings a value back.
 */
export interface IRestore {
  /**
   * true when the code loads the kept value; otherwise it is recorded code, to be read before it is run
   */
  kept: boolean;
  /**
   * the variable that holds it; empty for recorded code
   */
  variable: string;
  /**
   * the code of the cell
   */
  source: string;
  /**
   * what it does
   */
  message: string;
}
/**
 * A cell of a pipeline.
 */
export interface IStageCell {
  cell_id: string;
  /**
   * the cell in a few words
   */
  label: string;
  /**
   * stages that its statements are in; empty for what every stage may use
   */
  stages: string[];
  /**
   * the stage that its tag names, or nothing
   */
  tagged: string;
}
/**
 * The stages of a pipeline, and which cells are in them.
 */
export interface IStages {
  /**
   * stages in order
   */
  names: string[];
  /**
   * the names of the usual stages, in their order
   */
  usual: string[];
  /**
   * in the order in which they ran
   */
  cells: IStageCell[];
  /**
   * why the code cannot be divided; empty when it can
   */
  problem: string;
}
