import { printable } from './format.ts'

/**
 * Rows in columns of the same width, each a line whatever is in it. The first row is the heading; columns whose heading begins with a
 * space are numbers, and stand to the right.
 */
export function table(rows: readonly (readonly string[])[], indent = '  '): string {
  const right = (rows[0] ?? []).map((heading) => heading.startsWith(' '))
  const shown = rows.map((row) => row.map((cell) => printable(cell.trim())))
  const widths = right.map((_, column) => Math.max(...shown.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        right[column] === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd()
  return shown.map((row) => `${indent}${line(row)}\n`).join('')
}
