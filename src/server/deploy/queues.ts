import { MortiseError } from '../../errors.ts'

/** Changes of one plugin that may wait for their turn. */
const most = 100

/** Changes of each plugin, one after another. */
export class Queues {
  readonly #queues = new Map<string, { waiting: number; last: Promise<unknown> }>()

  /** @throws MortiseError `QUEUE_FULL`, and what the change throws */
  run<T>(plugin: string, change: () => Promise<T>): Promise<T> {
    const queue = this.#queues.get(plugin) ?? { waiting: 0, last: Promise.resolve() }
    if (queue.waiting >= most) {
      const message = `Cannot change '${plugin}': ${most} changes of it are under way. Try again when some are done`
      return Promise.reject(new MortiseError('QUEUE_FULL', message, { plugin, limit: most }))
    }
    this.#queues.set(plugin, queue)
    queue.waiting++
    const result = queue.last.then(change)
    queue.last = result
      .catch(() => {})
      .then(() => {
        if (--queue.waiting === 0) this.#queues.delete(plugin)
      })
    return result
  }
}
