import type { PostedCode } from '../code/code.ts'
import { toEnvironment } from '../code/environment.ts'
import { MortiseError } from '../errors.ts'
import { decodeBase64 } from './base64.ts'
import { goSyntaxError, goValue } from './go-json.ts'

/** What `/init` was asked for. */
export interface InitRequest {
  readonly code: PostedCode
  /** What else it says of the function, as actions of OpenWhisk have it: `web-export`, `raw-http` and so on. */
  readonly annotations: Readonly<Record<string, unknown>>
}

/** Bytes that the body of `/init` may have for so many of code: in base64 three bytes take four, and line breaks and keys come on top. */
export function initBodyLimit(code: number): number {
  return Math.ceil((code * 4) / 3) + Math.ceil(code / 32) + 2 ** 20
}

/**
 * Reads the body of `/init`: `{"value":{"code":…,"binary":…,"main":…,"env":{…}}}`. Names of keys count in any case, `null` counts as
 * absent, and unknown keys for nothing. Sentences and their order are those of the reference, which clients match on.
 *
 * @throws MortiseError `REQUEST_INVALID`; `CODE_EMPTY` where there is no code
 */
export function readInit(body: Uint8Array): InitRequest {
  const top = new Fields(parse(body), 'Go value of type openwhisk.initRequest')
  const field = 'Go struct field initBodyRequest.value.'
  const value = new Fields(top.take('value'), 'Go struct field initRequest.value of type openwhisk.initBodyRequest')
  const code = value.text('code', `${field}code of type string`)
  const binary = value.flag('binary', `${field}binary of type bool`)
  const main = value.text('main', `${field}main of type string`)
  const env = new Fields(value.take('env'), `${field}env of type map[string]interface {}`)
  if (code === '') throw new MortiseError('CODE_EMPTY', 'Missing main/no code to execute.')
  return {
    code: { bytes: binary ? decode(code) : Buffer.from(code), main: main === '' ? 'main' : main, env: env.texts() },
    annotations: value.object('annotations'),
  }
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString())
  } catch (cause) {
    return refuse(goSyntaxError(body) ?? String(cause), cause)
  }
}

function decode(code: string): Uint8Array {
  const bytes = decodeBase64(code)
  if (typeof bytes !== 'number') return bytes
  throw new MortiseError('REQUEST_INVALID', `cannot decode the request: illegal base64 data at input byte ${bytes}`)
}

function refuse(why: string, cause?: unknown): never {
  throw new MortiseError('REQUEST_INVALID', `Error unmarshaling request: ${why}`, { cause })
}

/** The fields of an object, found as Go finds them. */
class Fields {
  readonly #object: object

  /** @param where - what Go calls the place that the object is for */
  constructor(value: unknown, where: string) {
    const given = value ?? {}
    if (typeof given !== 'object' || Array.isArray(given))
      refuse(`json: cannot unmarshal ${goValue(given)} into ${where}`)
    this.#object = given
  }

  /** The last one counts, however it is written. */
  take(name: string): unknown {
    return Object.entries(this.#object).findLast(([key, value]) => key.toLowerCase() === name && value !== null)?.[1]
  }

  text(name: string, where: string): string {
    const value = this.take(name) ?? ''
    return typeof value === 'string' ? value : refuse(`json: cannot unmarshal ${goValue(value)} into ${where}`)
  }

  flag(name: string, where: string): boolean {
    const value = this.take(name) ?? false
    return typeof value === 'boolean' ? value : refuse(`json: cannot unmarshal ${goValue(value)} into ${where}`)
  }

  object(name: string): Readonly<Record<string, unknown>> {
    const value = this.take(name)
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
  }

  /** Every value as text: one that is none as its JSON. */
  texts(): Readonly<Record<string, string>> {
    return toEnvironment({ ...this.#object })
  }
}
