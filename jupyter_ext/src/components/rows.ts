import { DataModel } from '@lumino/datagrid';

import { IRows } from '../_api';
import { ROWS_PAGE as PAGE } from '../api/client';

/** Asks for rows from this place on. */
export type LoadRows = (offset: number, limit: number) => Promise<IRows>;

/**
 * Rows for a data grid: the first page is there, the others are asked for when they come into view.
 */
export class RowsModel extends DataModel {
  constructor(
    readonly first: IRows,
    private readonly load: LoadRows
  ) {
    super();
    this._pages.set(0, first);
  }

  rowCount(region: DataModel.RowRegion): number {
    return region === 'body' ? this.first.available : 1;
  }

  columnCount(region: DataModel.ColumnRegion): number {
    return region === 'body' ? this.first.columns.length : this.first.labels.length > 0 ? 1 : 0;
  }

  data(region: DataModel.CellRegion, row: number, column: number): string {
    switch (region) {
      case 'column-header':
        return this.first.columns[column] ?? '';
      case 'corner-header':
        return '';
      case 'row-header':
        return this._page(row)?.labels[row % PAGE] ?? '';
      case 'body':
        return this._page(row)?.rows[row % PAGE]?.[column] ?? '';
    }
  }

  private _page(row: number): IRows | null {
    const number = Math.floor(row / PAGE);
    const known = this._pages.get(number);
    if (known === undefined) {
      this._pages.set(number, null); // asked for
      this._ask(number);
    }
    return known ?? null;
  }

  private _ask(number: number): void {
    this.load(number * PAGE, PAGE).then(
      rows => {
        this._pages.set(number, rows);
        const place = { row: number * PAGE, rowSpan: rows.rows.length, column: 0 };
        for (const region of ['body', 'row-header'] as const) {
          const columnSpan = this.columnCount(region);
          if (columnSpan > 0 && rows.rows.length > 0) {
            this.emitChanged({ type: 'cells-changed', region, ...place, columnSpan });
          }
        }
      },
      error => {
        this._pages.delete(number); // to be asked for again
        console.warn('nbcairn: rows could not be loaded.', error);
      }
    );
  }

  private readonly _pages = new Map<number, IRows | null>();
}
