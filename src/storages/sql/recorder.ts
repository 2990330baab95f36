import type { RecordChange } from '../event.ts'

/** What is written while an event is put into the log. */
export class Recorder {
  readonly cuds: RecordChange[] = []
  readonly #newIDs: (readonly [raw: bigint, id: bigint])[] = []

  /** The identifiers that were given to new records, by those that the guest used in their place. */
  get newIDs(): ReadonlyMap<bigint, bigint> {
    return new Map(this.#newIDs)
  }

  /** Takes down what one apply wrote. */
  add(cuds: readonly RecordChange[], newIDs: Iterable<readonly [raw: bigint, id: bigint]>): void {
    this.cuds.push(...cuds)
    this.#newIDs.push(...newIDs)
  }

  /** Where it is: gives what strikes out all that comes after, for a part that is undone. */
  mark(): () => void {
    const { length: cuds } = this.cuds
    const { length: newIDs } = this.#newIDs
    return () => {
      this.cuds.length = cuds
      this.#newIDs.length = newIDs
    }
  }
}
