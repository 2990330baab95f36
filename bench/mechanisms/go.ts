import { execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { rows } from '../../examples/users/rows.ts'
import type { Bench, MakeBench } from '../harness/suite.ts'
import { cases } from './cases.ts'
import type { Isolation, MechanismSubject } from './mechanism.ts'
import { goVersion } from './stage.ts'
import type { Size } from './work.ts'

const source = join(import.meta.dirname, 'go')
const folder = (size: Size): string => join(import.meta.dirname, '../.cache/go', String(size))
const program = (name: string, size: Size = 4): string => join(folder(size), name)

/** Builds the host that measures itself, the plugin and the server, with 4 and with 1,000 users in them. */
export function buildGo(): void {
  for (const size of [4, 1000] as const) {
    const cwd = folder(size)
    mkdirSync(cwd, { recursive: true })
    cpSync(source, cwd, { recursive: true })
    writeFileSync(join(cwd, 'users/users.json'), JSON.stringify(rows(size)))
    const build = (name: string, ...flags: readonly string[]): Buffer =>
      execFileSync('go', ['build', ...flags, '-o', program(`${name}.out`, size), `./${name}`], { cwd })
    build('host')
    build('server')
    build('plugin', '-buildmode=plugin')
  }
}

/** What is asked of the host, by the case. */
const calls: Readonly<Record<string, string>> = {
  [cases.getUser]: 'GetUser',
  [cases.byClaim]: 'GetUserByClaim',
  [cases.groups]: 'GetUserGroups',
  [cases.find]: 'FindUsers',
  [cases.missing]: 'missing',
  [cases.thousand]: 'all',
}

/** A Go program as host, which measures itself: what Node does is not in its figures. */
class GoHost {
  readonly #child
  readonly #lines: AsyncIterator<string>
  readonly #socket = join(tmpdir(), `mortise-${randomUUID()}.sock`)

  constructor(kind: string, size: Size) {
    const args = { direct: [], plugin: [program('plugin.out', size)], rpc: [program('server.out', size), this.#socket] }
    const given = kind === 'plugin' ? args.plugin : kind === 'rpc' ? args.rpc : args.direct
    this.#child = spawn(program('host.out', size), [kind, ...given], { stdio: ['pipe', 'pipe', 'ignore'] })
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  /** @returns nanoseconds of what it did last */
  async answer(): Promise<number> {
    const line = await this.#lines.next()
    const nanoseconds = line.done === true ? NaN : Number(line.value)
    if (Number.isNaN(nanoseconds)) throw new Error(line.done === true ? 'it ended' : line.value)
    return nanoseconds
  }

  async run(name: string, count: number): Promise<number> {
    this.#child.stdin.write(`${name} ${count}\n`)
    return this.answer()
  }

  async close(): Promise<void> {
    const exit = once(this.#child, 'exit')
    this.#child.stdin.end()
    await exit
  }
}

/** A row of Go's own. */
export function goSubject(
  name: string,
  url: string,
  kind: 'direct' | 'plugin' | 'rpc',
  isolation: Isolation,
): MechanismSubject {
  const version = goVersion ?? 'no Go'
  const benches = Object.entries(calls).map(([about, call]): [string, { '': MakeBench }] => [
    about,
    { '': () => called(kind, call, about === cases.thousand ? 1000 : 4) },
  ])
  const loads = kind === 'direct' ? {} : { [cases.load]: { '': () => loading(kind) } }
  const ships = { direct: 'host.out', plugin: 'plugin.out', rpc: 'server.out' }[kind]
  const role = kind === 'rpc' ? 'sandbox' : 'reference'
  const artifact = (): number => statSync(program(ships)).size
  const mechanism = { name: `${name}, ${version}`, url, role, variants: {}, isolation, artifact } as const
  return { ...mechanism, cases: { ...loads, ...Object.fromEntries(benches) }, mechanism }
}

async function called(kind: string, call: string, size: Size): Promise<Bench> {
  const host = new GoHost(kind, size)
  await host.answer()
  let time = 0
  return {
    async run(count) {
      time = await host.run(call, count)
    },
    clock: () => time / 1e6,
  }
}

/** A Go plugin is never unloaded, so each is loaded by another host. */
function loading(kind: string): Bench {
  let time = 0
  return {
    most: 4,
    async run(count) {
      time = 0
      for (let n = 0; n < count; n++) {
        const host = new GoHost(kind, 4)
        time += await host.answer()
        await host.close()
      }
    },
    clock: () => time / 1e6,
  }
}
