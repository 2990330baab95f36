import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { JsonCursor } from '../../../src/server/extender/json-cursor.ts'
import { NodeTexts } from '../../../src/server/extender/node-texts.ts'
import { readArgs } from '../../../src/server/extender/protocol.ts'

const cursorOf = (text: string): JsonCursor => new JsonCursor(Buffer.from(text))

/** Goes through all of a value by the cursor. */
function read(cursor: JsonCursor, value: unknown): unknown {
  if (Array.isArray(value)) {
    const items: unknown[] = []
    for (const _ of cursor.elements()) items.push(read(cursor, value[items.length]))
    return items
  }
  if (typeof value !== 'object' || value === null) return cursor.value()
  const fields = new Map<string, unknown>(Object.entries(value))
  const members: [string, unknown][] = []
  for (const name of cursor.members()) members.push([name, read(cursor, fields.get(name))])
  return Object.fromEntries(members)
}

test('a cursor reads what JSON.parse reads, however much of it is gone through', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 1, '\t', ' \r\n'), (json, space) => {
      const value: unknown = JSON.parse(json)
      const text = JSON.stringify(value, null, space)
      assert.deepEqual(cursorOf(text).value(), value)
      const cursor = cursorOf(`${text} \n`)
      assert.deepEqual(read(cursor, value), value)
      cursor.end()
    }),
  )
})

test('what follows a value that is skipped is found, whatever the value is', () => {
  fc.assert(
    fc.property(fc.json(), fc.json(), (skipped, taken) => {
      const cursor = cursorOf(`{"a":${skipped},"b":${taken}}`)
      let found: unknown
      for (const name of cursor.members()) if (name === 'b') found = cursor.value()
      cursor.end()
      assert.deepEqual(found, JSON.parse(taken))
    }),
  )
})

test('bytes that are no JSON are refused, or what is taken of them is JSON all the same', () => {
  const body = '{"Pod":{"metadata":{"name":"web","uid":"1"}},"Nodes":{"items":[{"metadata":{"name":"a\\u0041"}}]}}'
  fc.assert(
    fc.property(fc.nat(body.length), fc.nat(8), fc.string({ maxLength: 4 }), (at, length, put) => {
      const bytes = Buffer.from(`${body.slice(0, at)}${put}${body.slice(at + length)}`)
      try {
        const { pod, names } = readArgs(bytes, new NodeTexts())
        assert.equal(typeof pod.metadata.name, 'string')
        assert(names.every((name) => name !== ''))
      } catch (error) {
        assert.equal(Reflect.get(Object(error), 'code'), 'REQUEST_INVALID', String(error))
      }
    }),
    { numRuns: 2000 },
  )
})

test('nodes are what their bytes say, whatever was sent under their names before', () => {
  const name = fc.constantFrom('a', 'b', 'node-1', 'node-11', 'é', 'a"b')
  const node = fc.record({ metadata: fc.record({ name, labels: fc.dictionary(fc.string(), fc.string()) }) })
  const request = fc.tuple(fc.uniqueArray(node, { selector: (one) => one.metadata.name }), fc.constantFrom(0, 1))
  fc.assert(
    fc.property(fc.array(request, { minLength: 2, maxLength: 6 }), (requests) => {
      const texts = new NodeTexts()
      for (const [nodes, space] of requests) {
        const body = Buffer.from(JSON.stringify(nodes, null, space))
        const cursor = new JsonCursor(body)
        const read = texts.read(body, cursor)
        cursor.end()
        assert.deepEqual(
          read.map((sent) => sent.node),
          JSON.parse(body.toString()),
        )
        for (const { node: one, start, end } of read)
          assert.deepEqual(JSON.parse(body.toString('utf8', start, end)), one)
      }
    }),
  )
})
