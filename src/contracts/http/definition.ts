import { list, record, string, tuple, u16, u8 } from '../typed/types.ts'

const headers = list(tuple(string, string))

/** The hooks of the contract, by their types. */
export const typedHooks = {
  fetch: {
    params: { method: string, uri: string, headers, body: list(u8) },
    result: record('response', { status: u16, headers, body: list(u8) }),
  },
} as const
