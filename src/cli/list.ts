import type { KeptPlugin, KeptVersion } from '../client/client.ts'
import { type Command, UsageError } from './command.ts'
import { bytes } from './format.ts'
import { table } from './table.ts'
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
      else terminal.out(table([headings, ...plugins.map(row)], ''))
      return 0
    }
    const plugin = await client.show(name)
    terminal.out(args.json ? `${JSON.stringify({ ok: true, ...plugin })}\n` : table(history(plugin), ''))
    return 0
  },
}

const headings = ['plugin', ' version', 'contract', ' size', 'digest', 'deployed', 'by']

const row = ({ plugin, version, contract, mount = '', size, digest, at, by }: KeptVersion): readonly string[] => {
  return [plugin, `${version}`, `${contract} ${mount}`.trim(), bytes(size), digest.slice(0, 12), time(at), by]
}

function history({ live, versions, activations }: KeptPlugin): readonly (readonly string[])[] {
  const rows = versions.map((version): readonly string[] => {
    const last = activations.find((activation) => activation.version === version.version)
    const was = last === undefined ? '' : time(last.at)
    return row(version).concat(version.version === live ? 'now' : was)
  })
  return [headings.concat('live'), ...rows]
}

/** To the second. */
const time = (at: number): string => new Date(at).toISOString().replace(/\.\d+/, '')
