import { time } from './figures.ts'
import { machine } from './machine.ts'
import type { Case, Figures, Row, Sheet, Suite } from './suite.ts'

/** Writes what a run found, as it finds it. */
export interface Printer {
  begin(suite: Suite): void
  rows(about: Case, rows: readonly Row[]): void
  sheet(sheet: Sheet): void
  end(suite: Suite, rows: readonly Row[]): void
}

const columns = ['', 'median', 'best round', 'p99', 'runs', 'to ours'] as const

/** A bench with a floor is held against that, and no peer against it. */
const titles = (rows: readonly Row[]): readonly string[] => {
  const floored = rows.some(({ figures }) => figures?.ratio !== undefined)
  return floored ? [...columns.slice(1, -1), 'to raw'] : columns.slice(1)
}

/** A table for people; rows that did not run are red. */
export const table: Printer = {
  begin: ({ name }) => console.log(`${name}: ${machine().join(', ')}`),
  rows({ name, does }, rows) {
    const lines = [[name, ...titles(rows)], ...rows.map((row) => cells(row, rows))]
    const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
    console.log(`\n${does}`)
    for (const [index, line] of lines.entries()) {
      const text = line.map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      const failed = rows[index - 1]?.error
      if (failed === undefined) console.log(text.join('  ').trimEnd())
      else console.log(red(`${line[0] ?? ''}  did not run: ${failed}`))
    }
  },
  sheet({ name, does, columns, lines }) {
    const all = [[name, ...columns], ...lines]
    const widths = all[0]?.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0))) ?? []
    console.log(`\n${does}`)
    for (const line of all)
      console.log(
        line
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd(),
      )
  },
  end({ expectations }, rows) {
    console.log('')
    for (const [text, verdict] of verdicts(expectations, rows))
      console.log(`${verdict.met ? '✔' : '✖'} ${text}: ${verdict.because}`)
  },
}

/** One JSON object a line, for machines. */
export const json: Printer = {
  begin() {},
  rows(_, rows) {
    for (const { suite, case: name, subject, figures, error } of rows) {
      const times = figures ?? { value: null, min: null, p50: null, p99: null, n: 0 }
      const line = {
        suite,
        case: name,
        subject,
        unit: 'ns',
        ...times,
        node: process.version,
        ...(error !== undefined && { error }),
      }
      console.log(JSON.stringify(line))
    }
  },
  sheet() {},
  end() {},
}

/** A page for bench/results. */
export const markdown: Printer = {
  begin: ({ name }) =>
    console.log(
      [`# ${name}\n`, `- ${new Date().toISOString().slice(0, 10)}`, ...machine().map((line) => `- ${line}`)].join('\n'),
    ),
  rows({ name, does }, rows) {
    console.log(
      `\n## ${name}\n\n${does}\n\n| | ${titles(rows).join(' | ')} |\n|---|${'--:|'.repeat(columns.length - 1)}`,
    )
    for (const row of rows)
      console.log(
        `| ${row.error === undefined ? cells(row, rows).join(' | ') : `${row.subject} | did not run: ${row.error}`} |`,
      )
  },
  sheet({ name, does, columns, lines }) {
    console.log(`\n## ${name}\n\n${does}\n\n| | ${columns.join(' | ')} |\n|---|${'---|'.repeat(columns.length)}`)
    for (const line of lines) console.log(`| ${line.join(' | ')} |`)
  },
  end({ expectations }, rows) {
    console.log('\n## Expectations\n')
    for (const [text, verdict] of verdicts(expectations, rows))
      console.log(`- ${verdict.met ? 'met' : '**missed**'}: ${text}: ${verdict.because}`)
  },
}

function* verdicts(expectations: Suite['expectations'], rows: readonly Row[]) {
  for (const { text, judge } of expectations) {
    const verdict = judge(rows)
    if (verdict !== undefined) yield [text, verdict] as const
  }
}

function cells({ subject, figures }: Row, rows: readonly Row[]): string[] {
  if (figures === undefined) return [subject]
  const ours = rows.filter(({ role }) => role === 'ours').map((row) => row.figures?.value ?? Infinity)
  const ratio = figures.value / Math.min(...ours)
  if (figures.ratio !== undefined) return [...shown(subject, figures), `${figures.ratio.toFixed(3)} ×`]
  const times = Number.isFinite(ratio) && ratio > 0 ? `${ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(0)} ×` : ''
  return [...shown(subject, figures), times]
}

function shown(subject: string, { value, min, p99, n }: Figures): string[] {
  return [subject, time(value), time(min), time(p99), n.toLocaleString('en')]
}

function red(text: string): string {
  return process.stdout.isTTY ? `\u001B[31m${text}\u001B[39m` : `✖ ${text}`
}
