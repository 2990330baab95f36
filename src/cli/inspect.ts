import { type Artifact, readArtifact } from '../artifact.ts'
import { action } from '../contracts/action/action.ts'
import { readExtensionModule } from '../contracts/extension/wasm-module.ts'
import { http } from '../contracts/http/http.ts'
import { scheduler } from '../contracts/scheduler/scheduler.ts'
import { exportedHooks } from '../contracts/scheduler/wasm-check.ts'
import type { Surface } from '../runtime.ts'
import { defaults } from '../limits.ts'
import { readModule } from '../wasm/binary/module.ts'
import { type Producer, readNames, readProducers, readTenon, type TenonInfo } from '../wasm/binary/names.ts'
import { obtain, type Obtained } from '../wasm/obtain.ts'
import { RewriteCache } from '../wasm/rewrite-cache.ts'
import { pageSize } from '../wasm/rewrite/names.ts'
import { surfaceOf } from '../wasm/surface.ts'
import { type Arguments, type Command, UsageError } from './command.ts'
import { bytes, columns, duration, printable } from './format.ts'
import { inspectLibrary, printLibrary } from './inspect-library.ts'

/** The contracts that a module is held against, beside that of extensions. */
const contracts = [action, http, scheduler()]

export const inspectCommand: Command = {
  help: `mortise inspect: say what an artifact is, and which contracts it fits

Usage: mortise inspect <artifact>

  <artifact>              any file; of a WebAssembly module everything is said, of a native library what it
                          exports and whether it can be unloaded, of others their kind
  --rewrite               what each limit adds to the module's code, and how long that takes to make
  --cache <folder>        with --rewrite: keep what is made there, and find it there
  --json                  print one JSON object
  -h, --help              print this

Nothing of the artifact runs.

Examples:
  mortise inspect hello.wasm
  mortise inspect hello.wasm --rewrite
`,
  options: { rewrite: { type: 'boolean' }, cache: { type: 'string' } },
  async run(args, terminal) {
    const artifact = await readArtifact(args.only('artifact'))
    const report = artifact.kind === 'wasm-module' ? await inspectModule(artifact, args) : undefined
    const library = artifact.kind.endsWith('-library') ? inspectLibrary(artifact) : undefined
    const { kind, digest } = artifact
    if (args.json)
      terminal.out(
        `${JSON.stringify({ ok: true, kind, digest, bytes: artifact.bytes.length, ...report, ...library })}\n`,
      )
    else terminal.out(print(artifact, report) + (library === undefined ? '' : printLibrary(library)))
    return 0
  },
}

interface Memory {
  /** Bytes. */
  readonly min: number
  readonly max: number | undefined
}

interface Report extends Surface {
  readonly name: string | undefined
  readonly tenon: TenonInfo | undefined
  readonly functions: number
  readonly namedFunctions: number
  readonly memories: readonly Memory[]
  readonly producers: readonly Producer[]
  /** Per set of limits, the module as it is compiled under them. */
  readonly rewrites?: readonly Rewrite[]
  /** Per contract, what keeps the module from fitting it: nothing where it fits. */
  readonly contracts: Readonly<Record<string, readonly string[]>>
  /** The extensions of a module that says which version of their ABI it was built for. */
  readonly extensions?: { readonly abi: string; readonly names: readonly string[] }
  /** The extension points that a plugin of Kubernetes' scheduler takes part in. */
  readonly hooks: readonly string[]
}

async function inspectModule(artifact: Artifact, args: Arguments): Promise<Report> {
  const info = readModule(artifact.bytes)
  const cache = readCache(args)
  const names = readNames(info)
  const surface = surfaceOf(info)
  const { abi, extensions, problems } = readExtensionModule(surface)
  return {
    name: names.module,
    tenon: readTenon(info),
    functions: info.functions.length,
    namedFunctions: names.functions.size,
    memories: info.memories.map(({ min, max }) => ({
      min: min * pageSize,
      max: max === undefined ? undefined : max * pageSize,
    })),
    ...surface,
    producers: readProducers(info),
    ...(args.flag('rewrite') && { rewrites: await rewrites(artifact, cache) }),
    contracts: {
      ...Object.fromEntries(contracts.map(({ name, bindings }) => [name, bindings.wasm.check(surface)])),
      extension: problems,
    },
    ...(abi !== undefined && { extensions: { abi, names: extensions } }),
    hooks: exportedHooks(surface.exports.map((port) => port.name)),
  }
}

interface Rewrite {
  readonly limits: string
  readonly bytes: number
  readonly milliseconds: number
  readonly from: Obtained['from']
}

function readCache(args: Arguments): RewriteCache | undefined {
  const folder = args.text('cache')
  if (folder !== undefined && !args.flag('rewrite')) throw new UsageError('--cache is for what --rewrite makes')
  if (folder === '') throw new UsageError("--cache is '', and takes the path of a folder")
  return folder === undefined ? undefined : new RewriteCache(folder)
}

/** Memory and restore are always in the module; each of the others alone, then all. */
async function rewrites(artifact: Artifact, cache: RewriteCache | undefined): Promise<readonly Rewrite[]> {
  const none = { memory: defaults.memory, deadline: false, fuel: false, dirty: false }
  const sets = [
    ['memory', none],
    ['deadline', { ...none, deadline: true }],
    ['fuel', { ...none, fuel: true }],
    ["restore: 'every-lease'", { ...none, dirty: true }],
    ['all', { ...none, deadline: true, fuel: true, dirty: true }],
  ] as const
  const made: Rewrite[] = []
  for (const [limits, features] of sets) {
    const start = performance.now()
    const { rewritten, from } = await obtain(artifact, features, cache)
    made.push({ limits, bytes: rewritten.bytes.length, milliseconds: performance.now() - start, from })
  }
  return made
}

function print({ kind, digest, bytes: binary }: Artifact, report: Report | undefined): string {
  const facts: [string, string][] = [
    ['kind', kind],
    ['digest', `sha256 ${digest}`],
    ['size', `${bytes(binary.length)} (${binary.length} bytes)`],
  ]
  if (report === undefined) return columns(facts, '')
  const { name, tenon, functions, namedFunctions, memories, producers } = report
  if (name !== undefined) facts.push(['name', name])
  facts.push(['functions', `${functions}, ${namedFunctions} with a name`])
  for (const { min, max } of memories)
    facts.push(['memory', `${bytes(min)}, ${max === undefined ? 'no maximum' : `at most ${bytes(max)}`}`])
  if (tenon !== undefined) facts.push(['tenon', `${tenon.version}, contract ${tenon.contract}, collector ${tenon.gc}`])
  for (const { field, name: tool, version } of producers) facts.push([field, `${tool} ${version}`.trim()])
  return [
    columns(facts, ''),
    list(
      'imports',
      report.imports.map((port): [string, string] => [`${port.module ?? ''} ${port.name}`, port.type]),
    ),
    list(
      'exports',
      report.exports.map((port): [string, string] => [port.name, port.type]),
    ),
    report.rewrites === undefined
      ? ''
      : list(
          'rewritten with',
          report.rewrites.map(({ limits, bytes: size, milliseconds, from }): [string, string] => [
            limits,
            `${bytes(size)} (${((100 * size) / binary.length).toFixed(0)} %), ${duration(milliseconds)}, ${from}`,
          ]),
        ),
    ...Object.entries(report.contracts).map(([contract, problems]) => fits(contract, problems, report)),
  ].join('')
}

const list = (title: string, rows: readonly [string, string][]): string =>
  `${title}: ${rows.length}\n${rows.length === 0 ? '' : columns(rows)}`

function fits(contract: string, problems: readonly string[], { extensions, hooks }: Report): string {
  const names: Readonly<Record<string, string | undefined>> = {
    extension: extensions && `, ABI ${extensions.abi}: ${printable(extensions.names.join(', '))}`,
    scheduler: `: ${hooks.join(', ')}`,
  }
  const detail = names[contract] ?? ''
  if (problems.length === 0) return `fits the contract '${contract}'${detail}\n`
  return `does not fit the contract '${contract}':\n${problems.map((problem) => `  ${printable(problem)}\n`).join('')}`
}
