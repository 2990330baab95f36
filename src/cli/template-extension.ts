import { type ProjectFacts, projectFiles } from './templates.ts'

/** The files of a new project with extensions, by path. */
export function extensionProject(facts: ProjectFacts): Readonly<Record<string, string>> {
  return projectFiles(facts, {
    guest,
    test: test(facts.name),
    readme: readme(facts.name),
    more: { 'state.json': state },
  })
}

const guest = `import { Storage, Value, assert, keyBuilder, mustGet, newValue, query, updateValue } from 'tenon/extension'

/** A command: refuses an order that costs nothing, and answers with what it costs. */
export function NewOrder(): void {
  const order = mustGet(keyBuilder(Storage.CommandContext)).asValue('ArgumentObject')
  newValue(keyBuilder(Storage.Result)).putInt64('Amount', amountOf(order))
}

/** A projector: adds what an order costs to the amount of its day. */
export function CountOrder(): void {
  const order = mustGet(keyBuilder(Storage.Event)).asValue('ArgumentObject')
  const day = keyBuilder(Storage.View, 'example.com/shop.Days')
  day.putString('Day', order.asText('Day'))
  const amount = amountOf(order)
  const row = query(day)
  if (row === null) newValue(day).putInt64('Amount', amount)
  else updateValue(day, row).putInt64('Amount', row.asInt64('Amount') + amount)
}

function amountOf(order: Value): i64 {
  const items = order.asValue('Items')
  let amount: i64 = 0
  for (let i = 0; i < items.length; i++) {
    const item = items.getAsValue(i)
    amount += item.asInt64('Quantity') * item.asInt64('Price')
  }
  assert(amount > 0, 'an order costs something')
  return amount
}
`

const state = `{
  "sys.CommandContext": { "ArgumentObject": { "Items": [{ "Quantity": 2, "Price": 50 }] } },
  "sys.Event": { "ArgumentObject": { "Day": "2026-01-01", "Items": [{ "Quantity": 2, "Price": 50 }] } },
  "sys.View(example.com/shop.Days)": [{ "key": { "Day": "2026-01-01" }, "value": { "Amount": 200 } }]
}
`

const test = (name: string): string => `import { test } from 'node:test'
import { commandTest, projectorTest } from 'mortise/extension/testing'

const guest = new URL('../${name}.wasm', import.meta.url)
const app = {
  packages: { shop: 'example.com/shop' },
  extensions: {
    NewOrder: { state: ['sys.CommandContext'], intents: ['sys.Result'] },
    CountOrder: { state: ['sys.Event', 'sys.View'], intents: ['sys.View(shop.Days)'] },
  },
}
const order = { Day: '2026-01-01', Items: [{ Quantity: 2, Price: 50 }, { Quantity: 1, Price: 100 }] }
const day = { Day: '2026-01-01' }

test('a command answers with what the order costs', async () => {
  await commandTest(guest, 'NewOrder', app).argument(order).expectResult({ Amount: 200 }).expectNoIntents().run()
})

test('a command refuses an order that costs nothing', async () => {
  await commandTest(guest, 'NewOrder', app)
    .argument({ Items: [{ Quantity: 0, Price: 50 }] })
    .expectFailure('GUEST_ABORT', 'an order costs something')
    .run()
})

test('a projector begins a day with its first order', async () => {
  await projectorTest(guest, 'CountOrder', app)
    .event('shop.NewOrder', order)
    .expectInsert('sys.View(shop.Days)', day, { Amount: 200 })
    .run()
})

test('a projector adds an order to its day', async () => {
  await projectorTest(guest, 'CountOrder', app)
    .event('shop.NewOrder', order)
    .view('shop.Days', day, { Amount: 200 })
    .expectUpdate('sys.View(shop.Days)', day, { Amount: 400 })
    .run()
})
`

const readme = (name: string): string => `# ${name}

Extensions for Mortise: functions that read state and create intents, which the host writes all or none. They are written in
AssemblyScript: TypeScript's syntax with static types, compiled to WebAssembly. It has no closures, unions, exceptions, async functions
or npm packages.

    npm install
    npm test                                                      # builds ${name}.wasm and calls it
    npm exec -- mortise run guest CountOrder --state state.json   # prints its intents
    npm run dev                                                   # builds again on every save

\`guest/index.ts\` holds the extensions, one for each function that it exports, \`test/main.test.js\` their test, \`state.json\` what they
read on the command line.
`
