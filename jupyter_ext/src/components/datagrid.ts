import {
  BasicKeyHandler,
  BasicMouseHandler,
  BasicSelectionModel,
  CellRenderer,
  DataGrid,
  TextRenderer
} from '@lumino/datagrid';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';

import { IRows } from '../_api';
import { LoadRows, RowsModel } from './rows';

const ROW = 24;
const MOST_HEIGHT = 420;
const WIDEST = 260;
const SAMPLE = 50;

/** A grid in the page, which follows the theme and the size of its place. */
export interface IDataGrid {
  dispose(): void;
}

/** Tab leaves the grid, as it leaves every other thing on a page. */
class Keys extends BasicKeyHandler {
  onKeyDown(grid: DataGrid, event: KeyboardEvent): void {
    if (event.key !== 'Tab') {
      super.onKeyDown(grid, event);
    }
  }
}

/** The wheel moves the page where the grid has no more to show. */
class Mouse extends BasicMouseHandler {
  onWheel(grid: DataGrid, event: WheelEvent): void {
    const canMove =
      (event.deltaY > 0 && grid.scrollY < grid.maxScrollY) ||
      (event.deltaY < 0 && grid.scrollY > 0) ||
      (event.deltaX > 0 && grid.scrollX < grid.maxScrollX) ||
      (event.deltaX < 0 && grid.scrollX > 0);
    if (canMove) {
      super.onWheel(grid, event);
    }
  }
}

/** Draw the rows in this node. */
export function showGrid(node: HTMLElement, rows: IRows, load: LoadRows, label: string): IDataGrid {
  const model = new RowsModel(rows, load);
  const colours = new Colours(node);
  const grid = new DataGrid({
    style: colours.style(),
    defaultSizes: { rowHeight: ROW, columnWidth: 100, rowHeaderWidth: 64, columnHeaderHeight: ROW },
    copyConfig: { separator: '\t', format: DataGrid.copyFormatGeneric, headers: 'all', warningThreshold: 1e6 }
  });
  const numbers = numericColumns(model);
  const dress = () => {
    grid.style = colours.style();
    grid.cellRenderers.update({
      body: colours.cells(numbers),
      'row-header': colours.header('left'),
      'column-header': colours.header(numbers),
      'corner-header': colours.header('left')
    });
  };
  dress();
  grid.dataModel = model;
  grid.keyHandler = new Keys();
  grid.mouseHandler = new Mouse();
  grid.selectionModel = new BasicSelectionModel({ dataModel: model });
  const widths = columnWidths(model);
  widths.columns.forEach((width, column) => grid.resizeColumn('body', column, width));
  if (model.columnCount('row-header') > 0) {
    grid.resizeColumn('row-header', 0, widths.labels);
  }
  const { viewport } = grid;
  viewport.node.tabIndex = 0;
  viewport.node.setAttribute('role', 'application');
  viewport.node.setAttribute('aria-label', label);

  // Room for a scroll bar only where one will be.
  const width = widths.columns.reduce((sum, part) => sum + part, widths.labels);
  const height = (model.rowCount('body') + 1) * ROW;
  const isWide = node.clientWidth > 0 && width > node.clientWidth;
  node.style.height = `${Math.min(MOST_HEIGHT, height + (isWide ? SCROLLBAR : 0)) + BORDER}px`;
  node.style.maxWidth = `${width + (height > MOST_HEIGHT ? SCROLLBAR : 0) + BORDER}px`;
  Widget.attach(grid, node);
  const sizes = new ResizeObserver(() => MessageLoop.sendMessage(grid, Widget.ResizeMessage.UnknownSize));
  sizes.observe(node);
  const themes = new MutationObserver(dress);
  themes.observe(document.body, { attributeFilter: ['data-jp-theme-name'] });
  return {
    dispose: () => {
      sizes.disconnect();
      themes.disconnect();
      grid.dispose();
    }
  };
}

const SCROLLBAR = 18;
const BORDER = 2;

/** The colours of the theme as they stand on a node: a canvas knows no variables. */
class Colours {
  constructor(private readonly node: HTMLElement) {}

  style(): DataGrid.Style {
    const line = this._of('--jp-border-color3');
    const accent = this._of('--jp-brand-color1');
    return {
      ...DataGrid.defaultStyle,
      voidColor: this._of('--jp-layout-color0'),
      backgroundColor: this._of('--jp-layout-color0'),
      gridLineColor: line,
      headerBackgroundColor: this._of('--jp-layout-color2'),
      headerGridLineColor: this._of('--jp-border-color2'),
      selectionFillColor: faint(accent),
      selectionBorderColor: accent,
      cursorFillColor: 'transparent',
      cursorBorderColor: accent,
      headerSelectionFillColor: faint(accent),
      headerSelectionBorderColor: accent,
      scrollShadow: {
        ...DataGrid.defaultStyle.scrollShadow,
        size: 6,
        color1: line,
        color2: line,
        color3: 'transparent'
      }
    };
  }

  cells(numbers: ReadonlySet<number>): TextRenderer {
    return new TextRenderer({
      font: this._font(''),
      textColor: this._of('--jp-ui-font-color1'),
      horizontalAlignment: alignment(numbers)
    });
  }

  header(numbers: ReadonlySet<number> | 'left'): TextRenderer {
    return new TextRenderer({
      font: this._font('600 '),
      textColor: this._of('--jp-ui-font-color1'),
      backgroundColor: this._of('--jp-layout-color2'),
      horizontalAlignment: numbers === 'left' ? 'left' : alignment(numbers)
    });
  }

  private _font(weight: string): string {
    return `${weight}12px ${this._of('--jp-ui-font-family') || 'sans-serif'}`;
  }

  private _of(variable: string): string {
    return getComputedStyle(this.node).getPropertyValue(variable).trim();
  }
}

function faint(colour: string): string {
  return `color-mix(in srgb, ${colour} 18%, transparent)`;
}

function alignment(numbers: ReadonlySet<number>): CellRenderer.ConfigOption<TextRenderer.HorizontalAlignment> {
  return ({ column }) => (numbers.has(column) ? 'right' : 'left');
}

/** Columns of which all that is known is numbers. */
function numericColumns(model: RowsModel): Set<number> {
  const { rows, columns } = model.first;
  const isNumber = (cell: string) => cell === '' || cell === 'nan' || Number.isFinite(Number(cell));
  const places = columns.map((_, column) => column);
  return new Set(
    places.filter(column => rows.some(row => row[column] !== '') && rows.every(row => isNumber(row[column] ?? '')))
  );
}

/** Room for the longest of the first texts, within limits. */
function columnWidths({ first }: RowsModel): { columns: number[]; labels: number } {
  const rows = first.rows.slice(0, SAMPLE);
  const room = (texts: readonly string[]) =>
    Math.min(WIDEST, Math.max(56, 7 * Math.max(0, ...texts.map(text => text.length)) + 20));
  return {
    columns: first.columns.map((name, column) => room([name, ...rows.map(row => row[column] ?? '')])),
    labels: first.labels.length > 0 ? room(first.labels.slice(0, SAMPLE)) : 0
  };
}
