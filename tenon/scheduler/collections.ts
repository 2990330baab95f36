import { inRange } from './_bounds'
import { ended, seek, sizeAt } from './_protobuf'
import { matches, sizeOf, startOf, utf8 } from './_text'
import { View, lengthOf, placeOf, viewOf } from './_view'
import { Text } from './text'

/**
 * The values of a field that there may be several of: `list[i]` for `i` from 0 to before `list.length`. It lasts as long as a `Text` does.
 *
 * @typeParam T - the type of the values
 * @example
 * ```ts
 * import { CycleState, List, Pod, Status } from 'tenon/scheduler'
 * import { Container } from 'tenon/scheduler/kubernetes'
 *
 * function privileged(containers: List<Container>): bool {
 *   for (let i = 0; i < containers.length; i++) {
 *     const context = containers[i].securityContext
 *     if (context !== null && context.privileged) return true
 *   }
 *   return false
 * }
 *
 * export class NoPrivileges {
 *   preFilter(state: CycleState, pod: Pod): Status | null {
 *     return privileged(pod.spec.containers) ? Status.unresolvable('a container is privileged') : null
 *   }
 *   filter(): void {}
 * }
 * ```
 */
@unmanaged
@final
export class List<T> {
  /** For editors, which know no operators. */
  [key: i32]: T
  readonly length: i32

  @operator('[]') private get(index: i32): T {
    inRange(index, this.length)
    const item = changetype<usize>(this) + 8 + (<usize>index << 3)
    if (isReference<T>()) return changetype<T>(item)
    return load<T>(item)
  }
}

/**
 * A map from texts, such as labels or resources: it is looked through when it is asked. It lasts as long as a `Text` does.
 *
 * @typeParam V - the type of the values: `Text` or `Quantity`
 * @example
 * ```ts
 * import { CycleState, NodeInfo, Pod } from 'tenon/scheduler'
 *
 * export class Spot {
 *   score(state: CycleState, pod: Pod, nodeInfo: NodeInfo): i32 {
 *     const capacity = nodeInfo.node.metadata.labels.get('karpenter.sh/capacity-type')
 *     return capacity !== null && capacity.equals('spot') ? 100 : 0
 *   }
 * }
 * ```
 */
@unmanaged
@final
export class StringMap<V> extends View {
  private readonly number: u32

  /** The value of a key, a `string` or a `Text`; null where there is none. Nothing is copied. */
  get<K>(key: K): V | null {
    const end = placeOf(this) + lengthOf(this)
    const wanted: u64 = isString<K>() ? 0 : utf8<K>(key)
    for (let at = seek(placeOf(this), end, this.number); at != 0; at = seek(at, end, this.number)) {
      const length = sizeAt(at, end)
      const entry = ended()
      at = entry + length
      const name = seek(entry, at, 1)
      const size = name == 0 ? 0 : sizeAt(name, at)
      const start = ended()
      if (isString<K>()) {
        if (!matches(start, size, changetype<string>(key))) continue
      } else if (size != sizeOf(wanted) || memory.compare(start, startOf(wanted), size) != 0) {
        continue
      }
      return valueAt<V>(entry, at, 2)
    }
    return null
  }

  /** Whether there is a value of a key. */
  has<K>(key: K): bool {
    return this.get<K>(key) !== null
  }

  /** How many there are. */
  get size(): i32 {
    const end = placeOf(this) + lengthOf(this)
    let count = 0
    for (let at = seek(placeOf(this), end, this.number); at != 0; at = seek(next(at, end), end, this.number)) count++
    return count
  }

  /** The keys, in the order of their bytes. */
  keys(): Text[] {
    const keys: Text[] = []
    const end = placeOf(this) + lengthOf(this)
    for (let at = seek(placeOf(this), end, this.number); at != 0; at = seek(next(at, end), end, this.number)) {
      const length = sizeAt(at, end)
      const entry = ended()
      keys.push(valueAt<Text>(entry, entry + length, 1))
    }
    return keys
  }
}

function next(at: usize, end: usize): usize {
  const length = sizeAt(at, end)
  return ended() + length
}

function valueAt<V>(entry: usize, end: usize, number: u32): V {
  const found = seek(entry, end, number)
  if (found == 0) return viewOf<V>(entry, 0)
  const length = sizeAt(found, end)
  return viewOf<V>(ended(), length)
}
