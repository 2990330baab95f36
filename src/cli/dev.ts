import { basename, dirname, resolve } from 'node:path'
import { DevLoop } from '../dev/loop.ts'
import type { Command, Terminal } from './command.ts'
import { openTarget } from './dev-target.ts'
import { invoker } from './dev-invoke.ts'
import { reporter } from './dev-report.ts'
import { environmentHelp, environmentOptions } from './environment.ts'
import { guestName } from './guest-name.ts'
import { targetOptions } from './target.ts'
import { onKeys } from './keys.ts'
import { untilSignal } from './signals.ts'

export const devCommand: Command = {
  help: `mortise dev: what is saved is live

Usage: mortise dev <path> [options]

  <path>                  a guest: a .ts or .js file, a folder with an index.ts or its kin, a .wasm module, a program
  --name <name>           what it is called; default: the name of the file or folder
  --contract <contract>   action or http; default: what the guest exports or imports says which
  --runtime <runtime>     wasm: text is AssemblyScript, also where it imports nothing of tenon; esm (default for other
                          text), process: JavaScript runs in a process of its own
  --optimize <for>        what the build is for that follows the one in a hurry: speed (default), size; none: it stays
  --gc <collector>        none (default), minimal, incremental
${environmentHelp}
  --deadline <time>       a call may take so long, default 60 s
  --memory <size>         memory limit of WebAssembly, default 16 MiB
  --web                   an action is at /web/<name>, too
  --mount <path>          where an HTTP handler answers, with all that is below; default /
  --invoke <file>         call it whenever something new is live: an action with the JSON in this file, an HTTP handler with
                          the request that it says: method, path, headers, body
  --ext <ending>          files with this ending count, too, such as .html; may be given again
  --to <URL>              the deploy API of a server, or unix: and the path of a socket; default: it starts a server
  --token-file <file>     the token for it; default: MORTISE_TOKEN. --ca, --cert, --key <file>: as of mortise deploy
  --serves <URL>          where functions of that server are called, for --invoke
  --host <address>        where to listen, default 127.0.0.1
  --port <number>         default: PORT of the environment, or 8080
  --next-port             take the next port that is free where this one is taken
  --json                  print one JSON object per event
  -h, --help              print this

It watches the folder of the guest, but for what git ignores. A build that fails changes nothing: the last good version stays,
and its answers have the header x-mortise-broken. On a terminal: r reloads, i invokes, q quits.

Examples:
  mortise dev hello.ts
  mortise dev guests/hello --invoke params.json
  mortise dev handler.ts --to https://host:8443 --token-file token
`,
  options: {
    name: { type: 'string' },
    contract: { type: 'string' },
    runtime: { type: 'string' },
    optimize: { type: 'string' },
    gc: { type: 'string' },
    ...environmentOptions,
    deadline: { type: 'string' },
    memory: { type: 'string' },
    web: { type: 'boolean' },
    mount: { type: 'string' },
    invoke: { type: 'string' },
    ext: { type: 'string', multiple: true },
    ...targetOptions,
    serves: { type: 'string' },
    host: { type: 'string' },
    port: { type: 'string' },
    'next-port': { type: 'boolean' },
  },
  async run(args, terminal) {
    const path = args.only('path')
    const name = args.text('name') ?? nameOf(path)
    const runtime = args.choice('runtime', ['wasm', 'esm', 'process'])
    const contract = args.choice('contract', ['action', 'http'])
    const params = args.text('invoke')
    await using target = await openTarget(path, name, args, terminal)
    await using loop = await DevLoop.open({
      path,
      name,
      ...(runtime !== undefined && { runtime }),
      ...(contract !== undefined && { contract }),
      optimize: args.choice('optimize', ['none', 'size', 'speed']) ?? 'speed',
      gc: args.choice('gc', ['none', 'minimal', 'incremental']) ?? 'none',
      also: args.texts('ext').map((ending) => (ending.startsWith('.') ? ending : `.${ending}`)),
      target,
      invoke: params === undefined ? undefined : invoker(params),
      tell: reporter(terminal, args.json),
    })
    await untilEnd(loop, args.json ? '' : 'r reloads, i invokes, q quits', terminal)
    return 0
  },
}

/** A file that is the only one of its folder, by its name, is called after that. */
function nameOf(path: string): string {
  const file = resolve(path)
  return guestName(/^(?:index|main)\.\w+$/.test(basename(file)) ? dirname(file) : file)
}

/** Resolves when somebody asks it to end; what it cannot go on from is thrown. */
async function untilEnd(loop: DevLoop, hint: string, terminal: Terminal): Promise<void> {
  const { promise: quit, resolve: end } = Promise.withResolvers<void>()
  using _ = onKeys(terminal, hint, { r: () => loop.restart(), i: () => loop.invoke(), q: () => end() })
  await Promise.race([loop.run(), untilSignal(), quit])
}
