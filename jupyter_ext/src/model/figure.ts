import { IArtifact } from '../_api';
import { asNumber, asText, isObject } from './detail';

/** One thing plotted: a line, points, bars. */
export interface ISeries {
  readonly name: string;
  readonly kind: string;
  readonly points: number | null;
  /** What its numbers are: `x` and `df['mass']`. */
  readonly from: readonly (readonly [string, string])[];
}

/** One set of axes, and what it plots. */
export interface IAxes {
  readonly title: string;
  readonly xlabel: string;
  readonly ylabel: string;
  readonly series: readonly ISeries[];
}

/** The names whose numbers a figure shows; where no name holds just these, the data that its cell read. */
export interface IDrawnFrom {
  readonly names: readonly string[];
  readonly isExact: boolean;
}

/** What a figure plots, axes by axes. What a trail holds is not trusted: what is odd is left out. */
export function axesOf(artifact: IArtifact): IAxes[] {
  const { axes } = artifact.detail;
  return Array.isArray(axes) ? axes.filter(isObject).map(asAxes) : [];
}

function asAxes(raw: { [key: string]: unknown }): IAxes {
  const series = Array.isArray(raw['series']) ? raw['series'].filter(isObject) : [];
  return {
    title: asText(raw['title']) ?? '',
    xlabel: asText(raw['xlabel']) ?? '',
    ylabel: asText(raw['ylabel']) ?? '',
    series: series.map(one => ({
      name: asText(one['name']) ?? '',
      kind: asText(one['kind']) ?? '',
      points: asNumber(one['points']),
      from: Object.entries(isObject(one['from']) ? one['from'] : {}).map(([role, part]) => [role, asText(part) ?? ''])
    }))
  };
}

/** From what a figure was drawn. */
export function drawnFromOf(artifact: IArtifact): IDrawnFrom {
  const { drawn_from, drawn_from_how } = artifact.detail;
  const names = Array.isArray(drawn_from) ? drawn_from.flatMap(name => asText(name) ?? []) : [];
  return { names, isExact: drawn_from_how !== 'reads' };
}
