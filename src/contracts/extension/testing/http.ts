import { httpKeyFields, linesOf, outgoing, rowOf } from '../../../storages/http.ts'
import type { Storage } from '../storage.ts'

/** A request that an extension made. */
export interface HttpRequest {
  readonly method: string
  readonly url: string
  /** By their names in small letters. */
  readonly headers: Readonly<Record<string, string>>
  /** As UTF-8; empty where there is none. */
  readonly body: string
}

/** What a server answers, or why nobody does. */
export interface HttpAnswer {
  /** Default 200. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Default: empty. */
  readonly body?: string | Uint8Array
  /** No answer comes, and this is why. */
  readonly error?: string
}

/** An answer, or what makes one of the request. */
export type Answering<R, A> = A | ((request: R) => A)

/** A request that a test has an answer for. */
export interface HttpGiven {
  /** `GET https://api.example.com/users`; without a method: any. */
  readonly request: string
  readonly answer: Answering<HttpRequest, HttpAnswer>
}

/** `sys.Http` over the answers of a test; keeps the requests. */
export function httpStorage(given: readonly HttpGiven[], requests: HttpRequest[]): Storage {
  const ask = (request: HttpRequest): HttpAnswer => {
    const names = [request.url, `${request.method} ${request.url}`]
    const found = given.find((one) => names.includes(one.request))
    if (found === undefined) {
      const known = given.map((one) => one.request).join(', ')
      throw new Error(
        `the test has no answer for ${names[1]}: it has ${known === '' ? 'none at all' : `those for ${known}`}`,
      )
    }
    return answerOf(found.answer, request)
  }
  return {
    keyFields: () => httpKeyFields,
    *read(key) {
      const { method, url, headers, body } = outgoing(key, new AbortController().signal)
      const request = {
        method,
        url: url.href,
        headers: Object.fromEntries(headers),
        body: Buffer.from(body ?? new Uint8Array(0)).toString(),
      }
      requests.push(request)
      const answer = ask(request)
      const keyRow = Object.fromEntries(key.fields)
      if (answer.error !== undefined) {
        const why = `${method} ${url.href} failed: ${answer.error}`
        if (key.fields.get('HandleErrors') !== true) throw new Error(why)
        yield [keyRow, rowOf(0, new Uint8Array(Buffer.from(why)), '', why)]
        return
      }
      const { status = 200, body: content = '' } = answer
      yield [keyRow, rowOf(status, new Uint8Array(Buffer.from(content)), linesOf(new Headers(answer.headers)), '')]
    },
  }
}

/** The answer to a request. */
export function answerOf<R, A extends object>(answer: Answering<R, A>, request: R): A {
  return typeof answer === 'function' ? answer(request) : answer
}
