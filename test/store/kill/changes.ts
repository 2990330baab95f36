import { randomOf } from '../../support/random.ts'

/** One change of a store. */
export interface Change {
  readonly what: 'deploy' | 'rollback' | 'remove' | 'collect'
  readonly plugin: string
  /** Of what is deployed. */
  readonly content: number
  /** How far a rollback goes back. */
  readonly back: number
}

/** A change by its number: the same for the same seed. */
export function changeOf(seed: number, number: number): Change {
  const random = randomOf(seed + number * 7919)
  const dice = random()
  const what = dice < 0.7 ? 'deploy' : dice < 0.9 ? 'rollback' : dice < 0.95 ? 'remove' : 'collect'
  return {
    what,
    plugin: `plugin-${Math.floor(random() * 3)}`,
    content: Math.floor(random() * 40),
    back: Math.floor(random() * 5),
  }
}

/** The bytes of an artifact by its number: up to 200 KiB, so that a kill finds some half written. */
export function contentOf(content: number): Uint8Array {
  return new Uint8Array(1000 + content * 5000).fill(content + 1)
}
