import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import type { Source } from '../artifact.ts'
import { build } from '../build/build.ts'
import { esm } from '../esm/esm.ts'
import type { Json } from '../contracts/action/json.ts'
import { Mortise, type MortiseOptions, type PluginLogLine } from '../host.ts'
import type { Plugin } from '../plugin.ts'
import { childProcess } from '../process/process.ts'
import { wasm } from '../wasm/wasm.ts'
import { type Arguments, UsageError } from './command.ts'
import { plain } from './numbers.ts'

/** The options of a host on a command line. */
export const hostOptions = {
  config: { type: 'string', multiple: true },
  memory: { type: 'string' },
  deadline: { type: 'string' },
  fuel: { type: 'string' },
  restore: { type: 'string' },
  cache: { type: 'string' },
  allow: { type: 'string', multiple: true },
} as const

/** How {@link hostOptions} are explained. */
export const hostHelp = `  --config <NAME=VALUE>   what the guest may read by name; may be given again
  --memory <size>         memory limit, default 16MiB
  --deadline <time>       a call may take so long, default 100ms; 'none' for no end
  --fuel <units>          a call may burn so much, such as 1e6; default: not counted
  --restore <when>        on-error, when-full, every-lease; default: what suits the guest
  --cache <folder>        keep rewritten modules there; who may write to it may run code in the sandbox
  --allow esm             trust an ES module (.js, .mjs, .ts) and run it in this process
  --allow process         trust a program, or an ES module, and run it in a process of its own; it finds this PATH`

/** A guest that a command was given. */
export interface Guest {
  readonly host: Mortise<'wasm' | 'esm' | 'process'>
  readonly source: Source
  readonly name: string
  /** What is to be called in it, if that was said. */
  readonly hook: string | undefined
}

/** A guest that can be called. */
export interface Plugged {
  readonly plugin: Pick<Plugin<unknown>, 'digest' | 'runtime' | 'stats'>
  /** What comes of a call. */
  readonly gives: 'result' | 'intents' | 'response'
  /** Milliseconds that it took to plug it in. */
  readonly load: number
  readonly call: () => Json | Promise<Json>
}

type Runtimes = MortiseOptions<'wasm' | 'esm' | 'process'>['runtimes']

/** Builds a host as a command line asks for it: for WebAssembly, and for what else was allowed by name. */
export function makeHost(args: Arguments, log: (line: PluginLogLine) => void): Mortise<'wasm' | 'esm' | 'process'> {
  const memory = args.text('memory')
  const deadline = args.text('deadline')
  const fuel = args.text('fuel')
  const cache = args.text('cache')
  const restore = args.choice('restore', ['on-error', 'when-full', 'every-lease'])
  const time = deadline !== undefined && { deadline: deadline === 'none' ? Infinity : plain(deadline) }
  const sandbox = wasm({
    ...(memory !== undefined && { memory: plain(memory) }),
    ...time,
    ...(fuel !== undefined && { fuel }),
    ...(restore !== undefined && { restore }),
    ...(cache !== undefined && { cache }),
  })
  const allowed = readAllowed(args)
  const runtimes: Runtimes = [
    sandbox,
    ...(allowed.has('esm') ? [esm()] : []),
    ...(allowed.has('process') ? [childProcess({ env: { PATH: process.env['PATH'] ?? '' }, ...time })] : []),
  ]
  return new Mortise({ runtimes, log })
}

/** `--config NAME=VALUE`, as often as it was given. */
export function readConfig(args: Arguments): Readonly<Record<string, string>> {
  return Object.fromEntries(
    args.texts('config').map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw new UsageError(`--config is '${pair}', and takes NAME=VALUE`)
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
}

/** What to plug in: a folder, or TypeScript that is not to run as it is, is a guest's source and is built first. */
export async function readGuest(path: string, args: Arguments): Promise<Source> {
  const source = extname(path) === '.ts' ? readAllowed(args).size === 0 : await isFolder(path)
  return source ? (await build(path)).wasm : path
}

function readAllowed(args: Arguments): ReadonlySet<string> {
  const names = args.texts('allow')
  const other = names.find((name) => name !== 'esm' && name !== 'process')
  if (other !== undefined) throw new UsageError(`--allow is '${other}', and can be esm, process`)
  return new Set(names)
}

export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
