import { MortiseError } from './errors.ts'
import type { Slot } from './pool/slot.ts'

/** Calls of one plugin that may wait. */
const most = 10_000

/** Calls that come while the state of a plugin is on its way from one version to the next. They wait for the next one. */
export class HeldCalls {
  /** Is called in place of an instance. */
  readonly slot: Slot
  readonly #plugin: string
  readonly #over = Promise.withResolvers<void>()
  #waiting = 0

  /**
   * @param hooks - how many there are
   * @param call - makes a call of the hook with this index, under a deadline of its own where it has one
   */
  constructor(
    plugin: string,
    hooks: number,
    call: (index: number, args: readonly unknown[], deadline: number | undefined) => unknown,
  ) {
    this.#plugin = plugin
    let own: number | undefined
    this.slot = {
      instance: {
        ready: true,
        stale: false,
        calls: 0,
        within(deadline, make) {
          own = deadline
          try {
            return make()
          } finally {
            own = undefined
          }
        },
        close() {},
      },
      hooks: Array.from({ length: hooks }, (_, index) => async (...args: unknown[]) => {
        const deadline = own
        await this.#wait()
        return call(index, args, deadline)
      }),
    }
  }

  /** Lets them go on. */
  release(): void {
    this.#over.resolve()
  }

  async #wait(): Promise<void> {
    if (this.#waiting >= most) {
      const plugin = this.#plugin
      throw new MortiseError(
        'QUEUE_FULL',
        `Cannot call plugin '${plugin}': ${most} calls of it wait until its state is handed to the next version. Call less at once`,
        { plugin, limit: most },
      )
    }
    this.#waiting++
    await this.#over.promise
  }
}
