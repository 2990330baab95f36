import { begins, matches, pack, sizeOf, startOf, utf8 } from './_text'
import { View, lengthOf, placeOf, viewOf } from './_view'

/**
 * A text of a pod, a node or the host, as UTF-8, without a copy. It lasts until the attempt ends; one that was read in `filter`, `score`,
 * `addPod` or `removePod`, until that returns.
 *
 * @example
 * ```ts
 * import { CycleState, NodeInfo, Pod, Status } from 'tenon/scheduler'
 *
 * export class SameNode {
 *   filter(state: CycleState, pod: Pod, nodeInfo: NodeInfo): Status | null {
 *     const wanted = pod.metadata.annotations.get('example.com/node')
 *     if (wanted === null || nodeInfo.name.equals(wanted)) return null
 *     return Status.unschedulable('the pod asks for the node ' + wanted.toString())
 *   }
 * }
 * ```
 */
@unmanaged
@final
export class Text extends View {
  /** For editors, which know no operators. */
  [key: i32]: u8

  @operator('[]') private get(index: i32): u8 {
    if (<u32>index >= <u32>this.byteLength) throw new RangeError('Index out of range')
    return load<u8>(placeOf(this) + index)
  }

  /** Whether there is nothing in it: Kubernetes has an empty text where none was given. */
  get isEmpty(): bool {
    return this.byteLength == 0
  }

  /** Whether it is the same as another one, a `string` or a `Text`. Nothing is allocated. */
  equals<T>(other: T): bool {
    if (isString<T>()) return matches(placeOf(this), this.byteLength, changetype<string>(other))
    const text = utf8<T>(other)
    return sizeOf(text) == this.byteLength && memory.compare(placeOf(this), startOf(text), this.byteLength) == 0
  }

  startsWith(text: string): bool {
    return begins(placeOf(this), this.byteLength, text)
  }

  endsWith(text: string): bool {
    const tail = String.UTF8.byteLength(text)
    return tail <= this.byteLength && matches(placeOf(this) + this.byteLength - tail, tail, text)
  }

  /** Where a byte is for the first time, from an index on; -1 where it is not. */
  indexOf(byte: u8, from: i32 = 0): i32 {
    const at = placeOf(this)
    for (let i = max(from, 0); i < this.byteLength; i++) if (load<u8>(at + i) == byte) return i
    return -1
  }

  /** The part from a byte to before another one, without a copy. */
  slice(begin: i32, end: i32 = i32.MAX_VALUE): Text {
    const from = min(max(begin, 0), this.byteLength)
    return viewOf<Text>(placeOf(this) + from, max(min(end, this.byteLength), from) - from)
  }

  /** The number that it is written as, or another one where it is none: digits, maybe behind a sign, and maybe a fraction. */
  toNumber(otherwise: f64): f64 {
    const at = placeOf(this)
    let i = 0
    if (this.byteLength > 0 && (load<u8>(at) == 0x2d || load<u8>(at) == 0x2b)) i++
    const first = i
    let value: f64 = 0
    let scale: f64 = 0
    for (; i < this.byteLength; i++) {
      const digit = <u32>load<u8>(at + i) - 0x30
      if (digit <= 9) {
        value = value * 10 + <f64>digit
        scale *= 10
      } else if (digit + 0x30 == 0x2e && scale == 0 && i > first && i + 1 < this.byteLength) {
        scale = 1
      } else {
        return otherwise
      }
    }
    if (i == first) return otherwise
    if (scale > 1) value /= scale
    return load<u8>(at) == 0x2d ? -value : value
  }

  /** A copy as a string. */
  toString(): string {
    return String.UTF8.decodeUnsafe(placeOf(this), this.byteLength)
  }
}

/**
 * Bytes of a pod or a node, without a copy. They last as long as a {@link Text} does.
 *
 * @example
 * ```ts
 * import { Bytes, CycleState, Pod, Status } from 'tenon/scheduler'
 *
 * function managed(bytes: Bytes): bool {
 *   return bytes.length > 2
 * }
 *
 * export class Applied {
 *   preFilter(state: CycleState, pod: Pod): Status | null {
 *     const fields = pod.metadata.managedFields
 *     for (let i = 0; i < fields.length; i++) {
 *       const one = fields[i].fieldsV1
 *       if (one !== null && managed(one.Raw)) return null
 *     }
 *     return Status.unschedulable('nobody applied this pod')
 *   }
 *   filter(): void {}
 * }
 * ```
 */
@unmanaged
@final
export class Bytes extends View {
  /** For editors, which know no operators. */
  [key: i32]: u8

  get length(): i32 {
    return this.byteLength
  }

  @operator('[]') private get(index: i32): u8 {
    if (<u32>index >= <u32>this.byteLength) throw new RangeError('Index out of range')
    return load<u8>(placeOf(this) + index)
  }

  /** A copy. */
  toArray(): Uint8Array {
    const copy = new Uint8Array(this.byteLength)
    memory.copy(copy.dataStart, placeOf(this), this.byteLength)
    return copy
  }
}
