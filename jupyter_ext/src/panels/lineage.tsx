import * as React from 'react';

import { ILineage, ILineageNode } from '../_api';
import { ILanes, layoutLanes, relatives } from '../model/lanes';
import { IPanelContext } from './context';
import { Empty, Failure, Loading, useAnswer } from './parts';
import { ISectionProps } from './section';

const ROW = 24;
const LANE = 12;
const MARGIN = 10;

/** The Lineage section: runs and artifacts in one list, with lines from what made them to what used them. */
export function LineageView({ context, version }: ISectionProps): JSX.Element {
  const { trans, model, client } = context;
  const path = model.path;
  const answer = useAnswer(signal => client.lineage(path, { limit: 150 }, signal), [path, version]);
  if (!path) {
    return <Empty title={trans.__('No notebook in front')} />;
  }
  if (answer.error) {
    return <Failure trans={trans} error={answer.error} onRetry={() => void model.refresh()} />;
  }
  if (!answer.value) {
    return <Loading trans={trans} rows={6} />;
  }
  if (answer.value.nodes.length === 0) {
    return <Empty title={trans.__('No lineage yet')} text={trans.__('It grows as cells use what others made.')} />;
  }
  return <Lanes context={context} graph={answer.value} />;
}

function Lanes({ context, graph }: { context: IPanelContext; graph: ILineage }): JSX.Element {
  const { trans } = context;
  const [selected, setSelected] = React.useState<string | null>(null);
  const lanes = React.useMemo(() => layoutLanes(graph), [graph]);
  const near = React.useMemo(() => (selected ? relatives(graph, selected) : null), [graph, selected]);
  const nodes = new Map(graph.nodes.map(node => [node.id, node]));
  const width = MARGIN * 2 + lanes.width * LANE;
  const lit = (id: string) => !near || id === selected || near.up.has(id) || near.down.has(id);
  const choose = (node: ILineageNode) => {
    setSelected(node.id === selected ? null : node.id);
    if (node.cell_id) {
      void context.reveal(node.cell_id);
    }
  };
  return (
    <div className="nbc-Lanes" style={{ height: lanes.order.length * ROW }}>
      <svg className="nbc-Lanes-lines" width={width} height={lanes.order.length * ROW} aria-hidden="true">
        {lanes.edges.map((edge, index) => (
          <path
            key={index}
            className={lit(edge.source) && lit(edge.target) ? 'nbc-Line' : 'nbc-Line nbc-mod-dim'}
            d={curve(lanes, edge.target, edge.source, edge.lane)}
          />
        ))}
        {lanes.order.map(id => (
          <Dot key={id} lanes={lanes} id={id} kind={nodes.get(id)?.kind ?? 'run'} dim={!lit(id)} />
        ))}
      </svg>
      <ul className="nbc-List nbc-Lanes-rows" aria-label={trans.__('Runs and artifacts, newest first')}>
        {lanes.order.map(id => {
          const node = nodes.get(id);
          return node ? (
            <li key={id} style={{ height: ROW, paddingLeft: width }} className={lit(id) ? '' : 'nbc-mod-dim'}>
              <button
                className="nbc-Lanes-row"
                aria-pressed={id === selected}
                title={node.label}
                onClick={() => choose(node)}
              >
                {node.kind === 'run' ? <code>{node.label}</code> : <span data-kind={node.kind}>{node.label}</span>}
              </button>
            </li>
          ) : null;
        })}
      </ul>
      {graph.truncated && <div className="nbc-Hint">{trans.__('Only the newest runs and artifacts are shown.')}</div>}
    </div>
  );
}

function Dot(props: { lanes: ILanes; id: string; kind: string; dim: boolean }): JSX.Element | null {
  const place = props.lanes.places.get(props.id);
  if (!place) {
    return null;
  }
  const [x, y] = [MARGIN + place.lane * LANE, place.row * ROW + ROW / 2];
  const name = `nbc-Dot${props.dim ? ' nbc-mod-dim' : ''}`;
  return props.kind === 'run' ? (
    <circle className={name} data-kind="run" cx={x} cy={y} r={3.5} />
  ) : (
    <rect className={name} data-kind={props.kind} x={x - 4} y={y - 4} width={8} height={8} rx={1.5} />
  );
}

/** From the newer node into its lane, down the lane, and into the older node. */
function curve(lanes: ILanes, newer: string, older: string, lane: number): string {
  const from = lanes.places.get(newer);
  const to = lanes.places.get(older);
  if (!from || !to) {
    return '';
  }
  const [x0, y0] = [MARGIN + from.lane * LANE, from.row * ROW + ROW / 2];
  const [x1, y1] = [MARGIN + to.lane * LANE, to.row * ROW + ROW / 2];
  const x = MARGIN + lane * LANE;
  const turn = Math.min(ROW / 2, (y1 - y0) / 2);
  return `M${x0},${y0} C${x0},${y0 + turn} ${x},${y0} ${x},${y0 + turn} L${x},${y1 - turn} C${x},${y1} ${x1},${y1 - turn} ${x1},${y1}`;
}
