import { none, settingsOf } from './context.ts'
import { turns } from './turn.ts'

type Texts = Readonly<Record<string, string>>

const nothing: Texts = {}

/**
 * Makes `process.env` what each call sees of it, where several may run at once: what its activation says lies on top of what all have, by
 * the asynchronous context that asks. What is written reaches all, and is hidden by what an activation says.
 */
export function shareEnvironment(): void {
  process.env = new Proxy(process.env, {
    get: (all, name) => valueOf(name) ?? all[String(name)],
    has: (all, name) => valueOf(name) !== undefined || name in all,
    set: (all, name, value) => Reflect.set(all, name, value),
    ownKeys: (all) => [...new Set([...Reflect.ownKeys(all), ...Object.keys(settings())])],
    getOwnPropertyDescriptor(all, name) {
      const value = valueOf(name)
      if (value === undefined) return Reflect.getOwnPropertyDescriptor(all, name)
      return { value, configurable: true, enumerable: true, writable: true }
    },
  })
}

const valueOf = (name: string | symbol): string | undefined => {
  const own = settings()
  return typeof name === 'string' && Object.hasOwn(own, name) ? own[name] : undefined
}

/** What the activation says that asks. */
function settings(): Texts {
  const turn = turns.getStore()
  if (turn?.activation === undefined || turn.activation === none) return nothing
  turn.settings ??= settingsOf(turn.activation)
  return turn.settings
}
