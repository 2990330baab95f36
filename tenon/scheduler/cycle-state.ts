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
  // A plugin has one or two entries: looking through them is faster than any table.
  private readonly keys: string[] = []
  private readonly values: StateData[] = []

  /**
   * Reads what is there.
   *
   * @typeParam T - its class; the call ends where it is of another one
   * @returns null where there is nothing
   */
  read<T extends StateData>(key: string): T | null {
    const index = this.keys.indexOf(key)
    if (index < 0) return null
    const value = this.values[index]
    if (!(value instanceof T)) throw new Error("what the cycle state has of '" + key + "' is of another class")
    return changetype<T>(value)
  }

  /** Puts something there, in place of what was. */
  write(key: string, data: StateData): void {
    const index = this.keys.indexOf(key)
    if (index >= 0) {
      this.values[index] = data
    } else {
      this.keys.push(key)
      this.values.push(data)
    }
  }

  /** Removes what is there, if anything is. */
  delete(key: string): void {
    const index = this.keys.indexOf(key)
    if (index < 0) return
    this.keys.splice(index, 1)
    this.values.splice(index, 1)
  }

  /** Internal: an attempt begins. */
  @unsafe clear(): void {
    this.keys.length = 0
    this.values.length = 0
  }
}
