import assert from 'node:assert/strict'
import { it } from 'node:test'
import { toEnvironment } from '../../src/code/environment.ts'

/** An object of JSON, with its own `__proto__`. */
const parse: (text: string) => Record<string, unknown> = JSON.parse

it('an environment is text: strings as they are, all else as the JSON that Go makes', () => {
  const values = parse(
    '{"s":"a=b=c","n":123,"f":1.50,"e":1e21,"m":1e-7,"z":-0,"t":true,"x":null,"a":[1,2,3],"o":{"b":2,"a":1,"10":0,"9":0,"ä":"<&>\\u2028"},"empty":"","__proto__":{"__proto__":1}}',
  )
  const environment = toEnvironment(values)
  assert.deepEqual(Object.entries(environment), [
    ['s', 'a=b=c'],
    ['n', '123'],
    ['f', '1.5'],
    ['e', '1e+21'],
    ['m', '1e-7'],
    ['z', '-0'],
    ['t', 'true'],
    ['x', 'null'],
    ['a', '[1,2,3]'],
    ['o', '{"10":0,"9":0,"a":1,"b":2,"ä":"\\u003c\\u0026\\u003e\\u2028"}'],
    ['empty', ''],
    ['__proto__', '{"__proto__":1}'],
  ])
})

it('an environment nested without end is refused', () => {
  const values = parse(`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)
  assert.throws(() => toEnvironment(values), { code: 'OPTION_INVALID' })
})
