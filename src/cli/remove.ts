import type { Command } from './command.ts'
import { openClient, targetHelp, targetOptions } from './target.ts'

export const removeCommand: Command = {
  help: `mortise remove: take a plugin from a server, with its versions

Usage: mortise remove <name> [options]

${targetHelp}
  --json                  print one JSON object
  -h, --help              print this

What is under way is answered. Its versions are gone for good.

Example:
  mortise remove hello
`,
  options: targetOptions,
  async run(args, terminal) {
    const name = args.only('name of a plugin')
    using client = await openClient(args, terminal)
    await client.remove(name)
    terminal.out(args.json ? `${JSON.stringify({ ok: true, plugin: name })}\n` : `${name} is removed\n`)
    return 0
  },
}
