import type { SchedulerHook } from './hooks.ts'

const all: Readonly<Record<SchedulerHook, true>> = {
  enqueue: true,
  preFilter: true,
  addPod: true,
  removePod: true,
  filter: true,
  postFilter: true,
  preScore: true,
  score: true,
  normalizeScore: true,
  reserve: true,
  unreserve: true,
  permit: true,
  preBind: true,
  bind: true,
  postBind: true,
}

const isHook = (name: string): name is SchedulerHook => Object.hasOwn(all, name)

/** All hooks, in the order in which an attempt comes by them. */
export const hookNames: readonly SchedulerHook[] = Object.keys(all).filter(isHook)
