import type { KubernetesObject } from '../contracts/scheduler/kubernetes/object.ts'
import { statusCode } from '../contracts/scheduler/status.ts'
import { MortiseError, reasonOf } from '../errors.ts'
import type { SchedulingAttempt } from './attempt.ts'
import type { PermitWait } from './binding.ts'
import type { Cluster } from './cluster.ts'
import type { Filtered } from './filtering.ts'
import type { Refusal } from './member.ts'
import { blockedBy, podName } from './objects.ts'
import { type Outcome, unfitMessage } from './outcome.ts'
import type { Scored } from './scoring.ts'
import { select, type Selected } from './selection.ts'

/** What becomes known of a pod on its way, in the order of kube-scheduler's cycles: first the scheduling cycle, then the binding cycle. */
export class Cycle {
  readonly pod: KubernetesObject
  readonly #attempt: SchedulingAttempt
  readonly #cluster: Cluster
  #filtered: Filtered | undefined
  #scored: Scored | undefined
  #selected: Selected | undefined
  #waits: readonly PermitWait[] = []
  #nominated: string | undefined
  #refusal: Refusal | undefined
  #message = ''
  #result: Outcome['result'] | undefined

  constructor(pod: KubernetesObject, attempt: SchedulingAttempt, cluster: Cluster) {
    this.pod = pod
    this.#attempt = attempt
    this.#cluster = cluster
  }

  /** How the pod is asked to wait, once it has a node. */
  get waits(): readonly PermitWait[] {
    return this.#waits
  }

  /** It has come to an end, with or without a node. */
  get over(): boolean {
    return this.#result !== undefined
  }

  /** From preFilter to permit. */
  async schedule(random: () => number): Promise<void> {
    await this.#step(async () => {
      const blocked = blockedBy(this.pod)
      if (blocked !== undefined) return this.#end('unschedulable', `Nothing is tried: ${blocked}`)
      if (this.#cluster.nodes.names.length === 0) return this.#end('unschedulable', 'The cluster has no nodes')
      const filtered = (this.#filtered = await this.#attempt.filter(undefined, (node) =>
        this.#cluster.nominatedBefore(this.pod, node),
      ))
      if (filtered.feasible.length === 0) return this.#unfit(filtered)
      this.#selected = await this.#select(filtered.feasible, random)
      const { node } = this.#selected
      this.#cluster.nominate(this.pod, '')
      this.#cluster.assume(this.pod, node)
      const refusal = this.#attempt.reserve(node)
      if (refusal !== undefined) return this.reject(refusal, 'reserve')
      const permitted = this.#attempt.permit(node)
      if (permitted.refusal !== undefined) return this.reject(permitted.refusal, 'permit')
      this.#waits = permitted.waits
    })
  }

  /** From preBind to postBind. */
  async bind(): Promise<void> {
    await this.#step(async () => {
      const node = this.#selected?.node ?? ''
      const refusal = await this.#attempt.bind(node)
      if (refusal !== undefined) return this.reject(refusal, 'binding')
      this.#end('bound', `Successfully assigned ${podName(this.pod)} to ${node}`)
    })
  }

  /** The wait is over, and nobody has allowed it. */
  timeOut(): void {
    const [first] = this.#waits.toSorted((one, other) => one.timeout - other.timeout)
    const reason = `rejected due to timeout after waiting ${(first?.timeout ?? 0) / 1000}s at plugin ${first?.plugin ?? ''}`
    this.reject({ plugin: first?.plugin ?? '', code: statusCode.unschedulable, reason }, 'permit')
  }

  /** A plugin refuses the node that the pod had. */
  reject(refusal: Refusal, where: string): void {
    this.#refusal = refusal
    this.#giveUp()
    const reason = refusal.reason === '' ? `it gave the status ${refusal.code}` : refusal.reason
    this.#end(
      'unschedulable',
      `The plugin '${refusal.plugin}' refused the node '${this.#selected?.node}' in ${where}: ${reason}`,
    )
  }

  /** Ends the leases. */
  async close(): Promise<void> {
    await this.#attempt[Symbol.asyncDispose]()
  }

  outcome(events: Outcome['events'], times: Outcome['times']): Outcome {
    const result = this.#result ?? 'failed'
    return {
      pod: this.pod,
      result,
      node: result === 'bound' ? this.#selected?.node : undefined,
      message: this.#message,
      refusal: this.#refusal,
      filtered: this.#filtered,
      scored: this.#scored,
      selected: this.#selected,
      waits: this.#waits,
      nominated: this.#nominated,
      events,
      times,
    }
  }

  async #select(feasible: readonly string[], random: () => number): Promise<Selected> {
    // Where one is left there is nothing to weigh up.
    if (feasible.length === 1) return { node: feasible[0] ?? '', best: feasible }
    this.#scored = await this.#attempt.score(feasible)
    return select(this.#scored.totals, random)
  }

  #unfit(filtered: Filtered): void {
    const { node, reasons } = this.#attempt.postFilter(filtered)
    this.#nominated = node === '' ? undefined : node
    if (node !== undefined) this.#cluster.nominate(this.pod, node)
    this.#end('unschedulable', unfitMessage(this.#cluster.nodes.names.length, filtered, reasons))
  }

  /** A plugin that fails ends the attempt, and nothing else. */
  async #step(run: () => Promise<void>): Promise<void> {
    try {
      await run()
    } catch (error) {
      if (!MortiseError.is(error, 'SCHEDULING_FAILED')) throw error
      this.#giveUp()
      this.#end('failed', reasonOf(error))
    }
  }

  #giveUp(): void {
    if (this.#selected === undefined) return
    this.#attempt.unreserve(this.#selected.node)
    this.#cluster.forget(this.pod, this.#selected.node)
  }

  #end(result: Outcome['result'], message: string): void {
    this.#result = result
    this.#message = message
  }
}
