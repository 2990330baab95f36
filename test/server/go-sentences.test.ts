import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { serve } from 'mortise/server'
import { compileOnce, compilerMissing } from '../support/compilers.ts'
import { randomOf } from '../support/random.ts'
import { post } from './server.ts'

const source = fileURLToPath(new URL('../guests/openwhisk/decoder.go', import.meta.url))
const seeds = [
  '{"value":{"code":"a\\n\\u00e9","binary":true,"n":[1,-2.5e+10,0.1,null,false]}}',
  '-0',
  '1e5',
  'nul',
  'tru',
  '[1,',
  '{"a"',
  '{"a":1,}',
  '"\\u12',
  '[[[]]]',
  'YWJjZA==',
  'YWJj\nZGU=',
  'YW=J',
  'YQ==YQ==',
  'AB=\n=',
]
const signs = Buffer.from('{}[]",:\\/ \n\r\t0123456789eE+-.tfnulrs=AZaz\u0001\u007f\'<')

test('what is no JSON or no base64 is refused in the words of Go', { skip: await compilerMissing('go') }, async (t) => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
  t.diagnostic(`SEED=${seed}`)
  const inputs = mutations(randomOf(seed), 1500)
  const program = await compileOnce(['decoder', await readFile(source)], 'exe', async (output) => {
    await promisify(execFile)('go', ['build', '-o', output, source])
  })
  const go = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] })
  go.stdin.end(inputs.map((input) => `${input.toString('hex')}\n`).join(''))
  const said = (await text(go.stdout)).trim().split('\n')
  assert.equal(said.length, inputs.length)
  await using server = await serve({ port: 0 })
  const headers = { authorization: `Bearer ${server.token}` }
  const error = async (body: string | Uint8Array): Promise<unknown> => {
    const answer: unknown = JSON.parse((await post(`${server.url}/init`, body, headers)).text)
    return typeof answer === 'object' && answer !== null && 'error' in answer ? answer.error : undefined
  }
  for (const [index, input] of inputs.entries()) {
    const sentences: unknown = JSON.parse(said[index] ?? '')
    assert.ok(Array.isArray(sentences))
    const [json, base64] = sentences.map(String)
    if (json !== '')
      assert.equal(await error(input), `Error unmarshaling request: ${json}`, JSON.stringify(String(input)))
    const code = input.toString()
    if (base64 === '' || !Buffer.from(code).equals(input)) continue
    const body = JSON.stringify({ value: { code, binary: true } })
    assert.equal(await error(body), `cannot decode the request: ${base64}`, JSON.stringify(code))
  }
})

/** Texts with a few signs taken out, put in, or put in place of others. */
function mutations(random: () => number, count: number): readonly Buffer[] {
  const below = (limit: number): number => Math.floor(random() * limit)
  return Array.from({ length: count }, () => {
    const bytes = [...Buffer.from(seeds[below(seeds.length)] ?? '')]
    for (let changes = below(4); changes > 0; changes--) {
      const sign = below(8) === 0 ? below(256) : (signs[below(signs.length)] ?? 0)
      bytes.splice(below(bytes.length + 1), below(2), ...(below(3) === 0 ? [] : [sign]))
    }
    return Buffer.from(bytes)
  }).filter(({ length }) => length > 0)
}
