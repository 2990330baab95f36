// Runs one bench in a process of its own: node worker.ts <module of the subject> <case> <variant>
import { Measure, type Round } from './measure.ts'
import type { Subject } from './suite.ts'

/** What the parent asks for. */
export interface Order {
  readonly do: 'warm' | 'round'
  readonly milliseconds: number
}

/** What it gets. */
export type Answer = { readonly round?: Round } | { readonly error: string }

const [url = '', name = '', variant = ''] = process.argv.slice(2)

function answer(message: Answer): void {
  process.send?.(message)
}

async function prepare(): Promise<Measure> {
  // oxlint-disable-next-line no-unsafe-type-assertion -- the suite lists modules that export their subject
  const { subject } = (await import(url)) as { subject: Subject }
  const make = subject.cases[name]?.[variant]
  if (make === undefined) throw new Error(`'${url}' has no case '${name}' in the variant '${variant}'`)
  return new Measure(await make())
}

async function obey(measure: Measure, order: Order): Promise<Answer> {
  if (order.do === 'round') return { round: await measure.round(order.milliseconds) }
  await measure.warm(order.milliseconds)
  return {}
}

const describe = (error: unknown): Answer => ({ error: error instanceof Error ? error.message : String(error) })

// Listening from the start, which also keeps the process alive while a subject waits for nothing that would.
const measure = prepare()
process.on('message', (order: Order) => {
  void measure
    .then((ready) => obey(ready, order))
    .catch(describe)
    .then(answer)
})
answer(await measure.then(() => ({}), describe))
