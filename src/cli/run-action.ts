import { action } from '../contracts/action/action.ts'
import { type Arguments, type Terminal, UsageError } from './command.ts'
import { readEvent } from './event.ts'
import { readConfig, type Guest, type Plugged } from './guest.ts'

/** Plugs a guest in as an action, to be called with the event of the command line. */
export async function plugAction(
  { host, source, name, hook }: Guest,
  args: Arguments,
  terminal: Terminal,
): Promise<Plugged> {
  if (args.text('state') !== undefined)
    throw new UsageError(
      '--state is what an extension reads, and this guest has none: an action takes --data or --input',
    )
  if (hook !== undefined && hook !== 'main')
    throw new UsageError(`'${hook}' is to be called, and an action has only 'main'`)
  const event = await readEvent(args, terminal)
  const start = performance.now()
  const plugin = await host.plug(name, source, action, { config: readConfig(args) })
  return { plugin, gives: 'result', load: performance.now() - start, call: () => plugin.hooks.main(event) }
}
