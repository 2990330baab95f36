import type { Fields } from './fields.ts'
import type { Turn } from './turn.ts'

type Texts = Readonly<Record<string, string>>

/** What a line says that says nothing beside the event. */
export const none: Fields = Object.freeze({})
const names = /^\w+$/
const levels = ['debug', 'info', 'warn', 'error'] as const

/** The second argument of a hook: what one call may use beside its event. */
export class Context {
  /** What the line says beside the event, by the names that it has there. */
  readonly activation: Fields
  readonly #turn: Turn
  #config: Texts
  #merged = false
  #log: Readonly<Record<string, (message: unknown) => void>> | undefined

  constructor(turn: Turn, config: Texts, activation: Fields) {
    this.#turn = turn
    this.#config = config
    this.activation = activation
  }

  /** The plugin's, and what the activation says, as `__OW_` and its name in capitals. */
  get config(): Texts {
    if (!this.#merged && this.activation !== none) {
      this.#config = Object.freeze({ ...this.#config, ...settingsOf(this.activation) })
      this.#merged = true
    }
    return this.#config
  }

  get log(): Readonly<Record<string, (message: unknown) => void>> {
    this.#log ??= Object.freeze(
      Object.fromEntries(
        levels.map((level) => [level, (message: unknown) => this.#turn.log({ level, text: String(message) })]),
      ),
    )
    return this.#log
  }
}

/** What a line says beside the event and how it is called. */
export function activationOf(line: Fields): Fields {
  for (const name in line) {
    if (name === 'value' || name === 'hook' || name === 'rejections') continue
    const { value: _value, hook: _hook, rejections: _rejections, ...activation } = line
    return activation
  }
  return none
}

/** The same as settings: `activation_id` is `__OW_ACTIVATION_ID`. What is no text is spelled as JSON. */
export function settingsOf(activation: Fields): Texts {
  const settings: Record<string, string> = {}
  for (const [name, field] of Object.entries(activation))
    if (names.test(name))
      settings[`__OW_${name.toUpperCase()}`] = typeof field === 'string' ? field : JSON.stringify(field)
  return settings
}
