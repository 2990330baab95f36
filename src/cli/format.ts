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

/** Rows with their first column padded to the same width, each a line whatever is in it. */
export function columns(rows: readonly (readonly [string, string])[], indent = '  '): string {
  const shown = rows.map(([label, value]) => [printable(label), printable(value)] as const)
  const width = Math.max(...shown.map(([label]) => label.length))
  return shown.map(([label, value]) => `${indent}${label.padEnd(width)}  ${value}\n`).join('')
}

/** A text of a guest for a terminal, which does what control characters say. @param kept - those that it may have */
export function printable(text: string, kept = ''): string {
  return text.replaceAll(/\p{Cc}/gu, (control) =>
    kept.includes(control) ? control : `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
}
