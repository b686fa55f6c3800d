import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';

/** Attributes that load what they name, on whatever element; `href` does on all but links. */
const LOADS = new Set(
  'src srcset imagesrcset poster background data lowsrc dynsrc xlink:href action formaction ping classid codebase archive manifest'.split(
    ' '
  )
);
const LINKS = 'a, area';
/** Styles that load, whatever they are called; data within the page is none. */
const STYLES = /(?:url|src|image)\(\s*["']?(?!\s*data:)|image-set\(|cross-fade\(|element\(/i;
/** What is whole by itself. */
const INLINE = /^\s*data:(?:image|audio|video)\//i;
/** A diagram in Markdown, drawn in the page itself, pictures of other hosts and all. */
const DIAGRAM = /^(.*(?:`{3}|~{3}).*?)mermaid/gim;
/** What makes TeX load: MathJax lets a style through that names a picture. */
const TEX_STYLE = /\\style\b/;

/**
 * Renderers for what was recorded. Nothing that they draw asks another host, which would learn that somebody looks, or this
 * server in the reader's name; what is left out is told.
 */
export function quietly(rendermime: IRenderMimeRegistry, trans: TranslationBundle): IRenderMimeRegistry {
  const { sanitizer, markdownParser, latexTypesetter } = rendermime;
  return rendermime.clone({
    sanitizer: {
      sanitize: (html, options) => withoutLoads(sanitizer.sanitize(html, options), trans),
      getAutolink: () => sanitizer.getAutolink?.() ?? true
    },
    markdownParser: markdownParser
      ? { render: source => markdownParser.render(source.replace(DIAGRAM, '$1text')) }
      : undefined,
    latexTypesetter: latexTypesetter
      ? { typeset: node => (TEX_STYLE.test(node.textContent ?? '') ? undefined : latexTypesetter.typeset(node)) }
      : undefined
  });
}

/** Sanitized HTML without whatever would be loaded to show it. */
export function withoutLoads(html: string, trans: TranslationBundle): string {
  // A document that was parsed loads nothing: what is taken out here was never asked for.
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  const silent = new Set<string>();
  for (const node of body.querySelectorAll<HTMLElement>('*')) {
    const address = [...takenFrom(node)][0];
    if (address === undefined) {
      continue;
    }
    const told = lineOf(node.localName, address, trans);
    if (!MEDIA.has(node.localName)) {
      silent.add(told);
      continue;
    }
    const line = document.createElement('span');
    line.className = 'nbc-Unloaded';
    line.textContent = told;
    line.title = node.getAttribute('alt') ?? '';
    node.replaceWith(line);
  }
  return body.innerHTML + [...silent].map(told => `<div class="nbc-Unloaded">${escaped(told)}</div>`).join('');
}

const MEDIA = new Set(['img', 'video', 'audio', 'input', 'embed', 'object', 'image']);

/** Takes from an element what loads, and gives the addresses that it named. */
function* takenFrom(node: HTMLElement): Iterable<string> {
  for (const { name, value } of [...node.attributes]) {
    const isLink = name === 'href' && node.matches(LINKS);
    const isInline = name === 'src' && INLINE.test(value);
    if ((LOADS.has(name) || (name === 'href' && !isLink)) && !isInline) {
      node.removeAttribute(name);
      yield value;
    }
  }
  for (const name of Array.from(node.style ?? [])) {
    const value = node.style.getPropertyValue(name);
    if (name.startsWith('--') || STYLES.test(value)) {
      node.style.removeProperty(name);
      yield /\(\s*["']?([^"')]*)/.exec(value)?.[1] ?? '';
    }
  }
}

function lineOf(element: string, address: string, trans: TranslationBundle): string {
  const host = hostOf(address) || trans.__('this server');
  switch (element) {
    case 'video':
      return trans.__('Video from %1 not loaded', host);
    case 'audio':
      return trans.__('Sound from %1 not loaded', host);
    case 'form':
    case 'button':
    case 'object':
    case 'embed':
      return trans.__('Content from %1 not loaded', host);
    default:
      return trans.__('Picture from %1 not loaded', host);
  }
}

const HERE = 'http://nowhere.invalid';

/** The host of the first address in a list of them; empty where it names none. */
function hostOf(address: string): string {
  try {
    const { host, origin } = new URL(address.trim().split(/[\s,]/)[0], HERE);
    return origin === HERE ? '' : host;
  } catch {
    return '';
  }
}

function escaped(text: string): string {
  const node = document.createElement('div');
  node.textContent = text;
  return node.innerHTML;
}
