import { MortiseError, reasonOf } from '../../errors.ts'
import type { KindParts } from './state-kind.ts'
import type { Intent } from './storage.ts'

/** Validates intents, and applies them then if asked: storage by storage, all or none. */
export function applyAll<C>(
  kind: KindParts<C>,
  intents: readonly Intent[],
  context: C,
  what: 'validate' | 'apply',
): void {
  if (intents.length === 0) return
  const batches = [...kind.storages.values()].flatMap(({ name, storage }) => {
    const batch = intents.filter(({ key }) => key.storage === name)
    return batch.length === 0 ? [] : [{ name, storage, batch }]
  })
  for (const { name, storage, batch } of batches) {
    trying(kind, `storage ${name} refuses them`, () => storage.validate?.(batch, context))
  }
  if (what === 'validate') return
  const undos: (() => void)[] = []
  const applyBatches = (): void => {
    for (const { name, storage, batch } of batches) {
      trying(kind, `storage ${name} could not apply them`, () => {
        const undo = storage.apply?.(batch, context)
        if (undo !== undefined) undos.push(undo)
      })
    }
  }
  try {
    if (kind.transaction === undefined) applyBatches()
    else trying(kind, 'the transaction failed', () => kind.transaction?.(applyBatches, context))
  } catch (error) {
    undo(kind, undos, error)
    throw error
  }
}

function trying(kind: Pick<KindParts<unknown>, 'name'>, why: string, act: () => unknown): void {
  try {
    act()
  } catch (cause) {
    if (MortiseError.is(cause, 'INTENTS_NOT_APPLIED')) throw cause
    throw new MortiseError(
      'INTENTS_NOT_APPLIED',
      `Cannot apply the intents of state ${kind.name}: ${why}: ${reasonOf(cause)}`,
      { cause },
    )
  }
}

function undo(kind: Pick<KindParts<unknown>, 'name'>, undos: readonly (() => void)[], error: unknown): void {
  const failures: unknown[] = []
  for (const one of undos.toReversed()) {
    try {
      one()
    } catch (failure) {
      failures.push(failure)
    }
  }
  if (failures.length === 0) return
  throw new MortiseError(
    'INTENTS_NOT_APPLIED',
    `Cannot apply the intents of state ${kind.name}, nor undo those that were applied: ${reasonOf(failures[0])}`,
    { cause: new AggregateError([error, ...failures], 'what failed first, and what failed while it was undone') },
  )
}
