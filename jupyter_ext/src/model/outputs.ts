import { IDisplay } from '../_api';

/** One thing a run showed, as far as it was kept. */
export type Output =
  | { readonly kind: 'picture'; readonly blob: string; readonly text: string }
  /** Kept as a page would show it; never trusted. */
  | { readonly kind: 'html'; readonly blob: string; readonly text: string }
  | { readonly kind: 'text'; readonly mime: string; readonly text: string; readonly isCut: boolean }
  /** It was shown, but neither picture nor text was kept. */
  | { readonly kind: 'lost'; readonly mediaTypes: readonly string[] };

/** Characters of a text that the recorder keeps; one as long was longer. */
const KEPT = 4000;
/** What a display offers whose HTML is kept. */
const HTML: ReadonlySet<string> = new Set(['text/html', 'text/plain']);
/** What the recorder keeps of a display, best first. */
const TEXTS = ['text/markdown', 'text/latex'];

/** What a display was; `isPicture` says which types of image may be shown. */
export function outputOf(display: IDisplay, isPicture: (mediaType: string) => boolean): Output {
  const { kind, blob, text, media_types: types } = display;
  if (blob !== null && types.some(isPicture)) {
    return { kind: 'picture', blob, text };
  }
  if (blob !== null && types.includes('text/html') && types.every(type => HTML.has(type))) {
    return { kind: 'html', blob, text };
  }
  if (text === '') {
    return { kind: 'lost', mediaTypes: types };
  }
  return { kind: 'text', mime: mimeOf(kind, types), text, isCut: text.length >= KEPT };
}

function mimeOf(kind: string, types: readonly string[]): string {
  switch (kind) {
    case 'stdout':
      return 'application/vnd.jupyter.stdout';
    case 'stderr':
    case 'error':
      return 'application/vnd.jupyter.stderr';
    default:
      return TEXTS.find(type => types.includes(type)) ?? 'text/plain';
  }
}
