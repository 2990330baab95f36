import { compiled, compiler, forwarding, greeting, main, sources, zipped } from '../fixtures/go.ts'
import { acknowledging, greeter, hi, loop, broken } from '../fixtures/scripts.ts'
import { zip } from '../fixtures/zip.ts'
import { pythonZip } from '../fixtures/python.ts'
import {
  answer,
  init,
  Other,
  refusedSomehow,
  raw,
  refused,
  type Row,
  run,
  sentinel,
  starts,
  step,
  type Step,
  noAction,
  noCode,
  exitedAtStart,
  notStarted,
} from '../row.ts'

const none = step(run({ name: 'Mike' }), noAction)
const mike = (line: string): Step => step(run({ name: 'Mike' }), answer(line))

const message = greeting('message')
const greetings = greeting('greetings')
const messaged = { needs: 'go', stdout: ['name=Mike', sentinel], stderr: [sentinel] } as const
const greeted = { needs: 'go', stdout: ['Hello, Mike', sentinel], stderr: [sentinel] } as const
const once = { stdout: [sentinel], stderr: [sentinel] }

const compiles = (id: string, about: string, steps: readonly Step[], more: Partial<Row> = {}): Row => ({
  id,
  about,
  steps,
  needs: 'go',
  ...compiler,
  ...once,
  ...more,
})

/** The tests of the reference that show over HTTP. */
export const goRows: readonly Row[] = [
  {
    id: 'G1',
    about: 'bodies that are none',
    steps: [
      step(raw('/init', '{}'), noCode),
      step(
        raw('/init', 'XXX'),
        refused(400, "Error unmarshaling request: invalid character 'X' looking for beginning of value"),
      ),
      step(raw('/run', '{}'), noAction),
      step(raw('/run', 'XXX'), noAction),
    ],
  },
  compiles(
    'G5',
    'a zip with a program is not compiled by -compile',
    [starts(compiled(pythonZip())), mike('{"python": "Hello, Mike"}')],
    { ...once, needs: 'python' },
  ),
  {
    id: 'G10',
    about: 'an archive built for another execution environment',
    settings: { OW_EXECUTION_ENV: 'bad/env', OW_WAIT_FOR_ACK: '1' },
    steps: [
      step(
        init(
          zip([
            { name: 'exec', data: acknowledging, mode: 0o755 },
            { name: 'exec.env', data: 'exec/env' },
          ]),
        ),
        refused(502, 'cannot start action: Execution environment version mismatch. See logs for details.'),
      ),
      starts(
        zip([
          { name: 'exec', data: acknowledging, mode: 0o755 },
          { name: 'exec.env', data: 'bad/env\n' },
        ]),
      ),
      mike('{"hello": "Mike"}'),
    ],
    stdout: ['Expected exec.env should start with bad/env', /^Actual value: exec\/env/, sentinel],
    stderr: [sentinel],
  },
  compiles(
    'G14',
    'an error of the compiler',
    [
      step(init('package main\n\nfunc Main() {\n\tsyntax error\n}\n'), {
        status: 502,
        body: /^\{"error":"# exec\\n\.\/exec__\.go:4:9: syntax error: unexpected name error at end of statement\\n"\}\n$/,
      }),
    ],
    { stdout: [], stderr: [] },
  ),
  compiles(
    'G15',
    'a source with a main of its own',
    [step(init('package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hi") }\n'), exitedAtStart)],
    { race: true, stdout: ['hi'], stderr: [] },
  ),
  {
    id: 'G18',
    about: 'a script',
    steps: [starts(greeter), mike('{"hello": "Mike"}')],
    stdout: ['msg=hello Mike', sentinel],
    stderr: [sentinel],
  },
  {
    id: 'G19',
    about: 'variables',
    steps: [
      starts(loop(`echo "{ \\"env\\": \\"TEST_HELLO=$TEST_HELLO TEST_HI=$TEST_HI\\"}" >&3`), {
        env: { TEST_HELLO: 'WORLD', TEST_HI: 'ALL' },
      }),
      step(run({}), answer('{ "env": "TEST_HELLO=WORLD TEST_HI=ALL"}')),
    ],
    ...once,
  },
  { id: 'G34', about: 'a program', steps: [none, starts(message), mike('{"message":"Hello, Mike!"}')], ...messaged },
  {
    id: 'G34b',
    about: 'another program',
    steps: [none, starts(greetings), mike('{"greetings":"Hello, Mike"}')],
    ...greeted,
  },
  {
    id: 'G35',
    about: 'a program in a zip',
    steps: [none, starts(zipped(greetings)), mike('{"greetings":"Hello, Mike"}')],
    ...greeted,
  },
  {
    id: 'G35b',
    about: 'another program in a zip',
    steps: [none, starts(zipped(message)), mike('{"message":"Hello, Mike!"}')],
    ...messaged,
  },
  {
    id: 'G36',
    about: 'a script, and two runs',
    steps: [
      none,
      starts(greeter),
      mike('{"hello": "Mike"}'),
      step(run({ name: 'world' }), answer('{"hello": "world"}')),
    ],
    stdout: ['msg=hello Mike', sentinel, 'msg=hello world', sentinel],
    stderr: [sentinel, sentinel],
  },
  {
    id: 'G37',
    about: 'the name of the function means nothing to a program',
    steps: [starts(message, { main: 'other' }), mike('{"message":"Hello, Mike!"}')],
    ...messaged,
  },
  {
    id: 'G38',
    about: 'nor to one in a zip',
    steps: [starts(zipped(greetings), { main: 'other' }), mike('{"greetings":"Hello, Mike"}')],
    ...greeted,
  },
  compiles('G39', 'a source', [none, starts(main('message')), mike('{"message":"Hello, Mike!"}')], messaged),
  compiles(
    'G40',
    'a source whose function has another name',
    [starts(main('hello', 'Hello'), { main: 'hello' }), mike('{"hello":"Hello, Mike!"}')],
    messaged,
  ),
  compiles('G41', 'a source of several files', [starts(sources(forwarding)), mike('{"hello-Hello":"Hello, Mike!"}')], {
    stdout: ['Main', 'name=Mike', sentinel],
  }),
  {
    id: 'G42',
    race: true,
    about: 'what cannot be started',
    steps: [
      none,
      step(raw('/init', '{}'), noCode),
      step(init(broken), notStarted),
      step(init(hi), exitedAtStart),
      step(init(main('message')), new Other(exitedAtStart, refusedSomehow(502))),
      none,
    ],
    stdout: [/^hi /],
    because:
      'Text that is no program is JavaScript or TypeScript, and refused in words of its compiler where it is not.',
  },
  {
    id: 'G43',
    about: 'a program in Python, in a zip of several files',
    needs: 'python',
    settings: { OW_WAIT_FOR_ACK: '1' },
    steps: [
      starts(pythonZip()),
      mike('{"python": "Hello, Mike"}'),
      step(run({ name: 'World' }), answer('{"python": "Hello, World"}')),
    ],
    stdout: [sentinel, sentinel],
    stderr: [sentinel, sentinel],
  },
  {
    id: 'G44',
    about: 'one variable, two, none',
    steps: [
      starts(loop('echo "{\\"env\\":\\"$hello $hi\\"}" >&3'), { env: { hello: 'world', hi: 'all' } }),
      step(run({}), answer('{"env":"world all"}')),
    ],
    ...once,
  },
]
