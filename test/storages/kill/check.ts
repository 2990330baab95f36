import { isDeepStrictEqual } from 'node:util'
import type { LogEvent } from 'mortise/storages/sqlite'
import type { TestedStore } from '../../conformance/store/target.ts'
import { project, replay, totalsOf } from './load.ts'
import { keyOf, projectorName } from './types.ts'

/** How a store is after its program was killed: everything that is not as it has to be. */
export async function check(store: TestedStore, acknowledged: bigint): Promise<readonly string[]> {
  const unlike: string[] = []
  const events = await store.events()
  const gap = events.findIndex(({ wlogOffset }, index) => wlogOffset !== BigInt(index + 1))
  if (gap >= 0) unlike.push(`the event at ${gap} has the offset ${events[gap]?.wlogOffset}`)
  if (BigInt(events.length) < acknowledged)
    unlike.push(`${acknowledged} orders were acknowledged, and ${events.length} are in the log`)
  const position = await store.position(projectorName)
  const had = events.filter((event) => event.position <= position)
  if (!isDeepStrictEqual(sorted(replay(had)), sorted(await totalsOf(store))))
    unlike.push(`the views are no replay of the ${had.length} events that the projector had`)
  while ((await project(store, 1000)) > 0);
  if (!isDeepStrictEqual(sorted(replay(events)), sorted(await totalsOf(store))))
    unlike.push(`the views are no replay of all ${events.length} events`)
  for (const event of sample(events)) {
    const { 'sys.ID': id, Amount: amount } = event.cuds[0]?.fields ?? {}
    const row = await store.get('record', keyOf('sys.Record', '', { ID: id ?? 0n }))
    if (row === undefined || Reflect.get(row, 'Amount') !== amount) unlike.push(`event ${event.position} has no order`)
  }
  return unlike
}

/** The last events, which count most, and some of the others. */
function sample(events: readonly LogEvent[]): readonly LogEvent[] {
  return events.filter((_, index) => index > events.length - 50 || index % 97 === 0)
}

const sorted = (totals: ReturnType<typeof replay>): readonly unknown[] => [...totals].toSorted(([a], [b]) => a - b)
