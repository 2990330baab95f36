import { type Command, UsageError } from './command.ts'
import { duration } from './format.ts'
import { openClient, targetHelp, targetOptions } from './target.ts'
import { whole } from './numbers.ts'

export const rollbackCommand: Command = {
  help: `mortise rollback: make a version live that was live before

Usage: mortise rollback <name> [version] [options]

  [version]               as mortise list <name> shows it; default: the one that was live before the present one
${targetHelp}
  --json                  print one JSON object
  -h, --help              print this

Examples:
  mortise rollback hello
  mortise rollback hello 3
`,
  options: targetOptions,
  async run(args, terminal) {
    const [name, version, ...more] = args.positionals
    if (name === undefined || more.length > 0) throw new UsageError('It takes the name of a plugin, and a version')
    const wanted = version === undefined ? undefined : whole('version', version)
    using client = await openClient(args, terminal)
    const start = performance.now()
    const back = await client.rollback(name, wanted)
    const took = performance.now() - start
    const how = back.kept ? 'kept ready' : 'loaded anew'
    if (args.json) terminal.out(`${JSON.stringify({ ok: true, ...back, milliseconds: took })}\n`)
    else terminal.out(`${name} version ${back.version} is live, ${how}, in ${duration(took)}\n`)
    return 0
  },
}
