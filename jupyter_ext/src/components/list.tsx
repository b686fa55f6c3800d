import * as React from 'react';

/** Rows drawn beyond what is seen, so that scrolling shows no holes. */
const SPARE = 8;
/** Frames that a row far away may take until it is drawn. */
const FRAMES = 20;

export interface IRows {
  readonly count: number;
  /** Pixels; every row has the same height, apart from the open one. */
  readonly rowHeight: number;
  /** The accessible name of the list. */
  readonly label: string;
  /** `tabIndex` belongs on the row's button: of all rows one can be reached by Tab. */
  readonly renderRow: (index: number, tabIndex: 0 | -1) => React.ReactNode;
  /** The row whose details are open below it, and the details. */
  readonly open?: { readonly index: number; readonly details: React.ReactNode };
  /** Which rows are drawn now: those that must be loaded. */
  readonly onRange?: (first: number, last: number) => void;
  /** A row to scroll to; scrolls again when the object changes. */
  readonly scrollTo?: { readonly index: number } | null;
  /** What is drawn behind all rows, like lines between them; told the rows that are drawn. */
  readonly behind?: (first: number, last: number) => React.ReactNode;
}

/**
 * A list that draws only the rows in view, however many there are. Arrow keys, Home and End move between rows; Tab leaves.
 *
 * Each row must hold one button or link that `[data-row]` marks; it is the row's place for the keyboard.
 */
export function RowList(props: IRows): JSX.Element {
  const { count, rowHeight, open } = props;
  const list = React.useRef<HTMLUListElement>(null);
  const details = React.useRef<HTMLLIElement>(null);
  const [seen, setSeen] = React.useState({ first: 0, last: 40 });
  const [extra, setExtra] = React.useState(0);
  const [current, setCurrent] = React.useState(0);
  const openIndex = open && open.index < count ? open.index : -1;
  const gap = openIndex >= 0 ? extra : 0;
  const top = (index: number) => index * rowHeight + (openIndex >= 0 && index > openIndex ? gap : 0);

  useView(
    list,
    (above, below) => {
      const row = (pixels: number) => {
        const beyond = openIndex >= 0 && pixels > (openIndex + 1) * rowHeight;
        return Math.floor((beyond ? Math.max((openIndex + 1) * rowHeight, pixels - gap) : pixels) / rowHeight);
      };
      const first = Math.max(0, row(above) - SPARE);
      const last = Math.max(first, Math.min(count - 1, row(below) + SPARE));
      setSeen(before => (before.first === first && before.last === last ? before : { first, last }));
    },
    [count, rowHeight, openIndex, gap]
  );

  const first = Math.min(seen.first, Math.max(0, count - 1));
  const last = Math.min(seen.last, count - 1);
  React.useEffect(() => props.onRange?.(first, last), [first, last, count]);
  useHeight(details, setExtra, openIndex);
  React.useEffect(() => {
    const target = props.scrollTo;
    if (target && list.current) {
      setCurrent(target.index);
      scrollTo(list.current, top(target.index), rowHeight);
    }
  }, [props.scrollTo]);

  /** The row that the keyboard is on its way to: keys may come faster than rows are drawn. */
  const goal = React.useRef<number | null>(null);
  const reach = (index: number, tries = FRAMES) => {
    window.requestAnimationFrame(() => {
      if (goal.current !== index) {
        return; // a later key leads elsewhere
      }
      if (focusRow(list.current, index) || tries === 0) {
        goal.current = null;
      } else {
        reach(index, tries - 1);
      }
    });
  };
  const move = (event: React.KeyboardEvent) => {
    const from = goal.current ?? current;
    const steps: Record<string, number> = { ArrowDown: from + 1, ArrowUp: from - 1, Home: 0, End: count - 1 };
    const wanted = steps[event.key];
    const onRow = (event.target as HTMLElement).closest('[data-row]');
    if (wanted === undefined || !onRow || !list.current) {
      return;
    }
    event.preventDefault();
    const index = Math.max(0, Math.min(count - 1, wanted));
    goal.current = index;
    setCurrent(index);
    scrollTo(list.current, top(index), rowHeight);
    reach(index);
  };

  const reachable = current < first || current > last ? first : current;
  const drawn = Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => first + offset);
  return (
    <ul
      ref={list}
      className="nbc-Rows"
      aria-label={props.label}
      style={{ height: count * rowHeight + gap }}
      onKeyDown={move}
      onFocus={event => setCurrent(rowOf(event.target) ?? current)}
    >
      {props.behind?.(first, last)}
      {drawn.map(index => (
        <li
          key={index}
          className="nbc-Rows-row"
          aria-setsize={count}
          aria-posinset={index + 1}
          data-index={index}
          style={{ top: top(index), height: rowHeight }}
        >
          {props.renderRow(index, index === reachable ? 0 : -1)}
        </li>
      ))}
      {openIndex >= 0 && (
        <li ref={details} className="nbc-Rows-details" style={{ top: (openIndex + 1) * rowHeight }}>
          {open?.details}
        </li>
      )}
    </ul>
  );
}

/** The element that scrolls: the section of the sidebar or the page around the list. */
function scrollerOf(node: HTMLElement): HTMLElement | null {
  return node.closest<HTMLElement>('.nbc-Scroller, .nbc-Section');
}

function useView(
  list: React.RefObject<HTMLElement>,
  tell: (above: number, below: number) => void,
  deps: React.DependencyList
): void {
  React.useLayoutEffect(() => {
    const node = list.current;
    const scroller = node && scrollerOf(node);
    if (!node || !scroller) {
      return;
    }
    const look = () => {
      const above = scroller.getBoundingClientRect().top - node.getBoundingClientRect().top;
      tell(above, above + scroller.clientHeight);
    };
    look();
    scroller.addEventListener('scroll', look, { passive: true });
    const sizes = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(look);
    sizes?.observe(scroller);
    return () => {
      scroller.removeEventListener('scroll', look);
      sizes?.disconnect();
    };
  }, deps);
}

function useHeight(node: React.RefObject<HTMLElement>, tell: (height: number) => void, open: number): void {
  React.useLayoutEffect(() => {
    const element = node.current;
    if (open < 0 || !element) {
      tell(0);
      return;
    }
    tell(element.offsetHeight);
    const sizes = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(() => tell(element.offsetHeight));
    sizes?.observe(element);
    return () => sizes?.disconnect();
  }, [open]);
}

function scrollTo(list: HTMLElement, top: number, rowHeight: number): void {
  const scroller = scrollerOf(list);
  if (!scroller) {
    return;
  }
  const place = list.getBoundingClientRect().top - scroller.getBoundingClientRect().top + top;
  if (place < 0) {
    scroller.scrollTop += place;
  } else if (place + rowHeight > scroller.clientHeight) {
    scroller.scrollTop += place + rowHeight - scroller.clientHeight;
  }
}

/** False where the row is not drawn. */
function focusRow(list: HTMLElement | null, index: number): boolean {
  const row = list?.querySelector<HTMLElement>(`:scope > [data-index="${index}"] [data-row]`);
  row?.focus();
  return row !== null && row !== undefined;
}

function rowOf(target: EventTarget): number | null {
  const row = (target as HTMLElement).closest<HTMLElement>('[data-index]');
  return row ? Number(row.dataset.index) : null;
}
