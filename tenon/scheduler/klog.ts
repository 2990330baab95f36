import { ObjectMeta } from './_kubernetes/meta'
import * as host from './_host'
import { clear, putTerminated, putText, size, start } from './_out'

const none: string = '<none>'

// @ts-ignore: decorator
@lazy let least: i32 = -1

/** How important a line must be, which is asked for once in an instance's life. */
function wanted(severity: i32): bool {
  if (least < 0) least = host.severity()
  return severity >= least
}

function write(severity: i32, message: string, ending: string): void {
  if (!wanted(severity)) return
  clear()
  putText(message)
  putText(ending)
  host.log(severity, start(), size())
}

function writePairs(severity: i32, message: string, error: string | null, pairs: string[]): void {
  if (!wanted(severity)) return
  if (pairs.length == 0 && error === null) return write(severity, message, '')
  clear()
  putText(message)
  const length = size()
  if (error !== null) {
    putTerminated('err')
    putTerminated(error.length == 0 ? none : error)
  }
  for (let i = 0; i < pairs.length; i++) {
    const text = unchecked(pairs[i])
    putTerminated(text.length == 0 ? none : text)
  }
  // A name without a value has none.
  if ((pairs.length & 1) != 0) putTerminated(none)
  host.logs(severity, start(), length, start() + length, size() - length)
}

/**
 * How important a line is.
 *
 * @example
 * ```ts
 * import { Severity, klog } from 'tenon/scheduler'
 *
 * export class Loud {
 *   readonly explains: bool = klog.isEnabled(Severity.Info)
 *   score(): i32 {
 *     if (this.explains) klog.info('each node has as many points')
 *     return 50
 *   }
 * }
 * ```
 */
export class Severity {
  static readonly Info: i32 = 0
  static readonly Warning: i32 = 1
  static readonly Error: i32 = 2
  static readonly Fatal: i32 = 3
}

/**
 * Lines for the scheduler's log. What is less important than the operator asked for is not sent.
 *
 * @example
 * ```ts
 * import { CycleState, NodeInfo, Pod, klog } from 'tenon/scheduler'
 *
 * export class Said {
 *   score(state: CycleState, pod: Pod, nodeInfo: NodeInfo): i32 {
 *     klog.infoS('scoring', ['pod', klog.kObj(pod.metadata), 'node', nodeInfo.name.toString()])
 *     return 0
 *   }
 * }
 * ```
 */
export namespace klog {
  /**
   * Whether lines of a severity are sent, for plugins that would take pains to make one.
   *
   * @param severity - one of {@link Severity}
   * @example
   * ```ts
   * import { CycleState, Pod, Severity, klog } from 'tenon/scheduler'
   *
   * export class Quiet {
   *   filter(state: CycleState, pod: Pod): void {
   *     if (klog.isEnabled(Severity.Info)) klog.info(pod.spec.containers.length.toString() + ' containers')
   *   }
   * }
   * ```
   */
  export function isEnabled(severity: i32): bool {
    return wanted(severity)
  }

  /**
   * A line about what the plugin does.
   *
   * @param message - the line, without an end of line
   * @example
   * ```ts
   * import { klog } from 'tenon/scheduler'
   *
   * export class Started {
   *   constructor() {
   *     klog.info('the plugin is there')
   *   }
   *   filter(): void {}
   * }
   * ```
   */
  export function info(message: string): void {
    write(Severity.Info, message, '\n')
  }

  /**
   * A message and what it is about.
   *
   * @param message - the same text each time
   * @param pairs - names and values in turn; an empty one is written as `<none>`
   * @example
   * ```ts
   * import { CycleState, Pod, klog } from 'tenon/scheduler'
   *
   * export class Seen {
   *   filter(state: CycleState, pod: Pod): void {
   *     klog.infoS('filtering', ['pod', klog.kObj(pod.metadata), 'class', pod.spec.priorityClassName.toString()])
   *   }
   * }
   * ```
   */
  export function infoS(message: string, pairs: string[] = []): void {
    writePairs(Severity.Info, message, null, pairs)
  }

  /**
   * A line about something that went wrong.
   *
   * @param message - the line, without an end of line
   * @example
   * ```ts
   * import { config, klog } from 'tenon/scheduler'
   *
   * export class Zoned {
   *   constructor() {
   *     if (!config.has('zone')) klog.error('no zone is configured, and every node will do')
   *   }
   *   filter(): void {}
   * }
   * ```
   */
  export function error(message: string): void {
    write(Severity.Error, message, '\n')
  }

  /**
   * As {@link infoS}, about something that went wrong.
   *
   * @param error - the reason, which is written as the pair `err`
   * @param message - the same text each time
   * @param pairs - names and values in turn; an empty one is written as `<none>`
   * @example
   * ```ts
   * import { CycleState, NodeInfo, Pod, klog } from 'tenon/scheduler'
   *
   * export class Priced {
   *   score(state: CycleState, pod: Pod, nodeInfo: NodeInfo): i32 {
   *     const price = nodeInfo.node.metadata.annotations.get('example.com/price')
   *     if (price !== null) return 100 - <i32>price.toNumber(100)
   *     klog.errorS('there is no price', 'cannot score', ['node', nodeInfo.name.toString()])
   *     return 0
   *   }
   * }
   * ```
   */
  export function errorS(error: string, message: string, pairs: string[] = []): void {
    writePairs(Severity.Error, message, error, pairs)
  }

  /**
   * How an object is called in a log: its namespace, a slash, and its name.
   *
   * @param metadata - of a pod, a node or anything else
   * @example
   * ```ts
   * import { CycleState, Pod, Text, klog } from 'tenon/scheduler'
   *
   * export class Bound {
   *   reserve(): void {}
   *   postBind(state: CycleState, pod: Pod, nodeName: Text): void {
   *     klog.info(klog.kObj(pod.metadata) + ' is on ' + nodeName.toString())
   *   }
   * }
   * ```
   */
  export function kObj(metadata: ObjectMeta): string {
    const name = metadata.name.toString()
    const namespace = metadata.namespace
    return namespace.isEmpty ? name : namespace.toString() + '/' + name
  }
}
