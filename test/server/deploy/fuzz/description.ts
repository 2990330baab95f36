import { Ajv2020 } from 'ajv/dist/2020.js'
import { entries } from '../deploy-server.ts'

/** A JSON schema, as it came. */
export type Schema = ReadonlyMap<string, unknown>

/** A parameter of an operation. */
export interface Parameter {
  readonly name: string
  readonly schema: Schema
}

/** What a description says of one operation. */
export interface Described {
  readonly method: string
  /** `/v1/plugins/{name}` */
  readonly path: string
  readonly inPath: readonly Parameter[]
  readonly inQuery: readonly Parameter[]
  /** Of a body of JSON. */
  readonly body: Schema | undefined
  /** Whether it takes bytes. */
  readonly uploads: boolean
  /** Whether its answer goes on for as long as somebody listens. */
  readonly streams: boolean
  /** What is wrong with an answer of a status; `undefined` for nothing. */
  readonly check: (status: number, body: unknown) => string | undefined
}

/** The operations of a description by OpenAPI 3.1. */
export function describe(description: ReadonlyMap<string, unknown>): readonly Described[] {
  const ajv = new Ajv2020({ strict: false })
  const components = entries(description.get('components'))
  const failure = ajv.compile(plain(schemaOf(entries(entries(components.get('responses')).get('failure')))))
  return [...entries(description.get('paths'))].flatMap(([path, operations]) =>
    [...entries(operations)].map(([method, operation]): Described => {
      const said = entries(operation)
      const parameters = [...entries(said.get('parameters')).values()].map(entries)
      const of = (where: string): readonly Parameter[] =>
        parameters
          .filter((each) => each.get('in') === where)
          .map((each) => ({ name: String(each.get('name')), schema: entries(each.get('schema')) }))
      const request = entries(said.get('requestBody'))
      const contents = entries(request.get('content'))
      const done = entries(entries(said.get('responses')).get('200'))
      const streams = entries(done.get('content')).has('text/event-stream')
      const success = streams ? undefined : ajv.compile(plain(schemaOf(done)))
      return {
        method: method.toUpperCase(),
        path,
        inPath: of('path'),
        inQuery: of('query'),
        body: contents.has('application/json') ? schemaOf(request) : undefined,
        uploads: contents.has('application/octet-stream'),
        streams,
        check(status, body) {
          const validate = status === 200 ? success : failure
          if (validate === undefined || validate(body)) return undefined
          return ajv.errorsText(validate.errors)
        },
      }
    }),
  )
}

/** The schema of what is JSON in a request or an answer. */
const schemaOf = (said: Schema): Schema =>
  entries(entries(entries(said.get('content')).get('application/json')).get('schema'))

const plain = (schema: Schema): object => Object.fromEntries(schema)
