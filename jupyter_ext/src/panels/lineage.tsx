import * as React from 'react';

import { IArtifact, ILineage, ILineageNode } from '../_api';
import { isInFront, useActiveCell } from '../components/active';
import { RowList } from '../components/list';
import { Action, Empty, Failure, Loading, useAnswer } from '../components/parts';
import { kindIcons } from '../components/icons';
import { ILaneEdge, ILanes, layoutLanes, relatives } from '../model/lanes';
import { CommandIDs, ICairn } from '../tokens';
import { ISectionProps } from './section';

const ROW = 24;
const LANE = 10;
const MARGIN = 8;
const STEP = 150;
const MOST = 500;

/** The Lineage section: runs and artifacts in one list, with lines from what made them to what used them. */
export function LineageView({ cairn, version }: ISectionProps): JSX.Element {
  const { trans, model, client } = cairn;
  const [limit, setLimit] = React.useState(STEP);
  const path = model.path;
  const answer = useAnswer<ILineage>(
    signal => (path ? client.lineage(path, { limit }, signal) : Promise.reject(new Error())),
    [path, limit, version]
  );
  if (!path) {
    return <Empty title={trans.__('No notebook in front')} />;
  }
  if (answer.error && !answer.value) {
    return <Failure trans={trans} error={answer.error} onRetry={() => void model.refresh()} />;
  }
  if (!answer.value) {
    return <Loading trans={trans} rows={6} />;
  }
  if (answer.value.nodes.length === 0) {
    return <Empty title={trans.__('No lineage yet')} text={trans.__('It grows as cells use what others made.')} />;
  }
  return (
    <>
      <Lanes cairn={cairn} graph={answer.value} />
      {answer.value.truncated && (
        <div className="nbc-Notice">
          <span>{trans.__('The newest %1 runs and artifacts are shown.', answer.value.nodes.length)}</span>
          {limit < MOST && <Action label={trans.__('Show more')} onClick={() => setLimit(MOST)} />}
        </div>
      )}
    </>
  );
}

function Lanes({ cairn, graph }: { cairn: ICairn; graph: ILineage }): JSX.Element {
  const { trans } = cairn;
  const [selected, setSelected] = React.useState<string | null>(null);
  const [scrollTo, setScrollTo] = React.useState<{ index: number } | null>(null);
  const lanes = React.useMemo(() => layoutLanes(graph), [graph]);
  const nodes = React.useMemo(() => new Map(graph.nodes.map(node => [node.id, node])), [graph]);
  const near = React.useMemo(() => (selected ? relatives(graph, selected) : null), [graph, selected]);
  const width = MARGIN * 2 + (lanes.width - 1) * LANE;
  const isLit = (id: string) => !near || id === selected || near.up.has(id) || near.down.has(id);

  useActiveCell(cairn, cellId => {
    const index = lanes.order.findIndex(id => nodes.get(id)?.cell_id === cellId && nodes.get(id)?.kind === 'run');
    // The notebook leads: what it shows is lit here, but a choice within the same cell stays.
    if (index >= 0 && nodes.get(selected ?? '')?.cell_id !== cellId) {
      setSelected(lanes.order[index]);
      setScrollTo({ index });
    }
  });

  const choose = (node: ILineageNode) => {
    setSelected(node.id === selected ? null : node.id);
    if (node.id !== selected && node.cell_id && isInFront(cairn, node.cell_id)) {
      void cairn.reveal(node.cell_id);
    }
  };
  return (
    <RowList
      count={lanes.order.length}
      rowHeight={ROW}
      label={trans.__('Runs and artifacts, newest first')}
      scrollTo={scrollTo}
      behind={(first, last) => (
        <Lines lanes={lanes} nodes={nodes} width={width} first={first} last={last} isLit={isLit} />
      )}
      renderRow={(index, tabIndex) => {
        const node = nodes.get(lanes.order[index]);
        return (
          node && (
            <NodeRow
              cairn={cairn}
              node={node}
              indent={width}
              isDim={!isLit(node.id)}
              isSelected={node.id === selected}
              tabIndex={tabIndex}
              onChoose={() => choose(node)}
            />
          )
        );
      }}
    />
  );
}

function NodeRow(props: {
  cairn: ICairn;
  node: ILineageNode;
  indent: number;
  isDim: boolean;
  isSelected: boolean;
  tabIndex: number;
  onChoose: () => void;
}): JSX.Element {
  const { cairn, node, isDim, isSelected } = props;
  const artifactId = node.artifact_id;
  const open = () => artifactId && cairn.run(CommandIDs.artifact, { id: artifactId, path: cairn.model.path });
  return (
    <button
      data-row
      className={`nbc-Node${isDim ? ' nbc-mod-dim' : ''}`}
      style={{ paddingLeft: props.indent }}
      tabIndex={props.tabIndex}
      aria-pressed={isSelected}
      title={artifactId ? cairn.trans.__('%1: double-click opens its page', node.label) : node.label}
      onClick={props.onChoose}
      onDoubleClick={open}
    >
      {node.kind === 'run' ? <code>{node.label}</code> : <NodeName node={node} />}
    </button>
  );
}

function NodeName({ node }: { node: ILineageNode }): JSX.Element {
  const kind: IArtifact['kind'] | null = node.kind === 'file' ? 'file' : null;
  const Icon = kind && kindIcons[kind].react;
  return (
    <span className="nbc-Node-name" data-kind={node.kind}>
      {Icon && <Icon tag={null} />}
      {node.label}
    </span>
  );
}

interface ILinesProps {
  lanes: ILanes;
  nodes: ReadonlyMap<string, ILineageNode>;
  width: number;
  first: number;
  last: number;
  isLit: (id: string) => boolean;
}

/** The lines and dots of the rows in view. */
function Lines({ lanes, nodes, width, first, last, isLit }: ILinesProps): JSX.Element {
  const row = (id: string) => lanes.places.get(id)?.row ?? 0;
  const edges = lanes.edges.filter(edge => row(edge.target) <= last && row(edge.source) >= first);
  const lit = (edge: ILaneEdge) => isLit(edge.source) && isLit(edge.target);
  return (
    <svg className="nbc-Lines" width={width} height={lanes.order.length * ROW} aria-hidden="true">
      {[...edges]
        .sort((a, b) => Number(lit(a)) - Number(lit(b)))
        .map(edge => (
          <path
            key={`${edge.source}>${edge.target}`}
            className={lit(edge) ? 'nbc-Line' : 'nbc-Line nbc-mod-dim'}
            d={curve(lanes, edge)}
          />
        ))}
      {lanes.order.slice(first, last + 1).map(id => (
        <Dot key={id} lanes={lanes} id={id} kind={nodes.get(id)?.kind ?? 'run'} isDim={!isLit(id)} />
      ))}
    </svg>
  );
}

function Dot(props: { lanes: ILanes; id: string; kind: string; isDim: boolean }): JSX.Element | null {
  const place = props.lanes.places.get(props.id);
  if (!place) {
    return null;
  }
  const [x, y] = [MARGIN + place.lane * LANE, place.row * ROW + ROW / 2];
  const name = `nbc-Dot${props.isDim ? ' nbc-mod-dim' : ''}`;
  return props.kind === 'run' ? (
    <circle className={name} data-kind="run" cx={x} cy={y} r={3.5} />
  ) : (
    <rect className={name} data-kind={props.kind} x={x - 4} y={y - 4} width={8} height={8} rx={1.5} />
  );
}

/** From the newer node into its lane, down the lane, and into the older node. */
function curve(lanes: ILanes, edge: ILaneEdge): string {
  const from = lanes.places.get(edge.target);
  const to = lanes.places.get(edge.source);
  if (!from || !to) {
    return '';
  }
  const [x0, y0] = [MARGIN + from.lane * LANE, from.row * ROW + ROW / 2];
  const [x1, y1] = [MARGIN + to.lane * LANE, to.row * ROW + ROW / 2];
  const x = MARGIN + edge.lane * LANE;
  const turn = Math.min(ROW / 2, (y1 - y0) / 2);
  return `M${x0},${y0} C${x0},${y0 + turn} ${x},${y0} ${x},${y0 + turn} L${x},${y1 - turn} C${x},${y1} ${x1},${y1 - turn} ${x1},${y1}`;
}
