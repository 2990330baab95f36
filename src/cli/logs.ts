import type { LoggedLine } from '../client/client.ts'
import type { Command } from './command.ts'
import { printable } from './format.ts'
import { openClient, targetHelp, targetOptions } from './target.ts'

export const logsCommand: Command = {
  help: `mortise logs: the lines that a plugin writes

Usage: mortise logs <name> [-f] [options]

  -f, --follow            go on with what is to come, until Ctrl-C; also when the server is started again
${targetHelp}
  --json                  print a JSON object for each line, with its time and its activation
  -h, --help              print this

The server remembers the last 100 lines of each plugin.

Examples:
  mortise logs hello
  mortise logs hello -f --json
`,
  options: { ...targetOptions, follow: { type: 'boolean', short: 'f' } },
  async run(args, terminal) {
    const name = args.only('name of a plugin')
    using client = await openClient(args, terminal)
    const stop = new AbortController()
    const interrupt = (): void => stop.abort()
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
    const report = (problem: string): void => terminal.err(`${printable(problem)}\n`)
    try {
      const lines = client.logs(name, { follow: args.flag('follow'), signal: stop.signal, report })
      for await (const line of lines) terminal.out(args.json ? `${JSON.stringify(line)}\n` : text(line))
    } catch (error) {
      if (!stop.signal.aborted) throw error
    } finally {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
    }
    return 0
  },
}

const text = ({ source, level, text: line }: LoggedLine): string =>
  `${source === 'log' ? `[${printable(level ?? 'log')}] ` : ''}${printable(line, '\t')}\n`
