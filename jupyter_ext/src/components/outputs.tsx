import * as React from 'react';

import { IDisplay } from '../_api';
import { Output, outputOf } from '../model/outputs';
import type { PageTools } from '../pages/tools';
import { ICairn } from '../tokens';
import { useAnswer } from './parts';
import { isPicture, Picture } from './picture';

interface IOutputs {
  readonly cairn: ICairn;
  readonly tools: PageTools;
  readonly displays: readonly IDisplay[];
}

/** What a run showed, as far as it was kept: pictures, and the beginning of texts. */
export function Outputs({ cairn, tools, displays }: IOutputs): JSX.Element | null {
  const shown = displays.filter(display => display.kind !== 'error');
  return shown.length === 0 ? null : (
    <div className="nbc-Outputs" role="region" aria-label={cairn.trans.__('What it showed')} tabIndex={0}>
      {shown.map((display, place) => (
        <OneOutput key={place} cairn={cairn} tools={tools} output={outputOf(display, isPicture)} />
      ))}
    </div>
  );
}

function OneOutput(props: { cairn: ICairn; tools: PageTools; output: Output }): JSX.Element {
  const { cairn, tools, output } = props;
  const { trans } = cairn;
  switch (output.kind) {
    case 'picture':
      return (
        <Picture
          cairn={cairn}
          artifact={{ blob: output.blob, name: output.text || trans.__('A picture that the cell showed') }}
          className="nbc-Picture"
        />
      );
    case 'html':
      return <Html cairn={cairn} tools={tools} blob={output.blob} text={output.text} />;
    case 'text':
      return (
        <>
          <Rendered tools={tools} mime={output.mime} text={output.text} />
          {output.isCut && <div className="nbc-Hint">{trans.__('The beginning; more was not kept.')}</div>}
        </>
      );
    case 'lost':
      return (
        <div className="nbc-Hint">
          {trans.__('Shown, but not kept: %1', output.mediaTypes.join(', ') || trans.__('empty output'))}
        </div>
      );
  }
}

/** A table or another piece of HTML, through the sanitizer; its plain text where it is lost. */
function Html(props: { cairn: ICairn; tools: PageTools; blob: string; text: string }): JSX.Element | null {
  const { cairn, tools, blob, text } = props;
  const kept = useAnswer(signal => cairn.client.text(cairn.model.path, blob, signal), [blob]);
  if (kept.error) {
    return <Rendered tools={tools} mime="text/plain" text={text} />;
  }
  return kept.value === undefined ? null : <Rendered tools={tools} mime="text/html" text={kept.value} />;
}

function Rendered({ tools, mime, text }: { tools: PageTools; mime: string; text: string }): JSX.Element {
  const node = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    let isGone = false;
    let remove = () => undefined as void;
    if (node.current) {
      tools.output(mime, text, node.current).then(
        undo => (isGone ? undo() : (remove = undo)),
        error => console.warn('nbcairn: an output stays out.', error)
      );
    }
    return () => {
      isGone = true;
      remove();
    };
  }, [mime, text]);
  return <div ref={node} className="nbc-Output" />;
}
