import { statusCode } from '../contracts/scheduler/status.ts'
import type { Member, Refusal } from './member.ts'

/** A plugin's wish that a pod waits before it is bound. */
export interface PermitWait {
  readonly plugin: string
  /** Milliseconds; the pod is rejected once they are over. */
  readonly timeout: number
}

/** What the plugins say once a node is chosen. */
export interface Permitted {
  readonly refusal: Refusal | undefined
  readonly waits: readonly PermitWait[]
}

/** No pod waits longer for a permit, as in kube-scheduler: 15 minutes, in milliseconds. */
const longestWait = 15 * 60_000

/** Calls reserve of all plugins until one refuses. */
export function reserve(members: readonly Member[], node: string): Refusal | undefined {
  return firstRefusal(members, 'reserve', node)
}

/** Calls unreserve of all plugins, the last one first: of those too that have not reserved. */
export function unreserve(members: readonly Member[], node: string): void {
  for (const member of members.toReversed()) if (member.takesPart('unreserve')) member.tell('unreserve', node)
}

/** Calls permit of all plugins until one refuses. */
export function permit(members: readonly Member[], node: string): Permitted {
  const waits: PermitWait[] = []
  for (const member of members) {
    if (!member.takesPart('permit')) continue
    const { status, timeout } = member.call('permit', node, (hooks) => hooks.permit(node))
    if (status.code === statusCode.wait) {
      waits.push({ plugin: member.name, timeout: Math.min(timeout, longestWait) })
      continue
    }
    const refusal = member.refusal('permit', node, status)
    if (refusal !== undefined) return { refusal, waits: [] }
  }
  return { refusal: undefined, waits }
}

/**
 * Calls preBind of all plugins, then bind until one does not skip, then postBind.
 *
 * @param binder - binds where all skip, or none takes part
 */
export async function bind(
  members: readonly Member[],
  node: string,
  binder: () => Promise<void>,
): Promise<Refusal | undefined> {
  const refusal = firstRefusal(members, 'preBind', node)
  if (refusal !== undefined) return refusal
  const bound = bindBy(members, node)
  if (bound === undefined) await binder()
  else if (bound !== 'bound') return bound
  for (const member of members) if (member.takesPart('postBind')) member.tell('postBind', node)
  return undefined
}

/** @returns `undefined` where nobody has bound, and nobody refused to */
function bindBy(members: readonly Member[], node: string): Refusal | 'bound' | undefined {
  for (const member of members) {
    if (!member.takesPart('bind')) continue
    const status = member.call('bind', node, (hooks) => hooks.bind(node))
    if (status.code !== statusCode.skip) return member.refusal('bind', node, status) ?? 'bound'
  }
  return undefined
}

function firstRefusal(members: readonly Member[], hook: 'reserve' | 'preBind', node: string): Refusal | undefined {
  for (const member of members) {
    if (!member.takesPart(hook)) continue
    const status = member.call(hook, node, (hooks) => hooks[hook](node))
    const refusal = member.refusal(hook, node, status)
    if (refusal !== undefined) return refusal
  }
  return undefined
}
