import * as React from 'react';

import { PageTools } from '../pages/tools';

/** Code with the colours of the editor. */
export function Source(props: { tools: PageTools; source: string; label: string }): JSX.Element {
  const { tools, source } = props;
  const node = useFilled<HTMLPreElement>(element => tools.code(source, element), [source]);
  return <pre ref={node} className="nbc-Code" tabIndex={0} aria-label={props.label} />;
}

/** Prose that was written as Markdown. */
export function Prose(props: { tools: PageTools; text: string }): JSX.Element {
  const { tools, text } = props;
  const node = useFilled<HTMLDivElement>(element => tools.markdown(text, element), [text]);
  return <div ref={node} className="nbc-Prose jp-RenderedHTMLCommon" />;
}

function useFilled<T extends HTMLElement>(
  fill: (node: T) => Promise<void>,
  deps: React.DependencyList
): React.RefObject<T> {
  const node = React.useRef<T>(null);
  React.useEffect(() => {
    if (node.current) {
      fill(node.current).catch(error => console.warn('nbcairn: a text stays plain.', error));
    }
  }, deps);
  return node;
}
