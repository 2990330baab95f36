import { action, type JsonObject } from '../contracts/action/action.ts'
import type { PluginLogLine } from '../host.ts'
import { type Arguments, type Command, UsageError } from './command.ts'
import { readEvent } from './event.ts'
import { duration } from './format.ts'
import { guestName, hostHelp, hostOptions, makeHost, readConfig, readGuest } from './guest.ts'

export const runCommand: Command = {
  help: `mortise run: call a guest and print its result

Usage: mortise run <artifact or source> [--data JSON | --input file]

  <artifact or source>    a .wasm module, or a guest's .ts source or folder, which is built first; what --allow names
  --data <JSON>           the event
  --input <file>          a file that holds the event; without both, what is piped in, or {}
  --hook <name>           the hook to call; default: main, the only one that an action has
  --repeat <n>            call it n times, print the last result and its lines, and the times
${hostHelp}
  --json                  print one JSON object: result, logs, times
  -h, --help              print this

The result goes to stdout; what the guest prints and logs goes to stderr. Exit code 1 when the guest or the event failed.

Examples:
  mortise run hello.wasm --data '{"name":"Mike"}'
  mortise run examples/hello/guest --input event.json --repeat 1000
  echo '{"name":"Mike"}' | mortise run hello.mjs --allow esm
  mortise run ./hello.py --data '{"name":"Mike"}' --allow process
`,
  options: {
    ...hostOptions,
    data: { type: 'string' },
    input: { type: 'string' },
    hook: { type: 'string' },
    repeat: { type: 'string' },
  },
  async run(args, terminal) {
    const path = args.only('artifact or source')
    args.choice('hook', ['main'])
    const repeat = readRepeat(args)
    const logs: PluginLogLine[] = []
    // Of many calls only the last one's lines are shown, so that the rest is timed without a terminal in it.
    let shown = repeat === 1
    await using host = makeHost(args, (line) => {
      if (!shown) return
      if (args.json) logs.push(line)
      else terminal.err(line.source === 'log' ? `[${line.level}] ${line.text}\n` : `${line.text}\n`)
    })
    const event = await readEvent(args, terminal)
    const source = await readGuest(path, args)
    const start = performance.now()
    const plugin = await host.plug(guestName(path), source, action, { config: readConfig(args) })
    const loaded = performance.now()
    let result: JsonObject = {}
    for (let call = 1; call < repeat; call++) result = await plugin.hooks.main(event)
    const milliseconds = { load: loaded - start, call: (performance.now() - loaded) / Math.max(1, repeat - 1) }
    shown = true
    result = await plugin.hooks.main(event)
    if (args.json) {
      const { calls, restores, lastFuel } = plugin.stats()
      const { digest, runtime } = plugin
      terminal.out(
        `${JSON.stringify({ ok: true, result, logs, digest, runtime, calls, restores, fuel: lastFuel, milliseconds })}\n`,
      )
      return 0
    }
    terminal.out(`${JSON.stringify(result)}\n`)
    if (repeat > 1)
      terminal.err(`${repeat} calls, ${duration(milliseconds.call)} each; loaded in ${duration(milliseconds.load)}\n`)
    return 0
  },
}

function readRepeat(args: Arguments): number {
  const text = args.text('repeat') ?? '1'
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new UsageError(`--repeat is '${text}', and takes a whole number from 1 to 999999999`)
  return Number(text)
}
