// @ts-ignore: decorator
@external('tenon', 'log') declare function write(level: i32, message: string): void

/**
 * Lines for the log of the host, each at a level. The host decides which levels it keeps and where they go; a guest never
 * waits for them. What is written before a call fails is kept.
 *
 * @example
 * ```ts
 * import { log } from 'tenon/action'
 *
 * export function main(event: string): string {
 *   log.debug('the event has ' + event.length.toString() + ' characters')
 *   return event
 * }
 * ```
 */
export namespace log {
  /**
   * Writes a line that only helps whoever develops the guest.
   *
   * @param message - the line, without an end of line
   * @example
   * ```ts
   * import { log } from 'tenon/action'
   *
   * export function main(event: string): string {
   *   log.debug(event)
   *   return event
   * }
   * ```
   */
  export function debug(message: string): void {
    write(0, message)
  }

  /**
   * Writes a line about what the guest does.
   *
   * @param message - the line, without an end of line
   * @example
   * ```ts
   * import { log } from 'tenon/action'
   *
   * export function main(event: string): string {
   *   log.info('echoing an event')
   *   return event
   * }
   * ```
   */
  export function info(message: string): void {
    write(1, message)
  }

  /**
   * Writes a line about something that the guest could live with but that somebody should look at.
   *
   * @param message - the line, without an end of line
   * @example
   * ```ts
   * import { log } from 'tenon/action'
   *
   * export function main(event: string): string {
   *   if (event.length > 1000) log.warn('the event is large')
   *   return event
   * }
   * ```
   */
  export function warn(message: string): void {
    write(2, message)
  }

  /**
   * Writes a line about something that went wrong. The call goes on: to end it, return `fail(…)` or throw.
   *
   * @param message - the line, without an end of line
   * @example
   * ```ts
   * import { fail, log } from 'tenon/action'
   *
   * export function main(event: string): string {
   *   if (event.length > 2) return event
   *   log.error('an event without content came in')
   *   return fail<string>('the event is empty')
   * }
   * ```
   */
  export function error(message: string): void {
    write(3, message)
  }
}
