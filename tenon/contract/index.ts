export { config } from '../config'
export { log } from '../log'

/**
 * The value of an option that is a number or may be null itself: AssemblyScript has no `u32 | null`, but `Some<u32> | null`.
 *
 * @typeParam T - the type of the value
 * @example
 * ```ts
 * import { Some } from 'tenon/contract'
 *
 * function half(even: u32): Some<u32> | null {
 *   return even % 2 == 0 ? new Some<u32>(even / 2) : null
 * }
 *
 * export function main(): string {
 *   const found = half(8)
 *   return found === null ? '{}' : '{"half":' + found.value.toString() + '}'
 * }
 * ```
 */
export class Some<T> {
  constructor(public value: T) {}
}

/**
 * What came of something: a value, or an error that whoever called is told. An error is returned, not thrown: a guest that
 * throws has crashed.
 *
 * @typeParam O - the type of the value
 * @typeParam E - the type of the error
 * @example
 * ```ts
 * import { Result } from 'tenon/contract'
 *
 * function parse(text: string): Result<i32, string> {
 *   if (text.length == 0) return Result.error<i32, string>('there is no number')
 *   return Result.ok<i32, string>(I32.parseInt(text))
 * }
 *
 * export function main(event: string): string {
 *   const parsed = parse(event)
 *   return parsed.isOk ? '{"number":' + parsed.value.toString() + '}' : '{"why":"' + parsed.error + '"}'
 * }
 * ```
 */
export class Result<O, E> {
  private constructor(
    /** Whether there is a value. */
    readonly isOk: bool,
    private held: O,
    private why: E,
  ) {}

  /** A success. */
  static ok<O, E>(value: O): Result<O, E> {
    return new Result<O, E>(true, value, hollow<E>())
  }

  /** A failure. */
  static error<O, E>(why: E): Result<O, E> {
    return new Result<O, E>(false, hollow<O>(), why)
  }

  /** The value. The call ends if there is none: look at `isOk` first. */
  get value(): O {
    if (!this.isOk) throw new Error('this result is an error, and has no value')
    return this.held
  }

  /** What went wrong. The call ends if nothing did. */
  get error(): E {
    if (this.isOk) throw new Error('this result is a value, and has no error')
    return this.why
  }
}

/** Nobody reads it: `isOk` says which of the two is there. */
function hollow<T>(): T {
  if (isReference<T>()) return changetype<T>(<usize>0)
  return <T>0
}

/**
 * What a result holds where it holds nothing: `false` does for it.
 *
 * @example
 * ```ts
 * import { Nothing, Result } from 'tenon/contract'
 *
 * function check(text: string): Result<Nothing, string> {
 *   return text.length < 9 ? Result.ok<Nothing, string>(false) : Result.error<Nothing, string>('it is too long')
 * }
 *
 * export function main(event: string): string {
 *   return check(event).isOk ? '{}' : '{"why":"' + check(event).error + '"}'
 * }
 * ```
 */
export type Nothing = bool
