import { writeFileSync } from 'node:fs'
import { basename, dirname, extname, join, relative, resolve } from 'node:path'
import { type Build, build, type BuildOptions } from '../build/build.ts'
import { contractNames } from '../build/options.ts'
import { rootOf } from '../dev/guest.ts'
import { Watch } from '../dev/watch.ts'
import { MortiseError, reasonOf } from '../errors.ts'
import { type Arguments, type Command, type Terminal, UsageError } from './command.ts'
import { loadContract } from './contract.ts'
import { errorJson, errorText } from './errors.ts'
import { bytes, duration } from './format.ts'

export const buildCommand: Command = {
  help: `mortise build: compile a guest from TypeScript (AssemblyScript) to WebAssembly

Usage: mortise build [path] [-o file]

  path                    a .ts file, or a folder with index.ts; default: the working directory
  -o, --output <file>     where the module goes; default: beside the source, named after it
  --optimize <for>        none (quickest to build), size, speed (default)
  --gc <collector>        none (default: memory comes back by restore), minimal (default for scheduler), incremental
  --contract <contract>   what the guest is for: action, extension, http, scheduler, or the module of a typed contract: a
                          .ts, .js or .mjs file, which is run, once;
                          default: the contract of the tenon/… that the guest imports from, else action
  --export <name>         which contract, where the module exports several
  --watch                 build again on every save, until Ctrl-C
  --json                  print one JSON object per build
  -h, --help              print this

Examples:
  mortise build hello.ts
  mortise build guests/hello -o hello.wasm --optimize size
  mortise build guest.ts --contract users.ts
  mortise build --watch
`,
  options: {
    output: { type: 'string', short: 'o' },
    optimize: { type: 'string' },
    gc: { type: 'string' },
    contract: { type: 'string' },
    export: { type: 'string' },
    watch: { type: 'boolean' },
  },
  async run(args, terminal) {
    if (args.positionals.length > 1) throw new UsageError(`It builds one path, and got ${args.positionals.length}`)
    const entry = args.positionals[0] ?? '.'
    const output = resolve(args.text('output') ?? defaultOutput(entry))
    const options = await buildOptions(args)
    if (!args.flag('watch')) {
      report(await build(entry, options), output, args, terminal)
      return 0
    }
    return watchAndBuild(entry, options, output, args, terminal)
  },
}

/** `hello.ts` → `hello.wasm`; a folder is named after itself. */
function defaultOutput(entry: string): string {
  if (extname(entry) === '.ts') return join(dirname(entry), `${basename(entry, '.ts')}.wasm`)
  return join(entry, `${basename(resolve(entry))}.wasm`)
}

/** The options of a build as they are spelt on a command line. */
async function buildOptions(args: Arguments): Promise<BuildOptions> {
  const optimize = args.choice('optimize', ['none', 'size', 'speed'])
  const gc = args.choice('gc', ['none', 'minimal', 'incremental'])
  const module = args.text('contract')
  if (module === undefined && args.text('export') !== undefined)
    throw new UsageError('--export says which contract of a module, and needs --contract')
  const named = contractNames.find((name) => name === module)
  const contract = named ?? (module === undefined ? undefined : await loadContract(module, args.text('export')))
  return {
    ...(optimize !== undefined && { optimize }),
    ...(gc !== undefined && { gc }),
    ...(contract !== undefined && { contract }),
  }
}

function report({ wasm, warnings, milliseconds }: Build, output: string, args: Arguments, terminal: Terminal): void {
  try {
    writeFileSync(output, wasm)
  } catch (cause) {
    throw new MortiseError('BUILD_OUTPUT', `Cannot write the module to '${output}': ${reasonOf(cause)}`, { cause })
  }
  if (args.json) {
    terminal.out(`${JSON.stringify({ ok: true, output, bytes: wasm.length, milliseconds, warnings })}\n`)
    return
  }
  for (const { file = '', line = 1, column = 1, message } of warnings)
    terminal.err(`${file}:${line}:${column} ${message}\n`)
  terminal.out(`${relative('', output)}  ${bytes(wasm.length)}  ${duration(milliseconds)}\n`)
}

/** Builds after every save, in the folder of the entry and those of whatever went into the last build. */
async function watchAndBuild(
  entry: string,
  options: BuildOptions,
  output: string,
  args: Arguments,
  terminal: Terminal,
): Promise<number> {
  const watch = await Watch.open({ root: await rootOf(entry), counts: (file) => extname(file) === '.ts' })
  process.once('SIGINT', () => watch.close())
  do {
    try {
      const built = await build(entry, options)
      watch.follow(built.sources)
      report(built, output, args, terminal)
    } catch (error) {
      if (!MortiseError.is(error)) throw error
      if (args.json) terminal.out(errorJson(error))
      else terminal.err(errorText(error, terminal))
    }
  } while ((await watch.next()) !== undefined)
  return 0
}
