import { none, settingsOf } from './context.ts'
import type { Fields } from './fields.ts'

/** What of an activation lies in the environment, where one call runs at a time: the next call finds nothing of it. */
export class Environment {
  /** What was there before. */
  readonly #before = new Map<string, string | undefined>()

  set(activation: Fields): void {
    if (activation === none && this.#before.size === 0) return
    const settings = settingsOf(activation)
    for (const [name, value] of this.#before) {
      if (Object.hasOwn(settings, name)) continue
      if (value === undefined) Reflect.deleteProperty(process.env, name)
      else process.env[name] = value
      this.#before.delete(name)
    }
    for (const [name, value] of Object.entries(settings)) {
      if (!this.#before.has(name)) this.#before.set(name, process.env[name])
      process.env[name] = value
    }
  }
}
