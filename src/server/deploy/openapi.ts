import { catalogue } from '../../errors.ts'
import type { Operation, Schema } from './operation.ts'

/** The description of the API by OpenAPI 3.1, made of the operations and the schemas that validate what they take. */
export function openApi(operations: readonly Operation[], version: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const each of operations) {
    const path = each.url.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [each.method.toLowerCase()]: describe(each) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Mortise deploy API', version },
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      responses: {
        failure: {
          description: 'It failed, and changed nothing',
          content: json({
            type: 'object',
            required: ['error', 'code'],
            properties: {
              error: { type: 'string' },
              code: { enum: [...Object.keys(catalogue), 'INTERNAL'] },
              problems: { type: 'array', items: { type: 'string' } },
              diagnostics: { type: 'array', items: { type: 'object' } },
            },
          }),
        },
      },
    },
  }
}

function describe({ summary, roles, params, query, body, answer, method, url }: Operation): object {
  const upload = method === 'PUT' ? { 'application/octet-stream': {} } : undefined
  const content = body === undefined ? upload : json(body)
  const stream = { 'text/event-stream': {} }
  return {
    summary,
    description: `For tokens with the role ${roles.join(' or ')}.`,
    operationId: `${method.toLowerCase()}${url.replaceAll(/[^A-Za-z0-9]+(\w?)/g, (_, next: string) => next.toUpperCase())}`,
    parameters: [...parametersOf('path', params), ...parametersOf('query', query)],
    ...(content !== undefined && {
      requestBody: { required: body?.['required'] !== undefined || upload !== undefined, content },
    }),
    responses: {
      200: { description: 'Done', content: answer === undefined ? stream : json(answer) },
      default: { $ref: '#/components/responses/failure' },
    },
  }
}

const json = (schema: Schema): object => ({ 'application/json': { schema } })

function parametersOf(where: 'path' | 'query', schema: Schema = {}): readonly object[] {
  const { properties } = schema
  const all: object = typeof properties === 'object' && properties !== null ? properties : {}
  return Object.entries(all).map(([name, of]: [string, unknown]) => ({
    name,
    in: where,
    required: where === 'path',
    schema: of,
  }))
}
