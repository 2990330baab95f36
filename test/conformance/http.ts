import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type ErrorCode, type Mortise, MortiseError, type Source } from 'mortise'
import { http, type HttpRequest, type HttpResponse } from 'mortise/http'

/** Guests that do the same on every runtime. */
export interface HttpGuests {
  /** Answers 200, with the headers and the body of the request. */
  readonly echo: Source
  /** Answers 200, with the method, a space, and the path and query of the request. */
  readonly target: Source
  /** Answers with the number of its calls, as one digit, and crashes on `DELETE`. */
  readonly count: Source
  /** Answers with a status, and one header and a body that may be empty. */
  readonly answer: (status: number, name: string, value: string, body: string) => Source | Promise<Source>
}

export type HttpHost = Mortise<'wasm'> | Mortise<'esm'> | Mortise<'process'>

/** A runtime on which the contract `http` works, with guests for it. */
export interface HttpRuntime {
  readonly guests: HttpGuests
  /** What a crash of its guests is. */
  readonly crash: ErrorCode
  /** Whether a crash puts the guest back as it was after its initialisation. */
  readonly restores: boolean
  /** What an answer is that the guest itself may not be able to make. */
  readonly malformed: readonly ErrorCode[]
  readonly host: () => HttpHost
}

export const get = (uri: string): HttpRequest => ({ method: 'GET', uri, headers: [], body: new Uint8Array() })

const text = ({ body }: HttpResponse): string => new TextDecoder().decode(body)

/** What every runtime promises of a guest that answers HTTP requests. */
export function testHttp(name: string, { guests, crash, restores, malformed, host: open }: HttpRuntime): void {
  const fetcher = async (host: HttpHost, source: Source): Promise<(request: HttpRequest) => Promise<HttpResponse>> => {
    const { hooks } = await (host as Mortise<'wasm' | 'esm' | 'process'>).plug('site', source, http)
    return async (request) => hooks.fetch(request)
  }
  const rejected = async (codes: readonly ErrorCode[], promise: Promise<unknown>): Promise<void> => {
    await assert.rejects(promise, (error) => {
      assert(MortiseError.is(error), String(error))
      assert(codes.includes(error.code), `${error.code}: ${error.message}`)
      return true
    })
  }

  describe(`http on ${name}`, () => {
    it('takes headers and body, and gives them', async () => {
      await using host = open()
      const fetch = await fetcher(host, guests.echo)
      const name = fc.stringMatching(/^x-[a-z0-9]{1,10}$/)
      const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/)
      const request = fc.record({
        headers: fc.uniqueArray(fc.tuple(name, value), { maxLength: 8, selector: ([key]) => key }),
        body: fc.uint8Array({ maxLength: 300 }),
      })
      await fc.assert(
        fc.asyncProperty(request, async ({ headers, body }) => {
          const sorted = headers.toSorted(([a], [b]) => (a < b ? -1 : 1))
          const response = await fetch({ method: 'POST', uri: '/', headers: sorted, body })
          assert.equal(response.status, 200)
          assert.deepEqual(
            response.headers.map(([key, given]) => [key, given]),
            sorted,
          )
          assert.deepEqual(response.body, Uint8Array.from(body))
        }),
        { numRuns: 50 },
      )
    })

    it('takes a large body', async () => {
      await using host = open()
      const fetch = await fetcher(host, guests.echo)
      const body = Uint8Array.from({ length: 2 ** 20 }, (_, index) => (index * 7) & 255)
      const response = await fetch({ method: 'PUT', uri: '/', headers: [], body })
      assert.deepEqual(response.body, body)
    })

    it('is told method, path and query as they came', async () => {
      await using host = open()
      const fetch = await fetcher(host, guests.target)
      for (const uri of ['/', '/a/b?c=d&e', '/%C3%BC?x=%20', '//evil.example/x', '/a?b=/../c']) {
        assert.equal(text(await fetch(get(uri))), `GET ${uri}`)
      }
      assert.equal(text(await fetch({ ...get('/x'), method: 'DELETE' })), 'DELETE /x')
    })

    it('keeps its state between calls, and is put back where the runtime can when it crashes', async () => {
      await using host = open()
      const fetch = await fetcher(host, guests.count)
      assert.equal(text(await fetch(get('/'))), '1')
      assert.equal(text(await fetch(get('/'))), '2')
      await rejected([crash], fetch({ ...get('/'), method: 'DELETE' }))
      assert.equal(text(await fetch(get('/'))), restores ? '1' : '4')
    })

    for (const status of [200, 204, 301, 404, 418, 503, 599]) {
      it(`answers with the status ${status}`, async () => {
        await using host = open()
        const fetch = await fetcher(host, await guests.answer(status, 'location', '/x?y#z', ''))
        assert.deepEqual(await fetch(get('/')), { status, headers: [['location', '/x?y#z']], body: new Uint8Array() })
      })
    }

    const wrong: readonly (readonly [what: string, answer: Parameters<HttpGuests['answer']>])[] = [
      ['the status 0', [0, 'x', 'y', '']],
      ['the status 101', [101, 'x', 'y', '']],
      ['the status 600', [600, 'x', 'y', '']],
      ['a header without a name', [200, '', 'y', '']],
      ['a space in the name of a header', [200, 'x y', 'y', '']],
      ['a header that ends and begins another', [200, 'x', 'y\r\nset-cookie: z', '']],
      ['a body where there is none', [204, 'x', 'y', 'body']],
    ]
    for (const [what, answer] of wrong) {
      it(`cannot answer with ${what}`, async () => {
        await using host = open()
        const fetch = await fetcher(host, await guests.answer(...answer))
        await rejected(malformed, fetch(get('/')))
        await rejected(malformed, fetch(get('/')))
      })
    }
  })
}
