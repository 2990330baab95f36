/** The guest trapped because the watchdog had told it to end. Its stack is that of the trap. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed'

  constructor(milliseconds: number, trap: Error) {
    super(`it did not end within its deadline of ${milliseconds} ms. Make it quicker, or raise the limit 'deadline'`, { cause: trap })
    if (trap.stack !== undefined) this.stack = trap.stack
  }
}
