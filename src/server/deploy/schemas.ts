import { catalogue } from '../../errors.ts'
import type { Schema } from './operation.ts'

const text = (most: number, more: Schema = {}): Schema => ({ type: 'string', maxLength: most, ...more })
const object = (properties: Schema, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})
const size = { type: ['integer', 'string'] }

const name = text(100, { pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$' })
const digest = text(64, { pattern: '^[0-9a-f]{64}$', description: 'SHA-256 in hexadecimal' })
const number = { type: 'integer', minimum: 1 }
const milliseconds = { type: 'number', description: 'milliseconds' }

export const named: Schema = object({ name }, ['name'])
export const digested: Schema = object({ digest }, ['digest'])

/** The body of a deploy. */
export const deploy: Schema = object(
  {
    digest,
    contract: { enum: ['action', 'http'] },
    main: text(200, { minLength: 1 }),
    env: { type: 'object', maxProperties: 1000, additionalProperties: text(65_536) },
    web: { type: 'boolean' },
    mount: text(900, {
      pattern: '^/',
      description: 'Of http: the path at which it answers, with all below it. Default /',
    }),
    limits: object({
      deadline: size,
      memory: size,
      output: size,
      concurrency: number,
      queue: { type: 'integer', minimum: 0 },
    }),
    smoke: {
      type: 'object',
      description:
        'What has to be answered before it is live: parameters of an activation, or of http a request: method, path, headers, body, status',
    },
    fresh: { type: 'boolean', description: 'It begins without the state of the version before. Default false' },
    signature: text(200, { description: 'Ed25519 over "mortise artifact sha256:<digest>", in base64' }),
  },
  ['digest'],
)

export const rollback: Schema = {
  type: ['object', 'null'],
  properties: { version: number },
  additionalProperties: false,
}

/** Which lines of a list. */
export const page: Schema = object({
  most: text(4, { pattern: '^[1-9][0-9]*$' }),
  below: text(15, { pattern: '^[1-9][0-9]*$' }),
})

/** Whether a stream goes on. */
export const followed: Schema = object({
  follow: { enum: ['true', 'false'], description: 'Whether it waits for what is to come; default true' },
})

const timings = (...names: readonly string[]): Schema =>
  object(Object.fromEntries(names.map((each) => [each, milliseconds])), names)

export const deployed: Schema = object(
  {
    plugin: name,
    version: number,
    digest,
    runtime: { enum: ['wasm', 'esm', 'process'] },
    timings: timings('load', 'smoke', 'handOver', 'store', 'swap'),
  },
  ['plugin', 'version', 'digest', 'runtime', 'timings'],
)
export const rolledBack: Schema = object(
  { plugin: name, version: number, digest, kept: { type: 'boolean' }, timings: timings('load', 'store', 'swap') },
  ['plugin', 'version', 'digest', 'kept', 'timings'],
)
export const removed: Schema = object({ plugin: name }, ['plugin'])
export const artifact: Schema = object({ digest }, ['digest'])
const version = object({
  plugin: name,
  version: number,
  digest,
  size: { type: 'integer' },
  at: { type: 'integer', description: 'milliseconds since 1970' },
  by: { type: 'string' },
  contract: { enum: ['action', 'http'] },
  web: { type: 'boolean' },
  mount: { type: 'string' },
  env: { type: 'array', items: { type: 'string' }, description: 'Names alone: values are nobody’s business' },
})
export const plugins: Schema = object({ plugins: { type: 'array', items: version } }, ['plugins'])
export const plugin: Schema = object({
  plugin: name,
  live: number,
  versions: { type: 'array', items: version },
  activations: {
    type: 'array',
    items: object({ version: number, at: { type: 'integer' }, by: { type: 'string' } }, ['at', 'by']),
    description: 'Without a version where the plugin was removed',
  },
})
const line = object(
  {
    number,
    at: { type: 'integer', description: 'milliseconds since 1970' },
    by: { type: 'string', description: 'the name of a token' },
    from: { type: 'string', description: 'an address, or "socket"' },
    action: { type: 'string' },
    plugin: { type: 'string' },
    digest: { type: 'string' },
    outcome: { enum: ['done', 'INTERNAL', ...Object.keys(catalogue)] },
  },
  ['number', 'at', 'by', 'from', 'action', 'outcome'],
)
export const audit: Schema = object({ audit: { type: 'array', items: line } }, ['audit'])
export const anything: Schema = { type: 'object' }
