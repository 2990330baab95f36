import { zip } from '../fixtures/zip.ts'
import { type Answer, answer, init, refused, refusedSomehow, type Row, run, sentinel, starts, step } from '../row.ts'

const once = { stdout: [sentinel], stderr: [sentinel] }
const equal = (json: unknown): Answer => ({ status: 200, json })
const node = { only: 'mortise', because: 'Node runs what is posted as JavaScript; the reference does not.' } as const

/** Waits, in one process, until so many calls have come. */
const rendezvous = `let count = 0, all = Promise.withResolvers()
exports.main = async ({ of }) => { if (++count === of) all.resolve(); await all.promise; return { count } }`

/** Rows of OpenWhisk's own runtime for Node: what it does differently is what Mortise does. */
export const nodeRows: readonly Row[] = [
  {
    id: 'N1',
    about: 'two runs at the same time, of which one may run',
    ...node,
    steps: [
      starts(
        'let busy = 0; exports.main = async ({ n }) => { const alone = ++busy === 1; await new Promise(setImmediate); busy--; return { n, alone } }',
      ),
      { together: [1, 2].map((n) => ({ ask: run({ n }), answer: equal({ n, alone: true }) })) },
    ],
    stdout: [sentinel, sentinel],
    stderr: [sentinel, sentinel],
    because: 'A run that comes while another is under way waits, and is not refused.',
  },
  {
    id: 'N2',
    about: '110 runs that wait for one another',
    ...node,
    settings: { __OW_ALLOW_CONCURRENT: 'true' },
    steps: [
      starts(rendezvous),
      { together: Array.from({ length: 110 }, () => ({ ask: run({ of: 110 }), answer: equal({ count: 110 }) })) },
    ],
    stdout: Array.from({ length: 110 }, () => sentinel),
    stderr: Array.from({ length: 110 }, () => sentinel),
  },
  {
    id: 'N3',
    about: 'bytes that begin as a zip and are none',
    ...node,
    settings: { OW_LOG_INIT_ERROR: '1' },
    steps: [
      step(
        init(Buffer.from('PK\u0003\u0004 no zip')),
        refused(502, 'The action failed to generate or locate a binary. See logs for details.'),
      ),
    ],
    stdout: [sentinel],
    stderr: [/./, sentinel],
  },
  {
    id: 'N4',
    about: 'a zip without package.json and index.js',
    ...node,
    steps: [step(init(zip([{ name: 'other.txt', data: 'exports.main = () => ({})' }])), refusedSomehow(502))],
  },
  {
    id: 'N4b',
    about: 'a package.json whose main is not there',
    ...node,
    steps: [step(init(zip([{ name: 'package.json', data: '{"main":"nowhere.js"}' }])), refusedSomehow(502))],
  },
  {
    id: 'N5',
    about: 'undefined is an empty object',
    ...node,
    steps: [starts('function main() {}'), step(run({}), equal({}))],
    ...once,
  },
  {
    id: 'N6',
    about: 'a promise that is rejected is an application error',
    ...node,
    steps: [
      starts('const main = () => Promise.reject(new Error("sorry"))'),
      step(run({}), { status: 200, body: /^\{"error":.*sorry.*\}\n$/ }),
    ],
    stdout: 'any',
    stderr: 'any',
  },
  {
    id: 'N6b',
    about: 'it is rejected with an object',
    ...node,
    steps: [starts('exports.main = () => Promise.reject({ code: 7 })'), step(run({}), equal({ error: { code: 7 } }))],
    stdout: 'any',
    stderr: 'any',
  },
  {
    id: 'N7',
    about: 'an error that is returned is an answer',
    ...node,
    steps: [starts('const main = () => ({ error: "sorry" })'), step(run({}), equal({ error: 'sorry' }))],
    ...once,
  },
  {
    id: 'N8',
    about: 'a package, and a file beside it',
    ...node,
    steps: [
      starts(
        zip([
          { name: 'package.json', data: '{"main":"lib/action.js"}' },
          {
            name: 'lib/action.js',
            data: 'const { other } = require("./other.js"); exports.main = () => ({ other, text: require("node:fs").readFileSync("data.txt", "utf8") })',
          },
          { name: 'lib/other.js', data: 'exports.other = 7' },
          { name: 'data.txt', data: 'here' },
        ]),
      ),
      step(run({}), equal({ other: 7, text: 'here' })),
    ],
    ...once,
  },
  {
    id: 'N9',
    about: 'an index.js, and a function of another name',
    ...node,
    steps: [
      starts(zip([{ name: 'index.js', data: 'exports.niam = (args) => args' }]), { main: 'niam' }),
      step(run({ a: 1 }), answer('{"a":1}')),
    ],
    ...once,
  },
  {
    id: 'N10',
    about: 'a function that is not there',
    ...node,
    steps: [step(init('function other() {}'), refusedSomehow(502))],
    stdout: 'any',
    stderr: 'any',
  },
  {
    id: 'N11',
    about: 'text that is no JavaScript',
    ...node,
    steps: [step(init('function main( {'), refusedSomehow(502))],
    stdout: 'any',
    stderr: 'any',
  },
  {
    id: 'N12',
    about: 'arrays in and out',
    ...node,
    steps: [starts('exports.main = (list) => list.map((each) => each * 2)'), step(run([1, 2]), equal([2, 4]))],
    ...once,
  },
  {
    id: 'N13',
    about: 'TypeScript',
    ...node,
    steps: [
      starts(
        'interface Args { readonly n: number }\nexport const main = ({ n }: Args): { twice: number } => ({ twice: n * 2 })\n',
      ),
      step(run({ n: 4 }), equal({ twice: 8 })),
    ],
    ...once,
  },
]
