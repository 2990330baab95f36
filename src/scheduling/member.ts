import type { SchedulerHook, SchedulerHooks, ScoreResult } from '../contracts/scheduler/hooks.ts'
import { type Status, statusCode } from '../contracts/scheduler/status.ts'
import { MortiseError, reasonOf } from '../errors.ts'
import type { SchedulerLease, SchedulerPlugin } from './plugin.ts'

/** One call of a hook, as it went. */
export interface HookCall {
  readonly plugin: string
  readonly hook: SchedulerHook
  /** The node that it was about, where it was about one. */
  readonly node: string | undefined
  /** How long it took. */
  readonly milliseconds: number
  /** What the hook gave; `undefined` where it failed, or gives nothing. */
  readonly result: unknown
  /** Why it failed: a trap, a limit, an error of the host. */
  readonly error: string | undefined
}

/** What a plugin refused a pod or a node with. */
export interface Refusal {
  readonly plugin: string
  /** One of `statusCode`. */
  readonly code: number
  /** In the words of the plugin; may be empty. */
  readonly reason: string
}

/** One plugin of a profile during one attempt. */
export class Member {
  readonly name: string
  readonly weight: number
  readonly #pod: string
  readonly #lease: SchedulerLease
  readonly #hooks: ReadonlySet<SchedulerHook>
  readonly #observe: ((call: HookCall) => void) | undefined
  #last: Refusal | undefined

  constructor(
    pod: string,
    { plugin, weight }: { readonly plugin: SchedulerPlugin; readonly weight: number },
    lease: SchedulerLease,
    observe: ((call: HookCall) => void) | undefined,
  ) {
    this.name = plugin.name
    this.weight = weight
    this.#pod = pod
    this.#lease = lease
    this.#hooks = new Set(plugin.values.hooks)
    this.#observe = observe
  }

  takesPart(hook: SchedulerHook): boolean {
    return this.#hooks.has(hook)
  }

  /** Calls a hook; a plugin that fails ends the attempt. */
  call<R>(hook: SchedulerHook, node: string | undefined, call: (hooks: SchedulerHooks) => R): R {
    if (this.#observe === undefined) return this.#tried(hook, node, call)
    const start = performance.now()
    let result: R | undefined
    let error: string | undefined
    try {
      return (result = call(this.#lease.hooks))
    } catch (thrown) {
      error = reasonOf(thrown)
      throw this.failed(hook, node, error, thrown)
    } finally {
      this.#observe({ plugin: this.name, hook, node, milliseconds: performance.now() - start, result, error })
    }
  }

  /** Calls `filter` for many nodes, together where the plugin can. */
  filters(nodes: readonly string[]): Promise<readonly Status[]> {
    return this.#many('filter', nodes, this.#lease.filterAll, (node) => (hooks) => hooks.filter(node))
  }

  /** The same for `score`. */
  scores(nodes: readonly string[]): Promise<readonly ScoreResult[]> {
    return this.#many('score', nodes, this.#lease.scoreAll, (node) => (hooks) => hooks.score(node))
  }

  /** Many nodes can be asked about together. */
  get together(): boolean {
    return this.#lease.filterAll !== undefined
  }

  /** The same for a hook whose failure changes nothing any more. */
  tell(hook: 'unreserve' | 'postBind', node: string): void {
    try {
      this.call(hook, node, (hooks) => hooks[hook](node))
    } catch (error) {
      if (!MortiseError.is(error, 'SCHEDULING_FAILED')) throw error
    }
  }

  /** What a status refuses; `undefined` where it does not. Any other code than those for that ends the attempt. */
  refusal(hook: SchedulerHook, node: string | undefined, { code, reason }: Status): Refusal | undefined {
    if (code === statusCode.success) return undefined
    if (!isRejected(code)) throw this.failed(hook, node, reason === '' ? `it gave the status ${code}` : reason)
    // Nodes are refused for the same reason by thousands.
    if (this.#last?.code !== code || this.#last.reason !== reason) this.#last = { plugin: this.name, code, reason }
    return this.#last
  }

  failed(hook: SchedulerHook, node: string | undefined, reason: string, cause?: unknown): MortiseError {
    const where = node === undefined ? hook : `${hook} of the node '${node}'`
    return new MortiseError(
      'SCHEDULING_FAILED',
      `Cannot schedule the pod '${this.#pod}': the plugin '${this.name}' failed in ${where}: ${reason}`,
      { plugin: this.name, hook, ...(cause === undefined ? {} : { cause }) },
    )
  }

  async end(): Promise<void> {
    await this.#lease[Symbol.asyncDispose]()
  }

  async #many<R>(
    hook: 'filter' | 'score',
    nodes: readonly string[],
    all: ((nodes: readonly string[]) => Promise<readonly R[]>) | undefined,
    one: (node: string) => (hooks: SchedulerHooks) => R,
  ): Promise<readonly R[]> {
    if (all === undefined) return nodes.map((node) => this.call(hook, node, one(node)))
    const start = performance.now()
    let results
    try {
      results = await all.call(this.#lease, nodes)
    } catch (thrown) {
      throw this.failed(hook, undefined, reasonOf(thrown), thrown)
    }
    // Nobody knows what each of them took.
    const milliseconds = (performance.now() - start) / nodes.length
    for (const [index, node] of nodes.entries())
      this.#observe?.({ plugin: this.name, hook, node, milliseconds, result: results[index], error: undefined })
    return results
  }

  #tried<R>(hook: SchedulerHook, node: string | undefined, call: (hooks: SchedulerHooks) => R): R {
    try {
      return call(this.#lease.hooks)
    } catch (thrown) {
      throw this.failed(hook, node, reasonOf(thrown), thrown)
    }
  }
}

/** The codes that say no, and do not say that something is broken. */
function isRejected(code: number): boolean {
  return (
    code === statusCode.unschedulable || code === statusCode.unschedulableAndUnresolvable || code === statusCode.pending
  )
}
