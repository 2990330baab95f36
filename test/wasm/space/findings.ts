import type { Verdict } from './judge.ts'

/** What a walk came to; plain enough to be handed from one process to another. */
export interface Summary {
  /** Opcodes that V8 knows, those of them that Mortise reads, and those that it refuses. */
  readonly opcodes: { readonly known: number; readonly read: number; readonly refused: number }
  /** Modules that V8 takes: how many Mortise takes, and how many it refuses. */
  readonly taken: number
  readonly refused: number
  /** Modules that V8 takes, by what it is about them that was walked. */
  readonly places: Readonly<Record<string, number>>
  /** Of those that it refuses: how many for which reason. */
  readonly reasons: Readonly<Record<string, number>>
  readonly wrong: readonly string[]
}

/** Collects what a walk finds. */
export class Findings {
  readonly #opcodes = { known: 0, read: 0, refused: 0 }
  readonly #reasons = new Map<string, number>()
  readonly #wrong: string[] = []
  readonly #places = new Map<string, number>()
  #place = ''
  #taken = 0
  #refused = 0

  /** Says what the next modules are about. */
  begin(place: string): void {
    this.#place = place
  }

  opcode(read: boolean): void {
    this.#opcodes.known++
    this.#opcodes[read ? 'read' : 'refused']++
  }

  /** Takes down what became of one module. */
  shape(verdict: Verdict): void {
    this.#places.set(this.#place, (this.#places.get(this.#place) ?? 0) + 1)
    if (verdict.kind === 'taken') this.#taken++
    if (verdict.kind === 'wrong') this.wrong(`${this.#place}: ${verdict.what}`)
    if (verdict.kind !== 'refused') return
    this.#refused++
    this.#reasons.set(verdict.reason, (this.#reasons.get(verdict.reason) ?? 0) + 1)
  }

  wrong(what: string): void {
    this.#wrong.push(what)
  }

  summary(): Summary {
    return {
      opcodes: { ...this.#opcodes },
      taken: this.#taken,
      refused: this.#refused,
      places: Object.fromEntries(this.#places),
      reasons: Object.fromEntries(this.#reasons),
      wrong: this.#wrong,
    }
  }
}
