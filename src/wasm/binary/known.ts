import { MortiseError } from '../../errors.ts'

/**
 * Reads something of a module. Nothing passes unread: what this Node takes and Mortise cannot read is refused, as unsupported
 * and not as invalid.
 *
 * @throws MortiseError what `read` throws, and `MODULE_UNSUPPORTED` in place of `MODULE_INVALID` where V8 validates the bytes
 */
export function known<T>(bytes: Uint8Array<ArrayBuffer>, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!MortiseError.is(error, 'MODULE_INVALID') || !WebAssembly.validate(bytes)) throw error
    const { offset } = error.details
    throw new MortiseError(
      'MODULE_UNSUPPORTED',
      `${error.message}. This Node takes it, and Mortise does not know it, so it cannot hold it to its limits. Build it without`,
      { cause: error, ...(offset !== undefined && { offset }) },
    )
  }
}
