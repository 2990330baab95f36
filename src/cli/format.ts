/** `14.8 KB`, as file managers count. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`
  return count < 1e6 ? `${(count / 1e3).toFixed(1)} KB` : `${(count / 1e6).toFixed(1)} MB`
}

/** A duration in the unit that leaves few digits. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1e-3) return `${Math.round(milliseconds * 1e6)} ns`
  if (milliseconds < 1) return `${(milliseconds * 1e3).toFixed(1)} µs`
  return milliseconds < 1e3 ? `${milliseconds.toFixed(1)} ms` : `${(milliseconds / 1e3).toFixed(2)} s`
}

/** Rows with their first column padded to the same width. */
export function columns(rows: readonly (readonly [string, string])[], indent = '  '): string {
  const width = Math.max(...rows.map(([label]) => label.length))
  return rows.map(([label, value]) => `${indent}${label.padEnd(width)}  ${value}\n`).join('')
}
