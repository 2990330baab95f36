import { existsSync } from 'node:fs'
import { dirname, extname, resolve } from 'node:path'
import { Watch } from '../dev/watch.ts'
import { MortiseError } from '../errors.ts'
import { type Arguments, type Command, type Terminal, UsageError } from './command.ts'
import { errorJson, errorText } from './errors.ts'
import { printable } from './format.ts'
import { explain } from './simulate-explain.ts'
import { runJson } from './simulate-json.ts'
import { SimulationLog } from './simulate-log.ts'
import { differences, readRecording, writeRecording } from './simulate-record.ts'
import { report } from './simulate-report.ts'
import { type Run, runSetup } from './simulate-run.ts'
import { readPlugin, readPlugins, readSetup, type ReadSetup, type Setup, snapshot } from './simulate-setup.ts'
import { whole } from './numbers.ts'

export const simulateCommand: Command = {
  help: `mortise simulate: where scheduler plugins would place pods

Usage: mortise simulate <snapshot> [--pods file] --plugin [NAME=]PATH[:WEIGHT] ...
       mortise simulate --replay file [--plugin NAME=PATH]

  <snapshot>              nodes, and the pods on them, in JSON or YAML, as 'kubectl get nodes,pods -A -o json' prints
                          them; - for what is piped in
  --pods <file>           the pods to place, one after the other, those with a higher priority first; each that finds
                          a node counts for the next. Default: the pending pods of the snapshot
  --plugin <plugin>       a .wasm module, or a plugin's .ts source or folder, which is built first; with what its scores
                          count, default 1; may be given again, and plugins are called in this order
  --config <NAME=TEXT>    the configuration of a plugin; NAME=@FILE for what is in a file
  --no-fit                leave out the checks that every cluster makes first: taints, node selectors and required
                          affinity, ports, requests of resources
  --permit <what>         what becomes of a pod that a plugin has wait: timeout (default), allow
  --seed <n>              draws among nodes with the same total, default 1
  --top <n>               nodes in a pod's table, default 10
  --explain <pod>         say in words why one pod is where it is
  --record <file>         write all of it to a file: cluster, pods, plugins, and every call with its answer
  --replay <file>         run a recording again, and say whether every call has the same answer; with --plugin, another
                          version of a plugin in it
  --watch                 run again on every save of one of the files, until Ctrl-C
  --memory <size>         memory limit of each plugin, default 16MiB
  --severity <severity>   what plugins log below it is dropped: info (default), warning, error, fatal
  --deadline <time>       a call may take so long, default 1s; 'none' for no end
  --fuel <units>          a call may burn so much, such as 1e6; default: not counted
  --cache <folder>        keep rewritten modules there; who may write to it may run code in the sandbox
  --json                  print one JSON object per run
  -h, --help              print this

Of kube-scheduler's own plugins there is none but --no-fit's: what is scored is scored by your plugins alone. Exit code 1
when a plugin or the input failed, or a replay differs; a pod that fits nowhere is no failure.

Examples:
  mortise simulate cluster.json --pods pods.yaml --plugin node-number.wasm
  mortise simulate cluster.yaml --plugin spread=./spread:3 --plugin image-locality.wasm --explain web-0
  kubectl get nodes,pods -A -o json | mortise simulate - --pods pods.yaml --plugin spread.wasm
  mortise simulate cluster.yaml --pods pods.yaml --plugin ./spread --watch
`,
  options: {
    pods: { type: 'string' },
    plugin: { type: 'string', multiple: true },
    config: { type: 'string', multiple: true },
    'no-fit': { type: 'boolean' },
    permit: { type: 'string' },
    seed: { type: 'string' },
    top: { type: 'string' },
    explain: { type: 'string' },
    record: { type: 'string' },
    replay: { type: 'string' },
    watch: { type: 'boolean' },
    memory: { type: 'string' },
    // A first call compiles what it runs, and a busy machine is no fault of a plugin.
    deadline: { type: 'string', default: '1s' },
    severity: { type: 'string' },
    fuel: { type: 'string' },
    cache: { type: 'string' },
  },
  async run(args, terminal) {
    if (args.text('replay') !== undefined) return replay(args.text('replay') ?? '', args, terminal)
    return args.flag('watch') ? watch(args, terminal) : simulate(await readSetup(args, terminal), args, terminal)
  },
}

async function simulate({ setup, ignored }: ReadSetup, args: Arguments, terminal: Terminal): Promise<number> {
  if (ignored > 0 && !args.json) terminal.err(`Neither nodes nor pods, and left out of the snapshot: ${ignored}\n`)
  const run = await runLogging(setup, args, terminal)
  const record = args.text('record')
  if (record !== undefined) await writeRecording(record, run)
  show(run, args, terminal, {})
  return exitCode(run)
}

async function replay(path: string, args: Arguments, terminal: Terminal): Promise<number> {
  if (args.positionals.length > 0 || args.flag('watch') || args.text('pods') !== undefined)
    throw new UsageError('--replay has its cluster and pods in the recording, and takes --plugin NAME=PATH')
  const recording = await readRecording(path)
  const run = await runLogging(await withPlugins(recording.setup, args), args, terminal)
  const found = differences(recording, run)
  show(run, args, terminal, { differences: found })
  if (!args.json) {
    terminal.out(
      found.length === 0 ? 'Every call has the answer that was recorded\n' : 'It differs from the recording:\n',
    )
    for (const difference of found) terminal.out(`  ${printable(difference)}\n`)
  }
  return found.length > 0 ? 1 : exitCode(run)
}

/** A recorded setup with other versions of some of its plugins. */
async function withPlugins(setup: Setup, args: Arguments): Promise<Setup> {
  const others = new Map<string, Uint8Array>()
  for (const { name, path } of readPlugins(args)) {
    if (!setup.plugins.some((plugin) => plugin.name === name))
      throw new UsageError(
        `There is no plugin '${name}' in the recording: there are ${setup.plugins.map((plugin) => plugin.name).join(', ')}`,
      )
    others.set(name, (await readPlugin(path)).wasm)
  }
  const plugins = setup.plugins.map((plugin) => ({ ...plugin, wasm: others.get(plugin.name) ?? plugin.wasm }))
  return { ...setup, plugins }
}

/** Runs after every save of what went into the last run that could be read, and of sources beside it, but not of what a run writes. */
async function watch(args: Arguments, terminal: Terminal): Promise<number> {
  const named = [args.only(snapshot), args.text('pods') ?? [], ...readPlugins(args).map(({ path }) => path)].flat()
  if (named.includes('-')) throw new UsageError('--watch needs files, and nothing that is piped in')
  const nowhere = named.find((path) => !existsSync(dirname(resolve(path))))
  if (nowhere !== undefined)
    throw new MortiseError('INPUT_INVALID', `Cannot watch '${nowhere}' for saves: there is no such folder`)
  const followed = new Set<string>()
  const watched = await Watch.open({ counts: (file) => followed.has(file) || extname(file) === '.ts' })
  const follow = (files: readonly string[]): void => {
    const paths = files.map((file) => resolve(file))
    for (const path of paths) followed.add(path)
    watched.follow(paths)
  }
  process.once('SIGINT', () => watched.close())
  follow(named)
  do {
    try {
      const read = await readSetup(args, terminal)
      follow(read.files)
      await simulate(read, args, terminal)
    } catch (error) {
      const usage = error instanceof UsageError
      if (!usage && !MortiseError.is(error)) throw error
      if (args.json) terminal.out(errorJson(error))
      else terminal.err(usage ? `${error.message}\n` : errorText(error, terminal))
    }
  } while ((await watched.next()) !== undefined)
  return 0
}

const runLogging = (setup: Setup, args: Arguments, terminal: Terminal): Promise<Run> =>
  runSetup(setup, args, new SimulationLog(args.json ? undefined : terminal))

function show(run: Run, args: Arguments, terminal: Terminal, more: Readonly<Record<string, unknown>>): void {
  const pod = args.text('explain')
  const explanation = pod === undefined ? undefined : explain(run, pod)
  if (args.json) terminal.out(`${JSON.stringify({ ok: true, ...runJson(run), explanation, ...more })}\n`)
  else terminal.out(explanation ?? report(run, whole('top', args.text('top') ?? '10')))
}

const exitCode = ({ outcomes }: Run): number => (outcomes.some(({ outcome }) => outcome.result === 'failed') ? 1 : 0)
