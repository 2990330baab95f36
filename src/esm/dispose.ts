import { within } from '../within.ts'

/** How long what a module exports as `dispose` may take. */
const longest = 5_000

/**
 * Calls what a module exports as `dispose`, which ends what would keep it alive: timers, listeners, connections.
 *
 * @throws whatever it throws, or that it took longer than five seconds
 */
export async function dispose({ dispose: end }: Readonly<Record<string, unknown>>): Promise<void> {
  if (typeof end === 'function') await within(longest, 'its promise', Reflect.apply(end, undefined, []))
}
