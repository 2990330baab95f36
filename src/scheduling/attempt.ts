import type { Attempt } from '../contracts/scheduler/attempt.ts'
import { field, textOf } from '../contracts/scheduler/fields.ts'
import type { SchedulerHook } from '../contracts/scheduler/hooks.ts'
import { statusCode } from '../contracts/scheduler/status.ts'
import { bind, permit, type Permitted, reserve, unreserve } from './binding.ts'
import { type Filtered, filterNodes, type NominatedTo, preFilter } from './filtering.ts'
import { type HookCall, Member, type Refusal } from './member.ts'
import { podName } from './objects.ts'
import type { Profile } from './profile.ts'
import { type Scored, scoreNodes } from './scoring.ts'

/** What the plugins propose for a pod that fits on no node. */
export interface Nomination {
  /** The node that it is nominated to: empty to clear that; `undefined` where no plugin has an opinion. */
  readonly node: string | undefined
  /** The plugins' reasons, in their words. */
  readonly reasons: readonly string[]
}

/**
 * One attempt at scheduling one pod through the plugins of a profile, step by step: each of them has one instance for all of it.
 *
 * The steps are kube-scheduler's, in its order. A plugin that fails ends the attempt: the step throws `SCHEDULING_FAILED`.
 */
export class SchedulingAttempt implements AsyncDisposable {
  readonly #attempt: Attempt
  readonly #members: readonly Member[]

  /** Use `SchedulingAttempt.begin`. */
  private constructor(attempt: Attempt, members: readonly Member[]) {
    this.#attempt = attempt
    this.#members = members
  }

  /**
   * Leases every plugin.
   *
   * @param observe - is told of every call of a hook
   * @throws MortiseError what leasing a plugin throws
   */
  static async begin(
    profile: Profile,
    attempt: Attempt,
    observe?: (call: HookCall) => void,
  ): Promise<SchedulingAttempt> {
    const members: Member[] = []
    const begun = new SchedulingAttempt(attempt, members)
    try {
      // One after another: two attempts that lease in the same order never wait for each other.
      for (const entry of profile)
        members.push(new Member(podName(attempt.pod), entry, await entry.plugin.lease(attempt), observe))
      return begun
    } catch (error) {
      await begun[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Whether any plugin takes part in one of these. */
  takesPart(...hooks: readonly SchedulerHook[]): boolean {
    return this.#members.some((member) => hooks.some((hook) => member.takesPart(hook)))
  }

  /**
   * PreFilter and filter.
   *
   * @param nodes - the names of those to ask about. Default: all of the snapshot, where a pod that was nominated to a node goes there if
   *   it fits
   * @param nominatedTo - the pods that go before this one and are nominated to a node. Default: none
   */
  async filter(nodes?: readonly string[], nominatedTo: NominatedTo = () => []): Promise<Filtered> {
    const before = preFilter(this.#members)
    if (before.rejected) return { feasible: [], refused: new Map(), rest: before.rest, rejected: true }
    if (nodes !== undefined) return filterNodes(this.#members, nodes, before, nominatedTo)
    const { pod, nodes: snapshot } = this.#attempt
    const nominated = textOf(field(pod, 'status', 'nominatedNodeName'))
    if (snapshot.get(nominated) !== undefined) {
      const there = await filterNodes(this.#members, [nominated], { ...before, names: undefined }, nominatedTo)
      if (there.feasible.length > 0) return there
    }
    return filterNodes(this.#members, snapshot.names, before, nominatedTo)
  }

  /** PostFilter, for a pod that fits on no node. */
  postFilter({ refused }: Filtered): Nomination {
    const codes = Object.fromEntries(Array.from(refused, ([node, { code }]) => [node, code]))
    const reasons: string[] = []
    let node: string | undefined
    for (const member of this.#members) {
      if (!member.takesPart('postFilter')) continue
      const { status, ...result } = member.call('postFilter', undefined, (hooks) => hooks.postFilter(codes))
      const refusal = member.refusal('postFilter', undefined, status)
      const proposed = result.nominatingMode === 0 ? undefined : result.nominatedNode
      if (refusal === undefined) return { node: proposed, reasons: [] }
      if (refusal.reason !== '') reasons.push(refusal.reason)
      if (refusal.code === statusCode.unschedulableAndUnresolvable) return { node: proposed, reasons: [refusal.reason] }
      node = proposed ?? node
    }
    return { node, reasons }
  }

  /** PreScore, score and normalizeScore. @param nodes - the names of those that are feasible */
  async score(nodes: readonly string[]): Promise<Scored> {
    return scoreNodes(this.#members, nodes)
  }

  /** Reserve. After a refusal {@link unreserve} is due. */
  reserve(node: string): Refusal | undefined {
    return reserve(this.#members, node)
  }

  /** Permit. After a refusal {@link unreserve} is due. */
  permit(node: string): Permitted {
    return permit(this.#members, node)
  }

  /**
   * PreBind, bind and postBind. After a refusal {@link unreserve} is due.
   *
   * @param binder - binds the pod where no plugin does. Default: nothing has to be done
   */
  bind(node: string, binder: () => Promise<void> = async () => {}): Promise<Refusal | undefined> {
    return bind(this.#members, node, binder)
  }

  /** Unreserve, of all plugins. What fails in it is no more than observed. */
  unreserve(node: string): void {
    unreserve(this.#members, node)
  }

  /** Ends the leases. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#members.map((member) => member.end()))
  }
}
