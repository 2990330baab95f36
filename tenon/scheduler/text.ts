import { inRange } from './_bounds'
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
    inRange(index, this.byteLength)
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

  /** The number that it is written as, such as `-12` or `0.5`, maybe with an exponent; another one where it is none. */
  toNumber(otherwise: f64): f64 {
    return parse(placeOf(this), placeOf(this) + this.byteLength, otherwise)
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
    inRange(index, this.byteLength)
    return load<u8>(placeOf(this) + index)
  }

  /** A copy. */
  toArray(): Uint8Array {
    const copy = new Uint8Array(this.byteLength)
    memory.copy(copy.dataStart, placeOf(this), this.byteLength)
    return copy
  }
}

/** Exact for numbers of up to 15 digits that are not extremely large or small. */
function parse(at: usize, end: usize, otherwise: f64): f64 {
  const sign = at < end ? load<u8>(at) : 0
  if (sign == 0x2d || sign == 0x2b) at++
  let value: f64 = 0
  let power = 0
  let digits = 0
  let fraction = 0
  for (; at < end; at++) {
    const digit = <u32>load<u8>(at) - 0x30
    if (digit <= 9) {
      value = value * 10 + <f64>digit
      power -= fraction
      digits++
    } else if (digit + 0x30 == 0x2e && fraction == 0 && digits > 0 && at + 1 < end) {
      fraction = 1
    } else {
      break
    }
  }
  if (digits == 0) return otherwise
  if (at < end) {
    if ((load<u8>(at) | 0x20) != 0x65 || ++at == end) return otherwise
    const down = load<u8>(at) == 0x2d
    if ((down || load<u8>(at) == 0x2b) && ++at == end) return otherwise
    let exponent = 0
    for (; at < end; at++) {
      const digit = <u32>load<u8>(at) - 0x30
      if (digit > 9) return otherwise
      exponent = min(exponent * 10 + <i32>digit, 1000)
    }
    power += down ? -exponent : exponent
  }
  let scale: f64 = 1
  for (let i = abs(power); i > 0; i--) scale *= 10
  value = power < 0 ? value / scale : value * scale
  return sign == 0x2d ? -value : value
}
