import * as host from './_host'
import * as json from './_json'
import { pack, sizeOf, startOf, textOf } from './_text'

// @ts-ignore: decorator
@lazy let known: bool = false
// @ts-ignore: decorator
@lazy let bytes: u64 = 0

/** What the operator configured; asked for once in an instance's life. */
function read(): u64 {
  if (known) return bytes
  let limit = 256
  let at = heap.alloc(limit)
  const size = host.config(at, limit)
  if (size > limit) {
    heap.free(at)
    limit = size
    at = heap.alloc(limit)
    host.config(at, limit)
  }
  known = true
  bytes = pack(at, size)
  if (size > 0) validate()
  return bytes
}

/** A mistake anywhere in an object is a mistake, whichever part of it is read. */
function validate(): void {
  json.open(bytes, what)
  if (json.peek() != 0x7b) return
  json.skipValue()
  json.finish()
}

const what: string = 'the configuration'

/** Puts the cursor at the value of a key of the object; whether there is one. */
function find(name: string): bool {
  const text = read()
  if (sizeOf(text) == 0) return false
  json.open(text, what + ", at '" + name + "',")
  json.expect(0x7b)
  for (let first = true; json.another(first, 0x7d); first = false) {
    const same = textOf(json.text()).equals(name)
    json.expect(0x3a)
    if (same && json.peek() != 0x6e) return true
    json.skipValue()
  }
  return false
}

/**
 * What the operator of the scheduler configured for this plugin: one text, which most plugins have as a JSON object. It stays the same
 * as long as an instance lives, and may be read when the plugin is constructed.
 *
 * @example
 * ```ts
 * import { config } from 'tenon/scheduler'
 *
 * export class Weighted {
 *   readonly weight: i32 = <i32>config.integer('weight', 1)
 *
 *   score(): i32 {
 *     return this.weight * 10
 *   }
 * }
 * ```
 */
export namespace config {
  /**
   * The text as it is.
   *
   * @returns null where nothing is configured
   * @example
   * ```ts
   * import { config } from 'tenon/scheduler'
   *
   * export class Configured {
   *   readonly label: string | null = config.raw()
   *   score(): i32 {
   *     return this.label === null ? 0 : 100
   *   }
   * }
   * ```
   */
  export function raw(): string | null {
    const packed = read()
    return sizeOf(packed) == 0 ? null : String.UTF8.decodeUnsafe(startOf(packed), sizeOf(packed))
  }

  /**
   * Whether the object has a value of a name. The call ends where the configuration is no JSON object.
   *
   * @param name - the name at the top of the object
   * @returns false for null too
   * @example
   * ```ts
   * import { config, klog } from 'tenon/scheduler'
   *
   * export class Zones {
   *   constructor() {
   *     if (!config.has('zones')) klog.info('no zones are configured')
   *   }
   *   filter(): void {}
   * }
   * ```
   */
  export function has(name: string): bool {
    return find(name)
  }

  /**
   * What is true or false in the object; the call ends where something else is there.
   *
   * @param name - the name at the top of the object
   * @param otherwise - what it is where it is not there
   * @returns the value
   * @example
   * ```ts
   * import { config } from 'tenon/scheduler'
   *
   * export class Constant {
   *   readonly reverse: bool = config.flag('reverse')
   *   score(): i32 {
   *     return this.reverse ? 0 : 100
   *   }
   * }
   * ```
   */
  export function flag(name: string, otherwise: bool = false): bool {
    if (!find(name)) return otherwise
    const truth = json.peek() == 0x74
    json.word(truth ? 'true' : 'false')
    return truth
  }

  /**
   * A whole number of the object; the call ends where something else is there.
   *
   * @param name - the name at the top of the object
   * @param otherwise - what it is where it is not there
   * @returns the value
   * @example
   * ```ts
   * import { config } from 'tenon/scheduler'
   *
   * export class Constant {
   *   readonly points: i32 = <i32>config.integer('points', 50)
   *   score(): i32 {
   *     return this.points
   *   }
   * }
   * ```
   */
  export function integer(name: string, otherwise: i64 = 0): i64 {
    return find(name) ? json.integer() : otherwise
  }

  /**
   * A number of the object; the call ends where something else is there.
   *
   * @param name - the name at the top of the object
   * @param otherwise - what it is where it is not there
   * @returns the value
   * @example
   * ```ts
   * import { config } from 'tenon/scheduler'
   *
   * export class Constant {
   *   readonly share: f64 = config.number('share', 0.5)
   *   score(): i32 {
   *     return <i32>(100 * this.share)
   *   }
   * }
   * ```
   */
  export function number(name: string, otherwise: f64 = 0): f64 {
    return find(name) ? textOf(json.number()).toNumber(NaN) : otherwise
  }

  /**
   * A text of the object; the call ends where something else is there.
   *
   * @param name - the name at the top of the object
   * @param otherwise - what it is where it is not there
   * @returns the value
   * @example
   * ```ts
   * import { CycleState, NodeInfo, Pod, config } from 'tenon/scheduler'
   *
   * export class Labelled {
   *   readonly label: string = config.text('label', 'example.com/preferred')
   *   score(state: CycleState, pod: Pod, nodeInfo: NodeInfo): i32 {
   *     return nodeInfo.node.metadata.labels.has(this.label) ? 100 : 0
   *   }
   * }
   * ```
   */
  export function text(name: string, otherwise: string = ''): string {
    return find(name) ? textOf(json.text()).toString() : otherwise
  }
}
