/** The guest trapped because a limit of ours stopped it. Its cause is the trap. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
  readonly code: 'DEADLINE' | 'FUEL'

  constructor(code: 'DEADLINE' | 'FUEL', limit: string, trap: Error) {
    super(lateSentence(code.toLowerCase(), limit), { cause: trap })
    this.code = code
  }
}

/** What is said of a call that took too much. */
export function lateSentence(option: string, limit: string): string {
  return `it did not end within its ${option} of ${limit}. Make it do less, or raise the limit '${option}'`
}
