import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { median, time } from '../harness/figures.ts'
import type { Row, Sheet } from '../harness/suite.ts'
import { cases } from './cases.ts'
import type { Mechanism, MechanismSubject } from './mechanism.ts'

const run = promisify(execFile)
const footprint = fileURLToPath(new URL('footprint.ts', import.meta.url))

/** The table by which to choose: one line for each mechanism, in the way that it is used. */
export async function sheets(subjects: readonly MechanismSubject[], rows: readonly Row[]): Promise<readonly Sheet[]> {
  const measured = subjects.flatMap(({ name, mechanism }) => {
    const variants = Object.keys(mechanism.variants)
    return (variants.length > 0 ? variants : ['']).map((variant) => ({
      name: variant === '' ? name : `${name} (${variant})`,
      mechanism,
      variant,
    }))
  })
  const shown = measured.filter(({ name }) => rows.some((row) => row.subject === name))
  const figure = (name: string, about: string): string => {
    const value = rows.find((row) => row.subject === name && row.case === about)?.figures?.value
    return value === undefined ? '–' : time(value)
  }
  const names = Object.values(cases)
  const figures = (name: string): [string, ...string[]] => [name, ...names.map((about) => figure(name, about))]
  const weights: [string, string, string, ...string[]][] = []
  for (const { name, mechanism, variant } of shown) {
    const { isolation, artifact } = mechanism
    weights.push([
      name,
      bytes(artifact(variant)),
      await memory(mechanism, variant),
      isolation.crash,
      isolation.memory,
      isolation.loop,
      isolation.unload,
    ])
  }
  return [
    {
      name: 'all times',
      does: 'The medians of all cases side by side.',
      columns: names,
      lines: shown.map(({ name }) => figures(name)),
    },
    {
      name: 'what it weighs and what it holds',
      does: 'The bytes that a user ships; the memory that the mechanism, a guest and its first calls add to a process of Node, with all processes that were started for it; and what the guest is kept from.',
      columns: ['artifact', 'memory', 'survives a crash', 'keeps memory apart', 'ends a busy loop', 'unloads'],
      lines: weights,
    },
  ]
}

/** Median of three processes; no figure where a mechanism is no part of Node, or where there is no /proc. */
async function memory({ url, flags = [], variants }: Mechanism, variant: string): Promise<string> {
  if (variants[variant] === undefined || process.platform !== 'linux') return '–'
  const found: number[] = []
  for (let n = 0; n < 3; n++) {
    const { stdout } = await run(process.execPath, ['-C', 'source', ...flags, footprint, url, variant])
    found.push(Number(stdout))
  }
  return bytes(median(found) * 1024)
}

function bytes(amount: number): string {
  if (amount < 1024 * 1024) return `${(amount / 1024).toFixed(1)} KiB`
  return `${(amount / 1024 / 1024).toFixed(1)} MiB`
}
