import { own } from './link.ts'

type Texts = Readonly<Record<string, string>>

/** What a guest reads by name: the plugin's config, and on top of it what the binding gave it for a call. */
export class Settings {
  readonly #config: Texts
  #call: Texts = {}
  #all: Texts | undefined

  constructor(config: Texts) {
    this.#config = config
  }

  /** Replaces what is on top of the config. */
  configure(call: Texts): void {
    if (call === this.#call) return
    this.#call = call
    this.#all = undefined
  }

  get(name: string): string | undefined {
    return own(this.#call, name) ?? own(this.#config, name)
  }

  /** All by name: the same object until something changes. */
  get all(): Texts {
    this.#all ??= { ...this.#config, ...this.#call }
    return this.#all
  }
}
