import { Headers } from './headers'
import { parameter } from './_query'

export { config } from '../config'
export { log } from '../log'
export { Headers } from './headers'

/**
 * A request, whole. Nothing of it is decoded or copied before it is asked for. It lasts as long as its call: take what you
 * want to keep of it.
 *
 * @example
 * ```ts
 * import { Request, Response } from 'tenon/http'
 *
 * export function fetch(request: Request): Response {
 *   if (request.path != '/hello') return Response.text('There is nothing here', 404)
 *   const name = request.parameter('name')
 *   return Response.text('Hello, ' + (name === null ? request.text() : name))
 * }
 * ```
 */
export class Request {
  /** Internal: the host makes requests. */
  constructor(
    /** In capitals: `GET`. */
    readonly method: string,
    /** As it came: a path with its query, or a whole URL. */
    readonly uri: string,
    /** Names are compared without a difference between capitals and small letters. */
    readonly headers: Headers,
    private readonly content: Uint8Array,
  ) {}

  /** The path, without a query: `/a` of `/a?b=c`, as it came, escapes included. */
  get path(): string {
    const at = this.uri.indexOf('?')
    return at < 0 ? this.uri : this.uri.substring(0, at)
  }

  /** What is behind the first question mark, as it came; empty where there is none. */
  get query(): string {
    const at = this.uri.indexOf('?')
    return at < 0 ? '' : this.uri.substring(at + 1)
  }

  /**
   * A parameter of the query.
   *
   * @param name - as it is when it is decoded
   * @returns its value, decoded; null where there is none. Of several of one name it is the first
   */
  parameter(name: string): string | null {
    return parameter(this.query, name)
  }

  /** The body as bytes, without a copy. */
  bytes(): Uint8Array {
    return this.content
  }

  /** The body as text. What is not UTF-8 becomes U+FFFD or something like it. */
  text(): string {
    return String.UTF8.decodeUnsafe(this.content.dataStart, this.content.byteLength)
  }
}

/**
 * An answer, whole. What it is made of may be changed until it is returned.
 *
 * A host refuses a status below 200 or above 599, a header that HTTP does not allow, and a body with 204, 205 or 304: the guest
 * counts as failed then.
 *
 * @example
 * ```ts
 * import { Request, Response } from 'tenon/http'
 *
 * export function fetch(request: Request): Response {
 *   if (request.method == 'OPTIONS') return new Response(204)
 *   const response = Response.json('{"path":"' + request.path + '"}')
 *   response.headers.set('cache-control', 'no-store')
 *   return response
 * }
 * ```
 */
export class Response {
  readonly headers: Headers = new Headers()

  /** @param status - 200 to 599 @param content - the body; empty where nothing is given */
  constructor(
    public status: i32 = 200,
    public content: Uint8Array = new Uint8Array(0),
  ) {}

  /** An answer of text. */
  static text(text: string, status: i32 = 200): Response {
    return made('text/plain;charset=UTF-8', text, status)
  }

  /** An answer of HTML. What you put into it that is not yours has to be escaped before. */
  static html(html: string, status: i32 = 200): Response {
    return made('text/html;charset=UTF-8', html, status)
  }

  /** An answer of JSON, given as text; `json()` of `tenon/http/json` makes one of a value. */
  static json(json: string, status: i32 = 200): Response {
    return made('application/json', json, status)
  }

  /** An answer of bytes. */
  static bytes(bytes: Uint8Array, status: i32 = 200): Response {
    const response = new Response(status, bytes)
    response.headers.set('content-type', 'application/octet-stream')
    return response
  }

  /** An answer that sends the client to another place. */
  static redirect(location: string, status: i32 = 302): Response {
    const response = new Response(status)
    response.headers.set('location', location)
    return response
  }
}

function made(type: string, text: string, status: i32): Response {
  const response = new Response(status, Uint8Array.wrap(String.UTF8.encode(text, false, String.UTF8.ErrorMode.REPLACE)))
  response.headers.set('content-type', type)
  return response
}
