import { compiled, compiler, forwarding, main, sources } from '../fixtures/go.ts'
import { demo } from '../fixtures/scripts.ts'
import { zip } from '../fixtures/zip.ts'
import { answer, raw, type Row, run, sentinel, starts, step, type Step, noAction, noCode } from '../row.ts'

const greeted = (line: string): Step => step(run({ name: 'Demo' }), answer(line))

const once = { stdout: [sentinel], stderr: [sentinel] }

const pair = `package main

func Main(_ map[string]interface{}) []interface{} { return []interface{}{"a", "b"} }
`
const same = `package main

func Main(values []interface{}) []interface{} { return values }
`

const compiles = (id: string, about: string, steps: readonly Step[], more: Partial<Row> = {}): Row => ({
  id,
  about,
  steps,
  needs: 'go',
  ...compiler,
  stdout: ['name=Demo', sentinel],
  stderr: [sentinel],
  ...more,
})

/** What the images of the reference must pass. */
export const suiteRows: readonly Row[] = [
  {
    id: 'S1',
    about: 'an /init that does nothing',
    steps: [step(raw('/init', '{}'), noCode), step(raw('/run', '{}'), noAction)],
  },
  { id: 'S2', about: 'a shell script', steps: [starts(demo('main')), greeted('{"main":"Hello, Demo"}')], ...once },
  {
    id: 'S3',
    about: 'a shell script in a zip',
    steps: [starts(zip([{ name: 'exec', data: demo('exec'), mode: 0o755 }])), greeted('{"exec":"Hello, Demo"}')],
    ...once,
  },
  compiles('S4', 'what -compile makes', [starts(compiled(main('main-main'))), greeted('{"main-main":"Hello, Demo!"}')]),
  compiles('S5', 'a source', [starts(main('main-main')), greeted('{"main-main":"Hello, Demo!"}')]),
  compiles('S6', 'a source whose function is hello', [
    starts(main('main-hello', 'Hello'), { main: 'hello' }),
    greeted('{"main-hello":"Hello, Demo!"}'),
  ]),
  compiles('S7', 'a source in a zip', [
    starts(sources({ 'main.go': main('main-main') })),
    greeted('{"main-main":"Hello, Demo!"}'),
  ]),
  compiles('S8', 'a source in a zip, whose function is hello', [
    starts(sources({ 'main.go': main('main-hello', 'Hello') }), { main: 'hello' }),
    greeted('{"main-hello":"Hello, Demo!"}'),
  ]),
  compiles(
    'S9',
    'a source in a zip, with a module of its own',
    [starts(sources(forwarding)), greeted('{"hello-Hello":"Hello, Demo!"}')],
    { stdout: ['Main', 'name=Demo', sentinel] },
  ),
  compiles(
    'S10',
    'an array out, without parameters',
    [starts(pair), step(raw('/run', '{}'), answer('["a","b"]'))],
    once,
  ),
  compiles(
    'S11',
    'an array in and out',
    [starts(same), step(run(['a', 1, { b: null }]), answer('["a",1,{"b":null}]'))],
    once,
  ),
]
