import type { KeptPlugin, KeptVersion } from '../client/client.ts'
import { type Command, UsageError } from './command.ts'
import { bytes, table } from './format.ts'
import { openClient, targetHelp, targetOptions } from './target.ts'

export const listCommand: Command = {
  help: `mortise list: what is live on a server

Usage: mortise list [name] [options]

  [name]                  a plugin: the versions of it that the server keeps, and since when they were live; default: all
${targetHelp}
  --json                  print one JSON object
  -h, --help              print this

Examples:
  mortise list
  mortise list hello --to https://host:8443 --token-file token
`,
  options: targetOptions,
  async run(args, terminal) {
    const [name, ...more] = args.positionals
    if (more.length > 0) throw new UsageError('It takes one name, or none')
    using client = await openClient(args, terminal)
    if (name === undefined) {
      const plugins = await client.list()
      if (args.json) terminal.out(`${JSON.stringify({ ok: true, plugins })}\n`)
      else if (plugins.length === 0) terminal.err(`Nothing is deployed at ${client.where}\n`)
      else terminal.out(table(plugins.map((version) => row(version))))
      return 0
    }
    const plugin = await client.show(name)
    terminal.out(args.json ? `${JSON.stringify({ ok: true, ...plugin })}\n` : table(versions(plugin)))
    return 0
  },
}

const row = (
  { plugin, version, contract, mount = '', size, digest, at, by }: KeptVersion,
  more = '',
): readonly string[] => {
  return [
    plugin,
    `version ${version}`,
    `${contract} ${mount}`.trim(),
    bytes(size),
    digest.slice(0, 12),
    time(at),
    `by ${by}`,
    more,
  ]
}

function versions({ live, versions: all, activations }: KeptPlugin): readonly (readonly string[])[] {
  return all.map((version) => {
    const last = activations.find((activation) => activation.version === version.version)
    const was = last === undefined ? '' : `live ${time(last.at)}`
    return row(version, version.version === live ? 'live now' : was)
  })
}

/** To the second. */
const time = (at: number): string => new Date(at).toISOString().replace(/\.\d+/, '')
