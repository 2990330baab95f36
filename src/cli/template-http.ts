import { type ProjectFacts, projectFiles } from './templates.ts'

/** The files of a new project with a guest that answers HTTP requests, by path. */
export function httpProject(facts: ProjectFacts): Readonly<Record<string, string>> {
  return projectFiles(facts, { guest, test: test(facts.name), readme: readme(facts.name) })
}

const guest = `import { Request, Response, log } from 'tenon/http'
import { json } from 'tenon/http/json'

@json
class Greeting {
  greetings: string = ''
}

export function fetch(request: Request): Response {
  if (request.path != '/hello') return Response.text('There is nothing here', 404)
  const name = request.parameter('name')
  if (name === null) return Response.text('no name specified', 400)
  log.info('greeting ' + name)
  const greeting = new Greeting()
  greeting.greetings = 'Hello, ' + name
  return json(greeting)
}
`

const test = (name: string): string => `import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Mortise } from 'mortise'
import { http } from 'mortise/http'
import { wasm } from 'mortise/wasm'

const host = new Mortise({ runtimes: [wasm()] })
const plugin = await host.plug('${name}', new URL('../${name}.wasm', import.meta.url), http)
after(() => host.close())

function get(uri) {
  const { status, body } = plugin.hooks.fetch({ method: 'GET', uri, headers: [], body: new Uint8Array() })
  return [status, Buffer.from(body).toString()]
}

test('it greets by name', () => {
  assert.deepEqual(get('/hello?name=Mike'), [200, '{"greetings":"Hello, Mike"}'])
})

test('it says what is missing', () => {
  assert.deepEqual(get('/hello'), [400, 'no name specified'])
  assert.equal(get('/other')[0], 404)
})
`

const readme = (name: string): string => `# ${name}

A guest for Mortise that answers HTTP requests, written in AssemblyScript: TypeScript's syntax with static types, compiled to
WebAssembly. It has no closures, unions, exceptions, async functions or npm packages.

    npm install
    npm test                                                      # builds ${name}.wasm and calls it
    npm exec -- mortise run guest --request '/hello?name=Mike'    # prints its answer
    npm run dev                                                   # builds again on every save

\`guest/index.ts\` is the handler, \`test/main.test.js\` its test.
`
