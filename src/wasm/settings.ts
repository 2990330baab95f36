import { own } from './link.ts'

type Texts = Readonly<Record<string, string>>

/** What a guest reads by name: the plugin's config, and on top of it what the binding says of a call. */
export class Settings {
  readonly #config: Texts
  #read: (() => Texts) | undefined
  #all: Texts

  constructor(config: Texts) {
    this.#config = config
    this.#all = config
  }

  /** Replaces what is on top of the config. */
  configure(read: () => Texts): void {
    this.#read = read
    this.#all = this.#config
  }

  get(name: string): string | undefined {
    return own(this.all, name)
  }

  /** All by name: the same object until something changes. */
  get all(): Texts {
    if (this.#read !== undefined) {
      this.#all = { ...this.#config, ...this.#read() }
      this.#read = undefined
    }
    return this.#all
  }
}
