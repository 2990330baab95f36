import { type ProjectFacts, projectFiles } from './templates.ts'

/** The files of a new project with an action, by path. */
export function actionProject(facts: ProjectFacts): Readonly<Record<string, string>> {
  return projectFiles(facts, {
    guest,
    test: test(facts.name),
    readme: readme(facts.name),
    dev: `mortise dev guest --name ${facts.name}`,
  })
}

const guest = `import { fail, log } from 'tenon/action'

@json
class Event {
  name: string = ''
}

@json
class Greeting {
  greetings: string = ''
}

export function main(event: Event): Greeting {
  if (event.name.length == 0) return fail<Greeting>('no name specified')
  log.info('greeting ' + event.name)
  const greeting = new Greeting()
  greeting.greetings = 'Hello, ' + event.name
  return greeting
}
`

const test = (name: string): string => `import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Mortise } from 'mortise'
import { action } from 'mortise/action'
import { wasm } from 'mortise/wasm'

const host = new Mortise({ runtimes: [wasm()] })
const plugin = await host.plug('${name}', new URL('../${name}.wasm', import.meta.url), action)
after(() => host.close())

test('it greets by name', () => {
  assert.deepEqual(plugin.hooks.main({ name: 'Mike' }), { greetings: 'Hello, Mike' })
})

test('it says what is missing', () => {
  assert.deepEqual(plugin.hooks.main({}), { error: 'no name specified' })
})
`

const readme = (name: string): string => `# ${name}

An action for Mortise, written in AssemblyScript: TypeScript's syntax with static types, compiled to WebAssembly. It has no
closures, unions, exceptions, async functions or npm packages.

    npm install
    npm test                                              # builds ${name}.wasm and calls it
    npm exec -- mortise run guest --data '{"name":"Mike"}'   # {"greetings":"Hello, Mike"}
    npm run dev                                           # serves it, and builds again on every save

\`guest/index.ts\` is the action, \`test/main.test.js\` its test.
`
