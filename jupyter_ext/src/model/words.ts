import type { TranslationBundle } from '@jupyterlab/translation';

import { IArtifact, ICheck, ILastVerified } from '../_api';
import { moment } from './format';
import { Verdict } from './verdicts';

/** What a verdict is called. */
export function verdictLabel(verdict: Verdict, trans: TranslationBundle): string {
  const labels: Record<Verdict, string> = {
    fresh: trans.__('fresh'),
    stale: trans.__('stale'),
    unknown: trans.__('unknown'),
    'never-run': trans.__('never run')
  };
  return labels[verdict];
}

/** What happened to a part of a table from one version to another. */
export function changeLabel(change: 'same' | 'changed' | 'added' | 'removed', trans: TranslationBundle): string {
  const labels = {
    same: trans.__('same'),
    changed: trans.__('changed'),
    added: trans.__('new'),
    removed: trans.__('gone')
  };
  return labels[change];
}

/** What a kind of artifact is called, in the plural. */
export function kindLabel(kind: IArtifact['kind'], trans: TranslationBundle): string {
  const labels: Record<IArtifact['kind'], string> = {
    figure: trans.__('Figures'),
    data: trans.__('Data'),
    model: trans.__('Models'),
    metric: trans.__('Metrics'),
    file: trans.__('Files')
  };
  return labels[kind];
}

/** What a fact of a profile is called; the settings of a model keep the names that their library gave them. */
export function factLabel(name: string, trans: TranslationBundle): string {
  const labels: Record<string, string> = {
    bytes: trans.__('in memory'),
    best_score: trans.__('best score'),
    dtype: trans.__('type'),
    engine: trans.__('drawn with'),
    nulls: trans.__('missing'),
    observations: trans.__('rows that it was fitted on'),
    min: trans.__('least'),
    max: trans.__('most'),
    parameters: trans.__('weights'),
    shown: trans.__('shown by a cell'),
    std: trans.__('standard deviation'),
    stored: trans.__('stored values'),
    top: trans.__('most frequent')
  };
  return labels[name] ?? name.replaceAll('_', ' ');
}

/** One line: what Restart & Run All would do now. */
export function headline(check: ICheck, trans: TranslationBundle): string {
  const total = check.cells.length;
  const fresh = check.summary['fresh'] ?? 0;
  const stale = check.summary['stale'] ?? 0;
  if (total === 0) {
    return trans.__('The notebook has no code cells.');
  }
  if (fresh === total) {
    return trans._n(
      'Restart & Run All would show the same.',
      'Restart & Run All would show the same in all %1 cells.',
      total
    );
  }
  if (stale > 0) {
    return trans._n(
      'Restart & Run All would change 1 of %2 cells.',
      'Restart & Run All would change %1 of %2 cells.',
      stale,
      total
    );
  }
  return (check.summary['unknown'] ?? 0) > 0
    ? trans.__('No cell is known to be stale, but not all is known.')
    : trans.__('What has run still holds; not every cell has run.');
}

/** One line: what came of the last `nbcairn verify`. */
export function verifiedLine(verified: ILastVerified, trans: TranslationBundle): string {
  const { counts } = verified;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const compared = total - (counts['nothing-to-compare'] ?? 0);
  const line = trans.__(
    'Run for real %1: %2 of %3 cells were the same',
    moment(verified.made),
    counts['same'] ?? 0,
    compared
  );
  return verified.edited ? trans.__('%1; edited since.', line) : `${line}.`;
}
