import { Readable } from 'node:stream'

/**
 * Gives a guest an input that has ended. Node's own would read the lines of the protocol, and cannot be made of a descriptor that is read
 * already: whoever imports `node:process` has asked for it.
 */
export function hideInput(): void {
  let input: Readable | undefined
  Object.defineProperty(process, 'stdin', {
    configurable: true,
    enumerable: true,
    get: () => (input ??= Readable.from([])),
  })
}
