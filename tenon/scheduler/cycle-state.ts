/**
 * What can be put into a {@link CycleState}: a class of the plugin's own that extends this one.
 *
 * @example
 * ```ts
 * import { CycleState, Pod, StateData, Status } from 'tenon/scheduler'
 *
 * class Digit extends StateData {
 *   constructor(public value: u8) {
 *     super()
 *   }
 * }
 *
 * export class LastDigit {
 *   preFilter(state: CycleState, pod: Pod): Status | null {
 *     const name = pod.metadata.name
 *     state.write('digit', new Digit(name[name.byteLength - 1]))
 *     return null
 *   }
 *   filter(state: CycleState): Status | null {
 *     return state.read<Digit>('digit')!.value < 0x3a ? null : Status.unschedulable('it ends in no digit')
 *   }
 * }
 * ```
 */
export class StateData {}

/**
 * What one hook leaves for the later ones of the same attempt. It is empty when an attempt begins. Keys are the plugin's own: no other
 * one sees them.
 *
 * @example
 * ```ts
 * import { CycleState, NodeInfo, Pod, StateData } from 'tenon/scheduler'
 *
 * class Seen extends StateData {
 *   nodes: i32 = 0
 * }
 *
 * export class Counting {
 *   score(state: CycleState, pod: Pod, nodeInfo: NodeInfo): i32 {
 *     let seen = state.read<Seen>('seen')
 *     if (seen === null) {
 *       seen = new Seen()
 *       state.write('seen', seen)
 *     }
 *     return ++seen.nodes % 100
 *   }
 * }
 * ```
 */
@final
export class CycleState {
  private first: Entry | null = null

  /**
   * Reads what is there.
   *
   * @typeParam T - its class; the call ends where it is of another one
   * @returns null where there is nothing
   */
  read<T extends StateData>(key: string): T | null {
    const entry = this.find(key)
    if (entry === null) return null
    if (!(entry.data instanceof T)) throw new Error("what the cycle state has of '" + key + "' is of another class")
    return changetype<T>(entry.data)
  }

  /** Puts something there, in place of what was. */
  write(key: string, data: StateData): void {
    const entry = this.find(key)
    if (entry === null) this.first = new Entry(key, data, this.first)
    else entry.data = data
  }

  /** Removes what is there, if anything is. */
  delete(key: string): void {
    const all = this.first
    this.first = null
    let entry = all
    while (entry) {
      if (entry.key != key) this.write(entry.key, entry.data)
      entry = entry.next
    }
  }

  private find(key: string): Entry | null {
    // A plugin has one or two entries: looking through them is faster than any table.
    let entry = this.first
    while (entry) {
      if (entry.key == key) return entry
      entry = entry.next
    }
    return null
  }

  /** Internal: an attempt begins. */
  @unsafe clear(): void {
    this.first = null
  }
}

@final
class Entry {
  constructor(
    readonly key: string,
    public data: StateData,
    readonly next: Entry | null,
  ) {}
}
