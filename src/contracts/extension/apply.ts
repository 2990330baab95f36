import { MortiseError, reasonOf } from '../../errors.ts'
import type { AnyStorage, KindParts } from './kind-parts.ts'
import type { Intent } from './storage.ts'

/** Work in steps, each of which gives a value or a promise of one; whoever drives it gives back what became of that. */
export type Steps = Generator<unknown, void>

/** Drives steps that must not wait. */
export function runNow(steps: Steps): void {
  let step = steps.next()
  while (step.done !== true) {
    const { value } = step
    if (!(value instanceof Promise)) {
      step = steps.next(value)
      continue
    }
    // Nobody waits for it, and what it is rejected with would end the process.
    value.catch(() => {})
    step = steps.throw(
      new TypeError("it returned a promise: a storage that waits says 'async: true', in an AsyncStateKind"),
    )
  }
}

/** Drives steps that wait. */
export async function runWaiting(steps: Steps): Promise<void> {
  let step = steps.next()
  while (step.done !== true) {
    let value
    try {
      value = await step.value
    } catch (thrown) {
      step = steps.throw(thrown)
      continue
    }
    step = steps.next(value)
  }
}

/** What intents are for. */
export interface Applied<C> {
  readonly kind: KindParts<AnyStorage<C>>
  readonly portions: readonly Portion<C>[]
}

/** Intents with the context that they are for. */
export interface Portion<C> {
  readonly intents: readonly Intent[]
  readonly context: C
}

interface Batch<C> {
  readonly name: string
  readonly storage: AnyStorage<C>
  readonly batch: readonly Intent[]
  readonly context: C
}

/** Asks the storages, in the order of the kind, whether they would take the intents. */
export function* validating<C>(applied: Applied<C>): Steps {
  for (const { name, storage, batch, context } of batches(applied)) {
    yield* trying(applied, `storage ${name} refuses them`, () => storage.validate?.(batch, context))
  }
}

/**
 * Validates intents and applies them: storage by storage, all or none.
 *
 * @param transact - runs what it gets inside of the kind's transaction
 */
export function* applying<C>(applied: Applied<C>, transact: ((body: () => Steps) => unknown) | undefined): Steps {
  if (applied.portions.every(({ intents }) => intents.length === 0)) return
  yield* validating(applied)
  const undos: (() => unknown)[] = []
  const body = (): Steps => applyingBatches(applied, undos)
  try {
    if (transact === undefined) yield* body()
    else yield* trying(applied, 'the transaction failed', () => transact(body))
  } catch (error) {
    yield* undoing(applied, undos, error)
    throw error
  }
}

function* applyingBatches<C>(applied: Applied<C>, undos: (() => unknown)[]): Steps {
  for (const { name, storage, batch, context } of batches(applied)) {
    const undo = yield* trying(applied, `storage ${name} could not apply them`, () => storage.apply?.(batch, context))
    if (isFunction(undo)) undos.push(undo)
  }
}

function batches<C>({ kind, portions }: Applied<C>): readonly Batch<C>[] {
  return [...kind.storages.values()].flatMap(({ name, storage }) =>
    portions.flatMap(({ intents, context }) => {
      const batch = intents.filter(({ key }) => key.storage === name)
      return batch.length === 0 ? [] : [{ name, storage, batch, context }]
    }),
  )
}

function* trying<C>({ kind }: Applied<C>, why: string, act: () => unknown): Generator<unknown, unknown, unknown> {
  try {
    return yield act()
  } catch (cause) {
    if (MortiseError.is(cause, 'INTENTS_NOT_APPLIED')) throw cause
    throw new MortiseError(
      'INTENTS_NOT_APPLIED',
      `Cannot apply the intents of state ${kind.name}: ${why}: ${reasonOf(cause)}`,
      { cause },
    )
  }
}

function* undoing<C>({ kind }: Applied<C>, undos: readonly (() => unknown)[], error: unknown): Steps {
  const failures: unknown[] = []
  for (const one of undos.toReversed()) {
    try {
      yield one()
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

const isFunction = (value: unknown): value is () => unknown => typeof value === 'function'
