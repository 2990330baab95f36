/** An event as it is remembered: `data` is JSON. */
export interface Remembered {
  readonly number: number
  readonly event: string
  readonly data: string
}

/** Of one plugin: so many events, and characters of them. */
const most = { events: 100, characters: 2 ** 18 }
/** Plugins that are remembered; the one that was silent for longest is forgotten for another. */
const mostPlugins = 200

interface Memory {
  readonly events: Remembered[]
  characters: number
  /** The number of the last event that was forgotten. */
  forgotten: number
}

/** The last events of each plugin: one that says much makes no other one be forgotten. */
export class EventMemory {
  readonly #plugins = new Map<string, Memory>()
  /** The number of the last event of a plugin that was forgotten whole. */
  #forgotten = 0

  add(plugin: string, event: Remembered): void {
    const memory = this.#plugins.get(plugin) ?? { events: [], characters: 0, forgotten: this.#forgotten }
    this.#plugins.delete(plugin)
    if (this.#plugins.size >= mostPlugins) this.#forget()
    this.#plugins.set(plugin, memory)
    memory.events.push(event)
    memory.characters += event.data.length
    while (memory.events.length > most.events || (memory.characters > most.characters && memory.events.length > 1)) {
      const { number = 0, data = '' } = memory.events.shift() ?? {}
      memory.forgotten = number
      memory.characters -= data.length
    }
  }

  /**
   * The events after a number that somebody wants, in their order.
   *
   * @returns them, and whether there were more that are forgotten
   */
  after(number: number, wants: (plugin: string) => boolean): { events: readonly Remembered[]; missed: boolean } {
    const wanted = [...this.#plugins].filter(([plugin]) => wants(plugin)).map(([, memory]) => memory)
    const events = wanted.flatMap((memory) => memory.events).filter((event) => event.number > number)
    const missed = [this.#forgotten, ...wanted.map(({ forgotten }) => forgotten)].some((last) => last > number)
    return { events: events.toSorted((a, b) => a.number - b.number), missed }
  }

  #forget(): void {
    const [[plugin, memory] = []] = this.#plugins
    if (plugin === undefined) return
    this.#plugins.delete(plugin)
    this.#forgotten = Math.max(this.#forgotten, memory?.events.at(-1)?.number ?? 0)
  }
}
