import { echo } from '../fixtures/scripts.ts'
import { type Language, languages, ownLanguages } from '../fixtures/languages.ts'
import { type Answer, init, raw, refused, type Row, run, sentinel, starts, step, onlyOnce, noCode } from '../row.ts'

const equal = (json: unknown): Answer => ({ status: 200, json })
const same = (value: unknown) => step(run(value), equal(value))
const lines = (...each: readonly string[]) => each.flatMap((line) => [line, sentinel])
const ends = (count: number): readonly string[] => Array.from({ length: count }, () => sentinel)
const again = /Cannot initialize the action more than once\.$/

const activation = {
  api_key: 'abc',
  namespace: 'zzz',
  action_name: 'xxx',
  action_version: '0.0.1',
  activation_id: 'iii',
  deadline: '123',
}

const nested = { object: { 'a field': [1, 'two', { three: null }] }, number: 1.5 }

/** What every language has to do: the tests that all runtimes of OpenWhisk inherit. */
const inLanguage = (language: Language, only?: Row['only']): readonly Row[] => {
  const common = { ...language.setup, ...(language.needs && { needs: language.needs }), ...(only && { only }) }
  const row = (id: string, about: string, steps: Row['steps'], runs: number, more: Partial<Row> = {}): Row => ({
    id: `${id}/${language.name}`,
    about: `${language.name}: ${about}`,
    steps,
    stdout: ends(runs),
    stderr: ends(runs),
    ...common,
    ...more,
  })
  const { echo, niam, text, unicode, environment, context } = language
  return [
    row(
      'B3',
      'an answer that is text',
      [starts(text.code), step(raw('/run', '{}'), refused(502, 'The action did not return a dictionary or array.'))],
      1,
    ),
    row('B5', 'a function of another name', [starts(niam.code, niam), same({ string: 'hello' })], 1),
    row(
      'B6',
      'parameters come back as they are',
      [
        starts(echo.code),
        same({ string: 'hello' }),
        same({ string: '❄ ☃ ❄' }),
        same({ numbers: [42, 1] }),
        same(nested),
      ],
      4,
      {
        stdout: lines(...Array.from({ length: 4 }, () => 'hello stdout')),
        stderr: lines(...Array.from({ length: 4 }, () => 'hello stderr')),
      },
    ),
    row('B7', 'snow', [starts(unicode.code), step(run({ delimiter: '❄' }), equal({ winter: '❄ ☃ ❄' }))], 1, {
      stdout: lines('❄ ☃ ❄'),
    }),
    row(
      'B8',
      'variables of /init',
      [
        starts(environment.code, { env: { SOME_VAR: 'xyz', ANOTHER_VAR: '' } }),
        step(run({}), equal({ SOME_VAR: 'xyz', ANOTHER_VAR: '' })),
      ],
      1,
    ),
    row(
      'B9',
      'what it knows of its activation',
      [
        starts(context.code),
        step(raw('/run', JSON.stringify({ value: {}, ...activation })), equal({ api_host: 'xyz', ...activation })),
      ],
      1,
      { settings: { ...language.setup.settings, __OW_API_HOST: 'xyz' } },
    ),
    row('B10', 'parameters of 1 MB', [starts(niam.code, niam), same({ arg: 'a'.repeat(1_048_561) })], 1),
  ]
}

/** The tests that all runtimes of OpenWhisk inherit. */
export const basicRows: readonly Row[] = [
  {
    id: 'B1',
    about: 'no code',
    steps: [step(raw('/init', '{"value":{"name":"","main":"","code":"","binary":false}}'), noCode)],
  },
  { id: 'B2', about: 'nothing', steps: [step(raw('/init', '{}'), noCode)] },
  {
    id: 'B4',
    about: 'a second /init',
    steps: [starts(echo), step(init(echo), onlyOnce)],
    stderr: [again],
  },
  ...languages.flatMap((language) => inLanguage(language)),
  ...ownLanguages.flatMap((language) => inLanguage(language, 'mortise')),
]
