import { list, record, string, tuple, type Typed, u16, u8 } from '../typed/types.ts'
import type { HttpRequest, HttpResponse } from './http.ts'

/** The hook of the contract, by its types. */
interface TypedFetch {
  readonly params: { readonly [N in keyof HttpRequest]: Typed<HttpRequest[N]> }
  readonly result: Typed<HttpResponse>
}

const headers = list(tuple(string, string))

/** What the contract is made of. */
export const typedHooks: Readonly<Record<'fetch', TypedFetch>> = {
  fetch: {
    params: { method: string, uri: string, headers, body: list(u8) },
    result: record('response', { status: u16, headers, body: list(u8) }),
  },
}
