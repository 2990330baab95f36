import { writeSync } from 'node:fs'
import type { FieldValue, Intent, Row } from 'mortise/extension'
import type { LogEvent } from 'mortise/storages/sqlite'
import type { TestedStore } from '../../conformance/store/target.ts'
import { insertOf, keyOf, newOrder, projectorName } from './types.ts'

/** What a replay of the log gives: the amount and the count of each day. */
export type Totals = ReadonlyMap<number, { readonly amount: bigint; readonly count: number }>

/** Adds events to totals: the projector, without a store. */
export function replay(events: Iterable<LogEvent>, before: Totals = new Map()): Totals {
  const totals = new Map(before)
  for (const { cuds } of events) {
    const { Day: day, Amount: amount } = cuds[0]?.fields ?? {}
    if (typeof day !== 'number' || typeof amount !== 'bigint') throw new Error('an event without its order')
    const was = totals.get(day) ?? { amount: 0n, count: 0 }
    totals.set(day, { amount: was.amount + amount, count: was.count + 1 })
  }
  return totals
}

/** What the views of a store hold. */
export async function totalsOf(store: TestedStore): Promise<Totals> {
  const totals = new Map<number, { readonly amount: bigint; readonly count: number }>()
  for (const [key, row] of await store.read('view', keyOf('sys.View', 'app.Amounts', { Year: 2026 }))) {
    const [day, amount] = [fieldOf(key, 'Day'), fieldOf(row, 'Amount')]
    if (typeof day !== 'number' || typeof amount !== 'bigint') throw new Error('a row of other types')
    totals.set(day, { amount, count: -1 })
  }
  for (const [key, row] of await store.read('view', keyOf('sys.View', 'app.Counts', { Year: 2026 }))) {
    const [day, count] = [fieldOf(key, 'Day'), fieldOf(row, 'Count')]
    if (typeof day !== 'number' || typeof count !== 'number') throw new Error('a row of other types')
    totals.set(day, { amount: totals.get(day)?.amount ?? -1n, count })
  }
  return totals
}

/** Has the projector catch up by some events: views are read and written in the transaction of its position. */
export async function project(store: TestedStore, most: number): Promise<number> {
  return store.project(
    projectorName,
    function* (events) {
      const intents: Intent[] = []
      for (const [day, { amount, count }] of replay(events)) {
        const at = { Year: 2026, Day: day }
        const [amountKey, countKey] = [keyOf('sys.View', 'app.Amounts', at), keyOf('sys.View', 'app.Counts', at)]
        const sum = fieldOf(yield amountKey, 'Amount') ?? 0n
        const had = fieldOf(yield countKey, 'Count') ?? 0
        if (typeof sum !== 'bigint' || typeof had !== 'number') throw new Error('a row of other types')
        intents.push(insertOf(amountKey, { Amount: sum + amount }), insertOf(countKey, { Count: had + count }))
      }
      return intents
    },
    most,
  )
}

function fieldOf(row: Row | undefined, name: string): FieldValue | undefined {
  const entries: readonly (readonly [string, FieldValue])[] = Object.entries(row ?? {})
  return entries.find(([known]) => known === name)?.[1]
}

/** Appends orders and projects them until it is killed. It writes the offset of each that it was told is committed. */
export async function load(store: TestedStore): Promise<never> {
  const order = async (grouped: boolean): Promise<void> => {
    const fields = {
      Day: Math.floor(Math.random() * 30),
      Amount: BigInt(Math.floor(Math.random() * 1e6)),
      Note: 'n'.repeat(60),
    }
    const draft = { workspace: 1n, name: newOrder, argument: { Amount: fields.Amount } }
    const { event } = await store.append(draft, [insertOf(keyOf('sys.Record', 'app.Order', {}), fields)], grouped)
    writeSync(1, `${event.wlogOffset}\n`)
  }
  for (;;) {
    const grouped = Math.random() < 0.5
    const count = grouped ? 1 + Math.floor(Math.random() * 20) : 1
    await Promise.all(Array.from({ length: count }, () => order(grouped)))
    if (Math.random() < 0.3) await project(store, 1 + Math.floor(Math.random() * 40))
  }
}
