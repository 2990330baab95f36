import { entries } from '../deploy-server.ts'
import type { Schema } from './description.ts'

/** Draws values: those that fit a schema, and those that nobody should send. */
export class Values {
  readonly random: () => number
  /** Texts that mean something to the server, such as digests and names. */
  readonly #known: readonly string[]

  constructor(random: () => number, known: readonly string[]) {
    this.random = random
    this.#known = known
  }

  chance(share: number): boolean {
    return this.random() < share
  }

  below(count: number): number {
    return Math.floor(this.random() * count)
  }

  one<T>(of: readonly [T, ...T[]]): T {
    return of[this.below(of.length)] ?? of[0]
  }

  /** A value that fits. */
  fitting(schema: Schema, depth = 0): unknown {
    const values = entries(schema.get('enum'))
    if (values.size > 0) return [...values.values()][this.below(values.size)]
    const given = schema.get('type')
    const types: readonly unknown[] = Array.isArray(given) ? given : [given]
    switch (types[this.below(types.length)]) {
      case 'string':
        return this.#text(schema)
      case 'integer':
        return Number(schema.get('minimum') ?? 0) + this.below(5)
      case 'number':
        return this.random() * 100
      case 'boolean':
        return this.chance(0.5)
      case 'null':
        return null
      case 'array':
        return Array.from({ length: this.below(3) }, () => this.fitting(entries(schema.get('items')), depth + 1))
      default:
        return this.#object(schema, depth)
    }
  }

  /** A value with something wrong in it, as often as not. */
  spoiled(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || this.chance(0.2)) return this.anything()
    const pairs = [...entries(value)]
    const [name, inner] = pairs[this.below(pairs.length + 1)] ?? [this.one(names), this.anything()]
    const dropped = this.chance(0.3)
    const others = pairs.filter(([other]) => other !== name)
    return Object.fromEntries(dropped ? others : [...others, [name, this.spoiled(inner)]])
  }

  /** Any value at all. */
  anything(depth = 0): unknown {
    const kind = this.below(depth > 3 ? 5 : 8)
    if (kind < 2) return this.strange()
    if (kind === 2) return this.one([0, -1, 1.5, 1e308, 2 ** 53, -(2 ** 31), 2 ** 32, 5e-324])
    if (kind === 3) return this.one([null, true, false])
    if (kind === 4) return this.one(['1', '16 MiB', '-1 s', 'Infinity', 'NaN', '1e9 GiB', ''])
    if (kind === 5) return Array.from({ length: this.below(4) }, () => this.anything(depth + 1))
    if (kind === 6) return deep(this.one([3, 100, 2000]))
    const pairs = Array.from({ length: this.below(4) }, () => [this.one(names), this.anything(depth + 1)])
    return Object.fromEntries(pairs)
  }

  /** A text that nobody should send. */
  strange(): string {
    const text = this.one(texts)
    return this.chance(0.2) ? text + this.one(texts) : text
  }

  bytes(most: number): Uint8Array {
    return Uint8Array.from({ length: this.below(most) }, () => this.below(256))
  }

  #text(schema: Schema): string {
    const given = schema.get('pattern')
    const pattern = new RegExp(typeof given === 'string' ? given : '')
    const most = Number(schema.get('maxLength') ?? 100)
    const least = Number(schema.get('minLength') ?? 0)
    const fitting = this.#known.filter((text) => pattern.test(text) && text.length <= most && text.length >= least)
    return fitting[this.below(fitting.length)] ?? ''
  }

  #object(schema: Schema, depth: number): object {
    const required = new Set(entries(schema.get('required')).values())
    const pairs = [...entries(schema.get('properties'))]
      .filter(([name]) => required.has(name) || this.chance(0.3))
      .map(([name, of]): [string, unknown] => [name, this.fitting(entries(of), depth + 1)])
    const more = entries(schema.get('additionalProperties'))
    if (more.size > 0) pairs.push(['A', this.fitting(more, depth + 1)])
    return Object.fromEntries(pairs)
  }
}

/** Lists in lists. */
function deep(levels: number): unknown {
  let value: unknown = 0
  for (let level = 0; level < levels; level++) value = [value]
  return value
}

const names = [
  '__proto__',
  'constructor',
  'toString',
  'prototype',
  'hasOwnProperty',
  'then',
  'digest',
  'contract',
  'env',
  'limits',
  'version',
  'signature',
  '',
  '\0',
  'ä',
] as const

const texts = [
  '',
  '..',
  '../../etc/passwd',
  '..%2f..%2ftokens.json',
  '.hidden',
  '-rf',
  'a/b',
  'a\\b',
  '\0',
  'a\nb',
  '\r\nX-A: b',
  '\uD800',
  '\u202E',
  '💥'.repeat(40),
  'x'.repeat(99),
  'x'.repeat(5000),
  '0'.repeat(64),
  'F'.repeat(64),
  '__proto__',
  'constructor',
  'toString',
  "'; DROP TABLE version; --",
  '%00',
  '%',
  '$(id)',
  '<script>',
  'CON',
  'null',
] as const
