import type { TranslationBundle } from '@jupyterlab/translation';

/** Whether the kernel of a notebook records, as far as the kernel was asked. */
export type Recording =
  /** Not asked yet, or it has no time to answer. */
  | { readonly kind: 'unasked' }
  | { readonly kind: 'yes' }
  | { readonly kind: 'no' }
  | { readonly kind: 'no-kernel' }
  | { readonly kind: 'other-language'; readonly language: string }
  /** nbcairn is not installed for the Python that runs the kernel. */
  | { readonly kind: 'missing'; readonly python: string };

/** Evaluated in a Python kernel: does it record, could it, and which Python is it. */
export const QUESTION = [
  "'%d %d %s' % ('nbcairn' in get_ipython().extension_manager.loaded,",
  "__import__('importlib.util').util.find_spec('nbcairn') is not None, __import__('sys').executable)"
].join(' ');

/** What the kernel's answer to `QUESTION` means; `unasked` where it is no answer. */
export function recordingOf(answer: string): Recording {
  const [, loaded, installed, python] = /^'([01]) ([01]) (.*)'$/s.exec(answer) ?? [];
  if (loaded === undefined) {
    return { kind: 'unasked' };
  }
  return loaded === '1' ? { kind: 'yes' } : installed === '1' ? { kind: 'no' } : { kind: 'missing', python };
}

/** Why nothing is recorded, and what to do about it; text between backquotes is code. Null where nothing is known. */
export function whyNotRecording(recording: Recording, trans: TranslationBundle): string | null {
  switch (recording.kind) {
    case 'no':
      return trans.__('This kernel is not being recorded.');
    case 'no-kernel':
      return trans.__('No kernel is running, so nothing is being recorded.');
    case 'other-language':
      return trans.__('This kernel runs %1; Cairn records Python.', recording.language);
    case 'missing':
      return trans.__(
        'nbcairn is not installed where this kernel runs (`%1`). Run `%pip install nbcairn` in a cell, then start recording.',
        recording.python
      );
    default:
      return null;
  }
}

/** True where a press of “Start recording” can help. */
export function canRecord(recording: Recording): boolean {
  return recording.kind === 'no' || recording.kind === 'missing' || recording.kind === 'unasked';
}
