import type { PluginLogLine } from '../host.ts'
import { type Arguments, type Command, UsageError } from './command.ts'
import { duration } from './format.ts'
import { guestName } from './guest-name.ts'
import { hostHelp, hostOptions, makeHost, readGuest } from './guest.ts'
import { plugAction } from './run-action.ts'
import { plugExtension, readExtensions } from './run-extension.ts'

export const runCommand: Command = {
  help: `mortise run: call a guest and print what it gives

Usage: mortise run <artifact or source> [--data JSON | --input file]
       mortise run <artifact or source> <extension> [--state file]

  <artifact or source>    a .wasm module, or a guest's .ts source or folder, which is built first; what --allow names
  --data <JSON>           the event of an action
  --input <file>          a file that holds the event; without both, what is piped in, or {}
  <extension>             the one to call; default: the only one that there is
  --state <file>          what the extension reads, as JSON; default: nothing
  --repeat <n>            call it n times, print the last result and its lines, and the times
${hostHelp}
  --json                  print one JSON object: result or intents, logs, times
  -h, --help              print this

An action's result, or the intents of an extension, go to stdout; what the guest prints and logs goes to stderr. Exit
code 1 when the guest or the input failed.

A state is an object of storages, some with an entity. A row stands for all keys, a list of rows has a key for each:
  { "sys.Event": { "ArgumentObject": { "Items": [{ "Quantity": 2, "Price": 50 }] } },
    "sys.View(app.Days)": [{ "key": { "Year": 2026, "Day": 1 }, "value": { "Amount": 200 } }] }
In texts: int64 beyond 2^53 as digits, bytes as base64, qualified names as package.Entity.

Examples:
  mortise run hello.wasm --data '{"name":"Mike"}'
  mortise run examples/hello/guest --input event.json --repeat 1000
  mortise run orders.wasm NewOrder --state state.json
  echo '{"name":"Mike"}' | mortise run hello.mjs --allow esm
  mortise run ./hello.py --data '{"name":"Mike"}' --allow process
`,
  options: {
    ...hostOptions,
    data: { type: 'string' },
    input: { type: 'string' },
    state: { type: 'string' },
    repeat: { type: 'string' },
  },
  async run(args, terminal) {
    const [path, hook, ...more] = args.positionals
    if (path === undefined || more.length > 0)
      throw new UsageError('It takes one artifact or source, and the name of an extension in it')
    const repeat = readRepeat(args)
    const logs: PluginLogLine[] = []
    // Of many calls only the last one's lines are shown, so that the rest is timed without a terminal in it.
    let shown = repeat === 1
    await using host = makeHost(args, (line) => {
      if (!shown) return
      if (args.json) logs.push(line)
      else terminal.err(line.source === 'log' ? `[${line.level}] ${line.text}\n` : `${line.text}\n`)
    })
    const guest = { host, source: await readGuest(path, args), name: guestName(path), hook }
    const found = await readExtensions(guest.source)
    const plugged = await (found === undefined ? plugAction(guest, args, terminal) : plugExtension(guest, found, args))
    const start = performance.now()
    for (let call = 1; call < repeat; call++) await plugged.call()
    const milliseconds = { load: plugged.load, call: (performance.now() - start) / Math.max(1, repeat - 1) }
    shown = true
    const given = await plugged.call()
    if (args.json) {
      const { digest, runtime } = plugged.plugin
      const { calls, restores, lastFuel: fuel } = plugged.plugin.stats()
      const facts = { logs, digest, runtime, calls, restores, fuel, milliseconds }
      terminal.out(`${JSON.stringify({ ok: true, [plugged.gives]: given, ...facts })}\n`)
      return 0
    }
    terminal.out(`${JSON.stringify(given)}\n`)
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
