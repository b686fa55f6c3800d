import { IArtifact } from '../_api';

/** How often values fall between edges; one more edge than counts. */
export interface IHistogram {
  readonly counts: readonly number[];
  readonly edges: readonly number[];
}

/** What the profile says of one column, as far as it says anything. */
export interface IColumn {
  readonly name: string;
  readonly dtype: string;
  readonly nulls: number | null;
  readonly distinct: number | null;
  readonly min: string | null;
  readonly max: string | null;
  readonly mean: number | null;
  readonly std: number | null;
  readonly quartiles: readonly number[];
  readonly top: readonly (readonly [string, number])[];
  readonly histogram: IHistogram | null;
}

/** The first rows as text, with what stands before each row. */
export interface IPreview {
  readonly header: readonly string[];
  readonly index: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

type Json = { [key: string]: unknown };

/** The columns of a frame, a series or an array. What a trail holds is not trusted: what is odd is left out. */
export function columnsOf(artifact: IArtifact): IColumn[] {
  const { columns } = artifact.detail;
  return Array.isArray(columns) ? columns.filter(isObject).map(asColumn) : [];
}

function asColumn(raw: Json): IColumn {
  return {
    name: asText(raw['name']) ?? '',
    dtype: asText(raw['dtype']) ?? '',
    nulls: asNumber(raw['nulls']),
    distinct: asNumber(raw['distinct']),
    min: asText(raw['min']),
    max: asText(raw['max']),
    mean: asNumber(raw['mean']),
    std: asNumber(raw['std']),
    quartiles: asNumbers(raw['quartiles']),
    top: asTop(raw['top']),
    histogram: asHistogram(raw['histogram'])
  };
}

/** The preview of what has rows, or null. */
export function previewOf(artifact: IArtifact): IPreview | null {
  const { preview, index } = artifact.detail;
  if (!Array.isArray(preview) || preview.length === 0) {
    return null;
  }
  const rows = preview.map(row => (Array.isArray(row) ? row : [row]).map(cell => asText(cell) ?? ''));
  const width = Math.max(...rows.map(row => row.length));
  const names = columnsOf(artifact).map(column => column.name);
  return {
    header: Array.from({ length: width }, (_, column) => names[column] ?? ''),
    index: Array.isArray(index) ? index.map(cell => asText(cell) ?? '') : [],
    rows
  };
}

/** The plain facts of the profile, by its keys, as text. */
export function factsOf(artifact: IArtifact): [string, string][] {
  return plain(artifact.detail)
    .filter(([name]) => !HIDDEN.has(name))
    .map(([name, value]) => [
      name,
      name === 'bytes' && typeof value === 'number' ? bytes(value) : (asText(value) ?? '')
    ]);
}

/** The settings of a model, as text. */
export function settingsOf(artifact: IArtifact): [string, string][] {
  const { params } = artifact.detail;
  return isObject(params) ? plain(params).map(([name, value]) => [name, asText(value) ?? '']) : [];
}

function plain(values: Json): [string, unknown][] {
  return Object.entries(values).filter(([, value]) => value !== null && typeof value !== 'object');
}

/** The scores that the cell computed beside a model, as text; those that are plain numbers. */
export function scoresOf(artifact: IArtifact): string[] {
  const { scores } = artifact.detail;
  return Object.entries(isObject(scores) ? scores : {}).flatMap(([name, value]) => {
    const number = asNumber(value);
    return number === null ? [] : [`${name} ${figure(number)}`];
  });
}

/** Shown elsewhere on the page, or of use to programs alone. */
const HIDDEN = new Set([
  'number',
  'title',
  'columns',
  'preview',
  'index',
  'tracked',
  'plotted',
  'drawn_from_how',
  'svg'
]);

/** One part of a train/test split. */
export interface IPart {
  readonly name: string;
  readonly rows: number | null;
  readonly share: number | null;
  /** Labels and their shares of the part, the most frequent first. */
  readonly classes: readonly (readonly [string, number])[];
}

/** Rows of one part that are in another one, too. */
export interface ISharedRows {
  readonly in: string;
  readonly of: string;
  readonly rows: number;
}

/** A split with its parts, training data first. */
export interface ISplit {
  readonly parts: readonly IPart[];
  readonly shared: readonly ISharedRows[];
}

/** The split that the data is a part of, or null. */
export function splitOf(artifact: IArtifact): ISplit | null {
  const { split } = artifact.detail;
  if (!isObject(split) || !isObject(split['parts'])) {
    return null;
  }
  const parts = Object.entries(split['parts']).map(([name, raw]): IPart => {
    const part = isObject(raw) ? raw : {};
    return { name, rows: asNumber(part['rows']), share: asNumber(part['share']), classes: asTop(part['classes']) };
  });
  const shared = Array.isArray(split['shared']) ? split['shared'].filter(isObject) : [];
  return {
    parts,
    shared: shared.map(raw => ({
      in: asText(raw['in']) ?? '',
      of: asText(raw['of']) ?? '',
      rows: asNumber(raw['rows']) ?? 0
    }))
  };
}

/** The scores of a model, those within a report under both names. */
export function namedScoresOf(artifact: IArtifact): [string, number][] {
  const { scores } = artifact.detail;
  return isObject(scores) ? Object.entries(scores).flatMap(([name, value]) => flat(name, value)) : [];
}

function flat(name: string, value: unknown): [string, number][] {
  if (isObject(value)) {
    return Object.entries(value).flatMap(([inner, part]) => flat(`${name} ${inner}`, part));
  }
  const number = asNumber(value);
  return number === null ? [] : [[name, number]];
}

/** What a model was trained on: names, and the fingerprints that they had. */
export function trainingOf(artifact: IArtifact): { name: string; digest: string }[] {
  const { trained_on } = artifact.detail;
  const read = Array.isArray(trained_on) ? trained_on.filter(isObject) : [];
  return read.map(raw => ({ name: asText(raw['name']) ?? '', digest: asText(raw['digest']) ?? '' }));
}

/** True when the trail holds the value itself, so that it can be loaded again. */
export function isKept(artifact: IArtifact): boolean {
  const { kept } = artifact.detail;
  return isObject(kept) && typeof kept['blob'] === 'string';
}

/** A size for people. */
export function bytes(size: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let scaled = size;
  let unit = 0;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  return `${unit === 0 || scaled >= 99.5 ? Math.round(scaled) : scaled.toPrecision(2)} ${units[unit]}`;
}

/** A number with four significant digits; text as it is. */
export function figure(value: number | string | null): string {
  if (value === null) {
    return '';
  }
  const number = typeof value === 'number' ? value : value.trim() === '' ? NaN : Number(value);
  if (!Number.isFinite(number)) {
    return String(value);
  }
  return Number.isInteger(number) && Math.abs(number) < 1e15 ? String(number) : String(Number(number.toPrecision(4)));
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asText(value: unknown): string | null {
  if (typeof value === 'string') {
    return value;
  }
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

export function asNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function asNumbers(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((part): part is number => asNumber(part) !== null) : [];
}

function asTop(value: unknown): [string, number][] {
  const pairs = Array.isArray(value) ? value.filter(pair => Array.isArray(pair) && pair.length === 2) : [];
  return pairs.map(([text, count]) => [asText(text) ?? '', asNumber(count) ?? 0]);
}

function asHistogram(value: unknown): IHistogram | null {
  if (!isObject(value) || !Array.isArray(value['counts']) || !Array.isArray(value['edges'])) {
    return null;
  }
  const counts = value['counts'].map(count => asNumber(count) ?? 0);
  const edges = value['edges'].map(edge => asNumber(edge) ?? 0);
  return edges.length === counts.length + 1 ? { counts, edges } : null;
}
