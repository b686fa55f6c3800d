import { TranslationBundle } from '@jupyterlab/translation';

/** Formats of one artifact, and of the whole notebook, by the names of the server. */
export const OF_ARTIFACT = ['script', 'notebook', 'pipeline'] as const;
export const OF_NOTEBOOK = ['html', 'ro-crate', 'bundle', 'prov', 'openlineage', 'mermaid', 'record'] as const;

export type Format = (typeof OF_ARTIFACT | typeof OF_NOTEBOOK)[number];

/** What a menu says of a format. */
export function formatLabel(format: string, trans: TranslationBundle): string {
  const labels: Record<Format, string> = {
    script: trans.__('Its Code as a Script'),
    notebook: trans.__('Its Code as a Notebook'),
    pipeline: trans.__('Its Pipeline as a DVC Project'),
    html: trans.__('This Notebook as a Web Page'),
    'ro-crate': trans.__('This Notebook as an RO-Crate'),
    bundle: trans.__('This Notebook as a Bundle for nbcairn import'),
    prov: trans.__('This Notebook as W3C PROV'),
    openlineage: trans.__('This Notebook as OpenLineage Events'),
    mermaid: trans.__('This Notebook as a Mermaid Chart'),
    record: trans.__('This Notebook as JSON')
  };
  return isFormat(format, labels) ? labels[format] : trans.__('Export What Was Recorded');
}

function isFormat(format: string, labels: Record<Format, string>): format is Format {
  return Object.hasOwn(labels, format);
}
