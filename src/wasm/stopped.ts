/** The guest trapped because a limit of ours stopped it. Its cause is the trap. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
  readonly code: 'DEADLINE' | 'FUEL'

  constructor(code: 'DEADLINE' | 'FUEL', limit: string, trap: Error) {
    const option = code.toLowerCase()
    super(`it did not end within its ${option} of ${limit}. Make it do less, or raise the limit '${option}'`, {
      cause: trap,
    })
    this.code = code
  }
}
