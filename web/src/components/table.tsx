import type { ReactNode } from 'react'
import { classNames } from './class-names'

export interface TableColumn<Row> {
  title: string
  cell: (row: Row) => ReactNode
  align?: 'right'
  /** Left out where there is no room for it (below 640 px). */
  wide?: boolean
  /** Takes what room is left and shortens its text. */
  grow?: boolean
}

interface TableProps<Row> {
  caption: string
  columns: TableColumn<Row>[]
  rows: Row[]
  rowKey: (row: Row) => string
  /** Marks one row, e.g. the field that is shown on the page. */
  selected?: string
}

/** Rows with a header. It scrolls sideways in itself, never the page. */
export function Table<Row>({ caption, columns, rows, rowKey, selected }: TableProps<Row>) {
  const look = (column: TableColumn<Row>): string =>
    classNames(
      'px-4 py-2.5',
      column.align === 'right' && 'numeric text-right',
      column.wide && 'hidden sm:table-cell',
      column.grow && 'w-full min-w-32 wrap-anywhere',
    )
  return (
    <div className="overflow-x-auto">
      <table className="w-full border-collapse">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line text-left text-xs text-ink-faint">
            {columns.map((column) => (
              <th key={column.title} scope="col" className={classNames(look(column), 'font-semibold whitespace-nowrap')}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              className={classNames(
                'border-b border-line last:border-0 hover:bg-hover',
                rowKey(row) === selected && 'bg-brand-soft hover:bg-brand-soft',
              )}
            >
              {columns.map((column) => (
                <td key={column.title} className={look(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
