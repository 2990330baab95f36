import type { PluginLogLine } from '../host.ts'
import { type Arguments, type Command, type Terminal, UsageError } from './command.ts'
import { duration } from './format.ts'
import { guestName } from './guest-name.ts'
import { type Guest, hostHelp, hostOptions, makeHost, type Plugged, readGuest } from './guest.ts'
import { plugAction } from './run-action.ts'
import { plugExtension, readExtensions } from './run-extension.ts'
import { plugHttp, takesRequest } from './run-http.ts'

export const runCommand: Command = {
  help: `mortise run: call a guest and print what it gives

Usage: mortise run <artifact or source> [--data JSON | --input file]
       mortise run <artifact or source> <extension> [--state file]
       mortise run <artifact or source> --request '/path' [--header 'name: value'] [--data text | --input file]

  <artifact or source>    a .wasm module, or a guest's .ts source or folder, which is built first; what --allow names
  --data <JSON>           the event of an action; the body of a request
  --input <file>          a file that holds it; without both, what is piped in, or {}
  --request <request>     what a handler of HTTP is asked: a path, or a method and a path; default: /
  --header <name: value>  a header of the request; may be given again
  <extension>             the one to call; default: the only one that there is
  --state <file>          what the extension reads, as JSON; default: nothing
  --repeat <n>            call it n times, print the last result and its lines, and the times
${hostHelp}
  --json                  print one JSON object: result, intents or response, logs, times
  -h, --help              print this

An action's result, the intents of an extension, or a handler's response go to stdout; what the guest prints and logs goes to stderr. Exit
code 1 when the guest or the input failed.

A state is an object of storages, some with an entity. A row stands for all keys, a list of rows has a key for each:
  { "sys.Event": { "ArgumentObject": { "Items": [{ "Quantity": 2, "Price": 50 }] } },
    "sys.View(app.Days)": [{ "key": { "Year": 2026, "Day": 1 }, "value": { "Amount": 200 } }] }
In texts: int64 beyond 2^53 as digits, bytes as base64, qualified names as package.Entity.

Examples:
  mortise run hello.wasm --data '{"name":"Mike"}'
  mortise run examples/hello/guest --input event.json --repeat 1000
  mortise run orders.wasm NewOrder --state state.json
  mortise run site.mjs --allow esm --request 'POST /orders' --header 'content-type: text/plain' --data hello
  echo '{"name":"Mike"}' | mortise run hello.mjs --allow esm
  mortise run ./hello.py --data '{"name":"Mike"}' --allow process
`,
  options: {
    ...hostOptions,
    data: { type: 'string' },
    input: { type: 'string' },
    state: { type: 'string' },
    request: { type: 'string' },
    header: { type: 'string', multiple: true },
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
    const plugged = await plug(guest, args, terminal)
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

/** Plugs a guest in by the contract that it is for. */
async function plug(guest: Guest, args: Arguments, terminal: Terminal): Promise<Plugged> {
  const extensions = await readExtensions(guest.source)
  if (extensions !== undefined) return plugExtension(guest, extensions, args)
  if (await takesRequest(guest.source, args)) return plugHttp(guest, args, terminal)
  return plugAction(guest, args, terminal)
}

function readRepeat(args: Arguments): number {
  const text = args.text('repeat') ?? '1'
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new UsageError(`--repeat is '${text}', and takes a whole number from 1 to 999999999`)
  return Number(text)
}
