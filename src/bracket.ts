/** This file, by which the frames of a bracket are known in a stack. */
export const here: string = import.meta.url

/** What happens around every call of a hook. */
export interface Bracket {
  /** False during a call. */
  readonly ready: boolean
  /** Never to be called again. It becomes true when `recover` or `leave` found no room on the stack to do their work. */
  stale: boolean
  enter(): void
  leave(name: string): void
  /** After a throw: throws in its turn, or returns what another run of the hook gave. */
  recover<A extends unknown[], R>(name: string, thrown: unknown, hook: (...args: A) => R, args: A): R
}

type Hook = (...args: unknown[]) => unknown

/**
 * Puts a bracket around a hook, which must have a fixed number of parameters: no default, no rest.
 *
 * Written out for the usual numbers, because arguments collected in an array cost 15 ns a call on Node 26, five times the
 * call itself. The overload hides from the caller what the number of parameters makes true.
 */
export function bracketed<A extends unknown[], R>(
  name: string,
  hook: (...args: A) => R,
  around: Bracket,
): (...args: A) => R
export function bracketed(name: string, hook: Hook, around: Bracket): Hook {
  switch (hook.length) {
    case 0:
      return () => {
        let result
        around.enter()
        try {
          try {
            result = hook()
          } catch (thrown) {
            result = around.recover(name, thrown, hook, [])
          }
          around.leave(name)
        } finally {
          around.stale ||= !around.ready
        }
        return result
      }
    case 1:
      return (a) => {
        let result
        around.enter()
        try {
          try {
            result = hook(a)
          } catch (thrown) {
            result = around.recover(name, thrown, hook, [a])
          }
          around.leave(name)
        } finally {
          around.stale ||= !around.ready
        }
        return result
      }
    case 2:
      return (a, b) => {
        let result
        around.enter()
        try {
          try {
            result = hook(a, b)
          } catch (thrown) {
            result = around.recover(name, thrown, hook, [a, b])
          }
          around.leave(name)
        } finally {
          around.stale ||= !around.ready
        }
        return result
      }
    case 3:
      return (a, b, c) => {
        let result
        around.enter()
        try {
          try {
            result = hook(a, b, c)
          } catch (thrown) {
            result = around.recover(name, thrown, hook, [a, b, c])
          }
          around.leave(name)
        } finally {
          around.stale ||= !around.ready
        }
        return result
      }
    default:
      return (...args) => {
        let result
        around.enter()
        try {
          try {
            result = hook(...args)
          } catch (thrown) {
            result = around.recover(name, thrown, hook, args)
          }
          around.leave(name)
        } finally {
          around.stale ||= !around.ready
        }
        return result
      }
  }
}
