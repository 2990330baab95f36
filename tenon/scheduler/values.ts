import { scalar, single } from './_protobuf'
import { View, lengthOf, placeOf } from './_view'
import { Text } from './text'

/**
 * An amount of a resource, such as `500m` or `2Gi`, as `Quantity` of Kubernetes' `resource` package writes it.
 *
 * @example
 * ```ts
 * import { CycleState, NodeInfo, Pod, Status } from 'tenon/scheduler'
 *
 * export class Roomy {
 *   filter(state: CycleState, pod: Pod, nodeInfo: NodeInfo): Status | null {
 *     const memory = nodeInfo.node.status.allocatable.get('memory')
 *     return memory !== null && memory.value() >= 1 << 30 ? null : Status.unschedulable('it has less than 1Gi')
 *   }
 * }
 * ```
 */
@unmanaged
@final
export class Quantity extends View {
  /** As it is written. */
  get text(): Text {
    return single<Text>(this, 1)
  }

  /** The amount, rounded up to a whole number; the largest or smallest that there is where it is beyond. */
  value(): i64 {
    return amount(this, 0)
  }

  /** A thousand times the amount, rounded up: `500m` is 500. */
  milliValue(): i64 {
    return amount(this, 3)
  }
}

/** A quantity times a power of ten, as a whole number: digits with a suffix, maybe behind a sign. */
function amount(quantity: Quantity, power: i32): i64 {
  let at = placeOf(quantity.text)
  const end = at + lengthOf(quantity.text)
  const negative = at < end && load<u8>(at) == 0x2d
  if (negative) at++
  let digits: u64 = 0
  let exponent = power
  for (let fraction = 0; at < end; at++) {
    const byte = load<u8>(at)
    if (byte == 0x2e) fraction = 1
    else if (byte > 0x39) break
    else {
      digits = times(times(digits, 10) + (byte - 0x30), 1)
      exponent -= fraction
    }
  }
  const letter = at < end ? load<u8>(at) : 0
  const next = at + 1 < end ? load<u8>(at, 1) : 0
  if (next == 0x69) {
    for (let i = powerOf(letter); i > 0; i--) digits = times(digits, 1024)
  } else if (next != 0) {
    exponent += exponentAt(at + 1, end)
  } else if (letter != 0) {
    exponent += 3 * powerOf(letter)
  }
  for (; exponent > 0 && digits != 0 && digits != most; exponent--) digits = times(digits, 10)
  // Rounding away from zero, and towards it below: up.
  let rest = false
  for (; exponent < 0 && digits != 0 && digits != most; exponent++) {
    if (digits % 10 != 0) rest = true
    digits /= 10
  }
  if (negative) return -(<i64>digits)
  return <i64>(rest ? digits + 1 : digits)
}

const most: u64 = <u64>i64.MAX_VALUE

/** A product, or the largest number that there is. */
function times(value: u64, by: u64): u64 {
  return value > most / by ? most : value * by
}

function exponentAt(at: usize, end: usize): i32 {
  const sign = load<u8>(at)
  if (sign == 0x2d || sign == 0x2b) at++
  let value = 0
  for (; at < end && value < 1000; at++) value = value * 10 + load<u8>(at) - 0x30
  return sign == 0x2d ? -value : value
}

/** What power of a thousand, or of 1024, a suffix stands for. */
function powerOf(letter: u8): i32 {
  switch (letter) {
    case 0x6e: // n
      return -3
    case 0x75: // u
      return -2
    case 0x6d: // m
      return -1
    case 0x6b: // k
    case 0x4b: // K
      return 1
    case 0x4d: // M
      return 2
    case 0x47: // G
      return 3
    case 0x54: // T
      return 4
    case 0x50: // P
      return 5
    default: // E
      return 6
  }
}

/**
 * A moment, as `Time` and `MicroTime` of Kubernetes.
 *
 * @example
 * ```ts
 * import { CycleState, NodeInfo, Pod, Time } from 'tenon/scheduler'
 *
 * function older(one: Time, other: Time): bool {
 *   return one.seconds < other.seconds
 * }
 *
 * export class Oldest {
 *   score(state: CycleState, pod: Pod, nodeInfo: NodeInfo): i32 {
 *     return older(nodeInfo.node.metadata.creationTimestamp, pod.metadata.creationTimestamp) ? 1 : 0
 *   }
 * }
 * ```
 */
@unmanaged
@final
export class Time extends View {
  /** Whether none was given. */
  get isZero(): bool {
    return lengthOf(this) == 0
  }

  /** Seconds since 1970; 0 where none was given. */
  get seconds(): i64 {
    return scalar<i64>(this, 1)
  }

  /** Nanoseconds beyond those seconds. */
  get nanos(): i32 {
    return scalar<i32>(this, 2)
  }
}

/**
 * A number or a text, such as a port that may have a name.
 *
 * @example
 * ```ts
 * import { IntOrString, CycleState, NodeInfo, Pod } from 'tenon/scheduler'
 *
 * function isHttp(port: IntOrString): bool {
 *   return port.isText ? port.text.equals('http') : port.number == 80
 * }
 *
 * export class Web {
 *   score(state: CycleState, pod: Pod, nodeInfo: NodeInfo): i32 {
 *     const probe = pod.spec.containers[0].readinessProbe
 *     if (probe === null) return 0
 *     const get = probe.httpGet
 *     return get !== null && isHttp(get.port) ? 100 : 0
 *   }
 * }
 * ```
 */
@unmanaged
@final
export class IntOrString extends View {
  /** Whether it is a text. */
  get isText(): bool {
    return scalar<i64>(this, 1) == 1
  }

  /** The number; 0 where it is a text. */
  get number(): i32 {
    return scalar<i32>(this, 2)
  }

  /** The text; empty where it is a number. */
  get text(): Text {
    return single<Text>(this, 3)
  }
}
