import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { ILineage, ILineageNode } from '../_api';
import { isInFront, useActiveCell } from '../components/active';
import { Action, Empty, Failure, Loading, useAnswer } from '../components/parts';
import { lineOf, relatives } from '../model/lanes';
import { fold, IFolded } from '../model/fold';
import { Direction, IBox, ILayered, ILine, layoutLayers, neighbour } from '../model/layered';
import { CommandIDs, ICairn } from '../tokens';
import type { IPageProps } from './page';

/** Nodes that are drawn at first: more of them take long to place and nobody finds the way through. */
const MOST = 150;
/** Nodes that are asked for; those that are not drawn can be opened. */
const ASKED = 600;
const HEIGHT = 30;
const LETTERS = 30;

/** What something was made from and what was made of it, as a graph, and as a list that says the same. */
export function GraphView(props: IPageProps & { path: string; artifact: string }): JSX.Element {
  const { cairn, path } = props;
  const { client, trans } = cairn;
  const [tries, setTries] = React.useState(0);
  const [opened, setOpened] = React.useState<readonly string[]>([]);
  const [isWhole, setWhole] = React.useState(false);
  const whole = useAnswer(
    signal => client.lineage(path, { artifact: props.artifact, limit: ASKED }, signal),
    [path, props.artifact, tries]
  );
  const focus = whole.value?.nodes.find(node => node.focus);
  const answer = useAnswer(async () => {
    if (!whole.value || !focus) {
      return null;
    }
    const line = lineOf(whole.value, focus.id);
    const wanted = isWhole ? whole.value : line;
    const folded = fold(wanted, focus.id, MOST, opened, count => trans.__('+ %1 more', count));
    const aside = whole.value.nodes.length - line.nodes.length;
    return { ...folded, aside, layered: await layoutLayers(folded.graph, sizeOf) };
  }, [whole.value, opened, isWhole]);
  React.useEffect(() => {
    if (focus) {
      props.onTitle(trans.__('Graph of %1', focus.label));
    }
  }, [focus?.id]);
  const error = whole.error ?? answer.error;
  if (error) {
    return <Failure trans={trans} error={error} onRetry={() => setTries(tries + 1)} />;
  }
  if (whole.value && !focus) {
    return <Empty title={trans.__('Nothing is known of how it was made')} />;
  }
  if (!answer.value || !focus) {
    return <Loading trans={trans} rows={8} />;
  }
  const onUnfold = (id: string) => setOpened([...opened, id]);
  return (
    <Drawn
      cairn={cairn}
      path={path}
      {...answer.value}
      focus={focus}
      onUnfold={onUnfold}
      isWhole={isWhole}
      onWhole={() => setWhole(!isWhole)}
    />
  );
}

function sizeOf(node: ILineageNode): { width: number; height: number } {
  return { width: Math.min(LETTERS, Math.max(6, node.label.length)) * 7 + 22, height: HEIGHT };
}

interface IDrawnProps extends IFolded {
  readonly cairn: ICairn;
  readonly path: string;
  readonly layered: ILayered;
  readonly focus: ILineageNode;
  /** Nodes that are no ancestors and no descendants, and whether they are drawn, too. */
  readonly aside: number;
  readonly isWhole: boolean;
  readonly onWhole: () => void;
  /** Open a folded node. */
  readonly onUnfold: (id: string) => void;
}

function Drawn({ cairn, path, graph, more, layered, focus, onUnfold, ...props }: IDrawnProps): JSX.Element {
  const { trans } = cairn;
  const [selected, setSelected] = React.useState(focus.id);
  const near = React.useMemo(() => relatives(graph, selected), [graph, selected]);
  const nodes = React.useMemo(() => new Map(graph.nodes.map(node => [node.id, node])), [graph]);
  const isLit = (id: string) => id === selected || near.up.has(id) || near.down.has(id);
  useActiveCell(cairn, cellId => {
    const run = graph.nodes.find(node => node.cell_id === cellId && node.kind === 'run');
    if (run && nodes.get(selected)?.cell_id !== cellId) {
      setSelected(run.id);
    }
  });
  const choose = (node: ILineageNode) => {
    if (more.has(node.id)) {
      onUnfold(node.id);
      return;
    }
    setSelected(node.id);
    // The lane list in the sidebar follows the notebook's active cell.
    if (node.cell_id && isInFront(cairn, node.cell_id)) {
      void cairn.source()?.show(node.cell_id);
    }
  };
  const node = nodes.get(selected) ?? focus;
  return (
    <article className="nbc-Page-content nbc-mod-wide">
      <header className="nbc-Page-head">
        <h1>{focus.label}</h1>
        <p>
          {trans.__('What it was made from stands above, what was made of it below.')}{' '}
          {more.size > 0 && trans.__('The nearest are drawn; a click on “+ … more” draws what is behind it.')}{' '}
          {graph.truncated && trans.__('What is farther than %1 of them is left out.', ASKED)}
        </p>
      </header>
      <Chosen cairn={cairn} path={path} graph={graph} node={node} />
      {props.aside > 0 && (
        <label className="nbc-Zoom">
          <input type="checkbox" checked={props.isWhole} onChange={props.onWhole} />{' '}
          {trans._n(
            'And 1 more that came of what it was made from',
            'And %1 more that came of what it was made from',
            props.aside
          )}
        </label>
      )}
      <Picture
        trans={trans}
        label={trans.__('Graph of %1. Arrow keys move along its lines, Enter opens.', focus.label)}
        graph={graph}
        layered={layered}
        nodes={nodes}
        selected={node.id}
        focus={focus.id}
        isLit={isLit}
        describe={other => described(cairn, { graph, more }, nodes, other)}
        onChoose={choose}
        onMove={id => setSelected(id)}
        onOpen={other => (more.has(other.id) ? onUnfold(other.id) : openNode(cairn, path, other))}
        more={more}
      />
      <details className="nbc-Why">
        <summary>{trans.__('As a list')}</summary>
        <ol className="nbc-GraphList">
          {graph.nodes.map(item => (
            <li key={item.id}>
              {described(cairn, { graph, more }, nodes, item)}{' '}
              {item.id !== node.id && (
                <Action
                  label={more.has(item.id) ? trans.__('Open') : trans.__('Select')}
                  onClick={() => choose(item)}
                />
              )}
            </li>
          ))}
        </ol>
      </details>
    </article>
  );
}

/** Open a node's page, or show its cell. */
function openNode(cairn: ICairn, path: string, node: ILineageNode): void {
  if (node.artifact_id) {
    cairn.run(CommandIDs.artifact, { path, id: node.artifact_id });
  } else if (node.cell_id) {
    void cairn.reveal(node.cell_id);
  }
}

/** The selected node, and what can be done with it. */
function Chosen(props: { cairn: ICairn; path: string; graph: ILineage; node: ILineageNode }): JSX.Element {
  const { cairn, path, graph, node } = props;
  const { trans } = cairn;
  const near = relatives(graph, node.id);
  return (
    <div className="nbc-Notice" aria-live="polite">
      <span>
        <b>{node.label}</b> · {kindWord(cairn, node.kind)} ·{' '}
        {trans.__('%1 before it, %2 after it', near.up.size, near.down.size)}
      </span>
      <span className="nbc-Actions">
        {node.cell_id && <Action label={trans.__('Show cell')} onClick={() => void cairn.reveal(node.cell_id ?? '')} />}
        {node.artifact_id && <Action label={trans.__('Open its page')} onClick={() => openNode(cairn, path, node)} />}
        {node.artifact_id && !node.focus && (
          <Action
            label={trans.__('Its own graph')}
            onClick={() => cairn.run(CommandIDs.graph, { path, artifact: node.artifact_id ?? '' })}
          />
        )}
      </span>
    </div>
  );
}

function kindWord(cairn: ICairn, kind: ILineageNode['kind']): string {
  const { trans } = cairn;
  const words = {
    run: trans.__('run of a cell'),
    artifact: trans.__('artifact'),
    file: trans.__('file'),
    value: trans.__('value from before the record')
  };
  return words[kind];
}

/** A node in words: what it is, what it was made from, what used it. */
function described(
  cairn: ICairn,
  { graph, more }: IFolded,
  nodes: ReadonlyMap<string, ILineageNode>,
  node: ILineageNode
): string {
  const { trans } = cairn;
  const named = (ids: string[]) => ids.map(id => nodes.get(id)?.label ?? '').join('; ');
  const causes = graph.edges.filter(edge => edge.target === node.id).map(edge => edge.source);
  const effects = graph.edges.filter(edge => edge.source === node.id).map(edge => edge.target);
  return [
    more.has(node.id) ? `${node.label}.` : `${node.label}, ${kindWord(cairn, node.kind)}.`,
    causes.length > 0 ? trans.__('From: %1.', named(causes)) : '',
    effects.length > 0 ? trans.__('Leads to: %1.', named(effects)) : ''
  ]
    .filter(Boolean)
    .join(' ');
}

const ARROWS: Record<string, Direction> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' };

interface IPictureProps {
  readonly trans: TranslationBundle;
  readonly label: string;
  readonly graph: ILineage;
  readonly layered: ILayered;
  readonly nodes: ReadonlyMap<string, ILineageNode>;
  readonly more: ReadonlyMap<string, number>;
  readonly selected: string;
  readonly focus: string;
  readonly isLit: (id: string) => boolean;
  readonly describe: (node: ILineageNode) => string;
  readonly onChoose: (node: ILineageNode) => void;
  readonly onMove: (id: string) => void;
  readonly onOpen: (node: ILineageNode) => void;
}

/** The drawing: one stop of the Tab key, within which the arrow keys follow the lines. */
function Picture(props: IPictureProps): JSX.Element {
  const { graph, layered, nodes, selected } = props;
  const place = React.useRef<SVGSVGElement>(null);
  const hadFocus = React.useRef(false);
  const zoom = useZoom(place, layered);
  React.useEffect(() => {
    const node = place.current?.querySelector<SVGGElement>('[tabindex="0"]');
    if (hadFocus.current) {
      node?.focus({ preventScroll: true });
    }
    node?.scrollIntoView?.({ block: 'nearest', inline: 'nearest' });
  }, [selected, zoom.scale]);
  const onKey = (event: React.KeyboardEvent) => {
    const node = nodes.get(selected);
    const next = ARROWS[event.key]
      ? neighbour(graph, layered, selected, ARROWS[event.key])
      : event.key === 'Home'
        ? props.focus
        : null;
    if (ARROWS[event.key] || event.key === 'Home') {
      event.preventDefault();
    }
    if (next) {
      hadFocus.current = true;
      props.onMove(next);
    } else if (node && event.key === 'Enter') {
      props.onOpen(node);
    } else if (node && event.key === ' ') {
      event.preventDefault();
      props.onChoose(node);
    }
  };
  return (
    <>
      <ZoomBar trans={props.trans} zoom={zoom} />
      <div className="nbc-Graph">
        <svg
          ref={place}
          width={layered.width * zoom.scale}
          height={layered.height * zoom.scale}
          viewBox={`0 0 ${layered.width} ${layered.height}`}
          role="group"
          aria-label={props.label}
          onKeyDown={onKey}
          onBlur={() => (hadFocus.current = false)}
        >
          {layered.lines.map(line => (
            <Line
              key={`${line.source}>${line.target}`}
              line={line}
              isLit={props.isLit(line.source) && props.isLit(line.target)}
            />
          ))}
          {graph.nodes.map(node => {
            const box = layered.boxes.get(node.id);
            return box && <Box key={node.id} {...props} node={node} box={box} />;
          })}
        </svg>
      </div>
    </>
  );
}

interface IZoom {
  readonly scale: number;
  readonly set: (scale: number) => void;
  /** As large as the page has room for it, and not larger than drawn. */
  readonly fit: () => void;
}

const SMALLEST = 0.2;
const LARGEST = 2;
/** Below this its texts are too small to read: it begins in full size instead, and scrolls. */
const READABLE = 0.7;

/** How large the drawing is; it begins as the whole of it, where that can be read. */
function useZoom(place: React.RefObject<SVGSVGElement>, layered: ILayered): IZoom {
  const [scale, setScale] = React.useState(1);
  const fitting = () => {
    const room = place.current?.parentElement?.clientWidth ?? 0;
    return room > 0 && layered.width > 0 ? Math.min(1, room / layered.width) : 1;
  };
  const set = (wanted: number) => setScale(Math.min(LARGEST, Math.max(SMALLEST, wanted)));
  React.useLayoutEffect(() => setScale(fitting() < READABLE ? 1 : fitting()), [layered]);
  return { scale, set, fit: () => set(fitting()) };
}

function ZoomBar({ trans, zoom }: { trans: TranslationBundle; zoom: IZoom }): JSX.Element {
  return (
    <div className="nbc-Actions" role="group" aria-label={trans.__('Size of the graph')}>
      <Action label={trans.__('Fit to page')} onClick={zoom.fit} />
      <Action label={trans.__('Smaller')} onClick={() => zoom.set(zoom.scale / 1.25)} />
      <Action label={trans.__('Larger')} onClick={() => zoom.set(zoom.scale * 1.25)} />
      <Action
        label={trans.__('%1 %', Math.round(zoom.scale * 100))}
        title={trans.__('Full size')}
        onClick={() => zoom.set(1)}
      />
    </div>
  );
}

function Box(props: IPictureProps & { node: ILineageNode; box: IBox }): JSX.Element {
  const { node, box, selected } = props;
  const text = node.label.length > LETTERS ? `${node.label.slice(0, LETTERS - 1)}…` : node.label;
  return (
    <g
      className={`nbc-Box${props.isLit(node.id) ? '' : ' nbc-mod-dim'}`}
      data-kind={props.more.has(node.id) ? 'more' : node.kind}
      data-focus={node.id === props.focus || undefined}
      role="button"
      tabIndex={node.id === selected ? 0 : -1}
      aria-pressed={node.id === selected}
      aria-label={props.describe(node)}
      transform={`translate(${box.x - box.width / 2},${box.y - box.height / 2})`}
      onClick={() => props.onChoose(node)}
      onDoubleClick={() => props.onOpen(node)}
    >
      <title>{node.label}</title>
      <rect width={box.width} height={box.height} rx={node.kind === 'run' ? 3 : box.height / 2} />
      <text x={box.width / 2} y={box.height / 2} dominantBaseline="central" textAnchor="middle">
        {text}
      </text>
    </g>
  );
}

function Line({ line, isLit }: { line: ILine; isLit: boolean }): JSX.Element {
  const [first, ...rest] = line.points;
  const last = rest[rest.length - 1] ?? first;
  // A small head where the line arrives, so that the direction is seen without colour.
  const head = `M${last.x - 3.5},${last.y - 6} L${last.x},${last.y} L${last.x + 3.5},${last.y - 6}`;
  const path = `M${first.x},${first.y} ${rest.map(({ x, y }) => `L${x},${y}`).join(' ')} ${head}`;
  return (
    <path className={isLit ? 'nbc-Line' : 'nbc-Line nbc-mod-dim'} d={path}>
      <title>{line.names.join(', ')}</title>
    </path>
  );
}
