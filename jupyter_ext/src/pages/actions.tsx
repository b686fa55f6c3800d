import * as React from 'react';

import { IArtifact, ISlice } from '../_api';
import { isInFront } from '../components/active';
import { isKept } from '../model/detail';
import { CommandIDs, ICairn } from '../tokens';
import { OF_ARTIFACT, OF_NOTEBOOK } from './formats';
import { IDENTIFIER, PageTools } from './tools';

export interface IActionsProps {
  readonly cairn: ICairn;
  readonly tools: PageTools;
  readonly path: string;
  readonly artifact: IArtifact;
  readonly slice: ISlice | undefined;
}

/** What can be done with an artifact. */
export function Actions(props: IActionsProps): JSX.Element {
  const { cairn, tools, path, artifact, slice } = props;
  const { trans } = cairn;
  const isHere = isInFront(cairn, artifact.cell_id);
  const sources = slice?.parts.map(part => part.source) ?? [];
  return (
    <>
      <div className="nbc-Page-actions" role="toolbar" aria-label={trans.__('Actions')}>
        <Button
          label={trans.__('Show cell')}
          reason={isHere ? '' : trans.__('Its cell is not in the notebook in front')}
          onClick={() => void cairn.reveal(artifact.cell_id)}
        />
        <Button
          label={trans.__('Copy code')}
          reason={slice ? '' : trans.__('The code is not known yet')}
          onClick={() => cairn.copy(sources.join('\n\n'))}
        />
        <Button
          label={trans.__('Insert code as cells')}
          reason={!slice ? trans.__('The code is not known yet') : cairn.source() ? '' : noNotebook(cairn)}
          onClick={() => cairn.source()?.insert(...sources)}
        />
        {isKept(artifact) && (
          <Button
            label={trans.__('Restore into the kernel…')}
            reason={cairn.source() ? '' : noNotebook(cairn)}
            onClick={() => void restore(cairn, tools, path, artifact)}
          />
        )}
        <Button
          label={trans.__('Show as graph')}
          onClick={() => cairn.run(CommandIDs.graph, { path, artifact: artifact.id })}
        />
        <Button
          label={trans.__('Export')}
          hasMenu
          onClick={event => tools.menu(exportMenu(path, artifact.id), event.currentTarget)}
        />
      </div>
      {!isKept(artifact) && artifact.kind !== 'figure' && artifact.kind !== 'file' && (
        <p className="nbc-Hint">
          {trans.__(
            'The trail does not hold the value itself, so it cannot be restored into the kernel; its code makes it again.'
          )}
        </p>
      )}
    </>
  );
}

function noNotebook(cairn: ICairn): string {
  return cairn.trans.__('No notebook is open');
}

function exportMenu(path: string, artifact: string) {
  const item = (format: string) => ({ command: CommandIDs.exportAs, args: { path, artifact, format } });
  return [...OF_ARTIFACT.map(item), {}, ...OF_NOTEBOOK.map(item)];
}

/** A button that can say why it is off. */
function Button(props: {
  label: string;
  reason?: string;
  hasMenu?: boolean;
  onClick: (event: React.MouseEvent<HTMLButtonElement>) => void;
}): JSX.Element {
  return (
    <button
      className="jp-mod-styled"
      disabled={!!props.reason}
      title={props.reason}
      aria-haspopup={props.hasMenu ? 'menu' : undefined}
      onClick={props.onClick}
    >
      {props.label}
      {props.hasMenu && <span aria-hidden="true"> ▾</span>}
    </button>
  );
}

/**
 * Load a kept value into the kernel, by a cell of the notebook that says so. The cell holds no code of the trail: it loads
 * data in an open format by the artifact's id.
 */
async function restore(cairn: ICairn, tools: PageTools, path: string, artifact: IArtifact): Promise<void> {
  const { client, trans } = cairn;
  try {
    const first = await client.restore(path, artifact.id);
    const variable = await tools.ask(
      trans.__('Restore %1 into the Kernel', artifact.name),
      trans.__('Variable (one of this name is replaced):'),
      first.variable,
      trans.__('Restore'),
      IDENTIFIER
    );
    if (!variable) {
      return;
    }
    const found = await client.restore(path, artifact.id, variable);
    const source = cairn.source();
    if (!found.kept || !source) {
      cairn.tell(trans.__('The value is no longer in the trail.'), 'warning');
      return;
    }
    const ended = await source.insertAndRun(found.source);
    if (source.kernelId === null) {
      cairn.tell(trans.__('No kernel is running: the cell that restores it was inserted, and not run.'), 'warning');
    } else if (!ended) {
      cairn.tell(trans.__('The cell that restores it did not end well; what it says is below it.'), 'warning');
    }
  } catch (error) {
    cairn.tell(error instanceof Error ? error.message : String(error), 'error');
  }
}
