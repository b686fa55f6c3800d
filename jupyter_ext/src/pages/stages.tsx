import * as React from 'react';

import { IArtifact, IStageCell, IStages } from '../_api';
import { isInFront } from '../components/active';
import { Action, Empty, Loading, useAnswer } from '../components/parts';
import { ICairn } from '../tokens';
import { IDENTIFIER, PageTools } from './tools';

interface IStagesProps {
  readonly cairn: ICairn;
  readonly tools: PageTools;
  readonly path: string;
  readonly artifact: IArtifact;
}

/** The stages of the pipeline to an artifact, which a person can name and regroup; asked for when it is opened. */
export function StagesSection(props: IStagesProps): JSX.Element {
  const [isOpen, setOpen] = React.useState(false);
  const { trans } = props.cairn;
  return (
    <section aria-label={trans.__('Pipeline')}>
      <details className="nbc-Why" onToggle={event => setOpen(event.currentTarget.open)}>
        <summary>{trans.__('Stages of its pipeline')}</summary>
        {isOpen && <Opened {...props} />}
      </details>
    </section>
  );
}

function Opened({ cairn, tools, path, artifact }: IStagesProps): JSX.Element {
  const { client, trans } = cairn;
  const [edits, setEdits] = React.useState(0);
  const source = cairn.source();
  const stages = useAnswer(
    signal => client.stages({ path, kernel_id: null, cells: source?.cells() ?? [] }, artifact.id, signal),
    [path, artifact.id, edits]
  );
  if (stages.error) {
    return <Empty title={trans.__('The stages could not be found out')} text={stages.error.message} />;
  }
  if (!stages.value) {
    return <Loading trans={trans} rows={3} />;
  }
  if (stages.value.problem) {
    return <p>{stages.value.problem}</p>;
  }
  const tag = (cells: readonly IStageCell[], name: string) => {
    cells.forEach(cell => source?.setStage(cell.cell_id, name));
    setEdits(edits + 1);
  };
  return (
    <>
      <p className="nbc-Hint">
        {trans.__(
          'Cells that an exported pipeline runs together. Naming the stage of a cell writes a tag (stage:NAME) into the notebook; undo takes it back.'
        )}
      </p>
      {stages.value.names.map(name => (
        <Stage key={name} cairn={cairn} tools={tools} stages={stages.value as IStages} name={name} onTag={tag} />
      ))}
      <Shared cairn={cairn} cells={stages.value.cells.filter(cell => cell.stages.length === 0)} />
    </>
  );
}

function Stage(props: {
  cairn: ICairn;
  tools: PageTools;
  stages: IStages;
  name: string;
  onTag: (cells: readonly IStageCell[], name: string) => void;
}): JSX.Element {
  const { cairn, tools, stages, name, onTag } = props;
  const { trans } = cairn;
  const cells = stages.cells.filter(cell => cell.stages.includes(name));
  const rename = async () => {
    const wanted = await tools.ask(
      trans.__('Rename the Stage %1', name),
      trans.__('Name (letters, digits and underscores):'),
      name,
      trans.__('Rename'),
      IDENTIFIER
    );
    if (wanted && wanted !== name) {
      onTag(cells, wanted);
    }
  };
  return (
    <div className="nbc-Stage" role="group" aria-label={trans.__('Stage %1', name)}>
      <div className="nbc-Stage-head">
        <code>{name}</code>
        {cells.some(cell => isInFront(cairn, cell.cell_id)) && (
          <Action label={trans.__('Rename…')} onClick={() => void rename()} />
        )}
      </div>
      <ul className="nbc-List">
        {cells.map(cell => (
          <StageRow key={cell.cell_id} cairn={cairn} stages={stages} cell={cell} onTag={onTag} />
        ))}
      </ul>
    </div>
  );
}

function StageRow(props: {
  cairn: ICairn;
  stages: IStages;
  cell: IStageCell;
  onTag: (cells: readonly IStageCell[], name: string) => void;
}): JSX.Element {
  const { cairn, stages, cell, onTag } = props;
  const { trans } = cairn;
  const list = React.useId();
  const [text, setText] = React.useState(cell.tagged);
  React.useEffect(() => setText(cell.tagged), [cell.tagged]);
  const isValid = text === '' || new RegExp(`^${IDENTIFIER}$`).test(text);
  const keep = () => {
    if (isValid && text !== cell.tagged) {
      onTag([cell], text);
    }
  };
  if (!isInFront(cairn, cell.cell_id)) {
    return (
      <li className="nbc-Stage-cell">
        <code>{cell.label}</code>
        <span className="nbc-Hint">{trans.__('not in the notebook in front')}</span>
      </li>
    );
  }
  return (
    <li className="nbc-Stage-cell">
      <button className="nbc-Action" title={trans.__('Show cell')} onClick={() => void cairn.reveal(cell.cell_id)}>
        <code>{cell.label}</code>
      </button>
      <input
        className="nbc-Search"
        list={list}
        value={text}
        placeholder={cell.stages.join(', ')}
        aria-label={trans.__('Stage of the cell %1; empty for the one it looks like', cell.label)}
        aria-invalid={!isValid}
        title={isValid ? '' : trans.__('Letters, digits and underscores')}
        onChange={event => setText(event.target.value)}
        onBlur={keep}
        onKeyDown={event => event.key === 'Enter' && keep()}
      />
      <datalist id={list}>
        {[...new Set([...stages.usual, ...stages.names])].map(name => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </li>
  );
}

function Shared({ cairn, cells }: { cairn: ICairn; cells: readonly IStageCell[] }): JSX.Element | null {
  return cells.length === 0 ? null : (
    <div className="nbc-Stage">
      <div className="nbc-Stage-head">{cairn.trans.__('Used by every stage')}</div>
      <ul className="nbc-List">
        {cells.map(cell => (
          <li key={cell.cell_id} className="nbc-Stage-cell">
            <code>{cell.label}</code>
          </li>
        ))}
      </ul>
    </div>
  );
}
