/** Numbers from 0 to 1, the same ones for the same seed: Mulberry32. */
export function randomOf(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A node that a pod goes to. */
export interface Selected {
  readonly node: string
  /** All nodes with the highest total; one of them is drawn. */
  readonly best: readonly string[]
}

/** The node with the highest total, or one that is drawn from several of them. */
export function select(totals: ReadonlyMap<string, number>, random: () => number): Selected {
  const highest = Array.from(totals.values()).reduce((one, other) => Math.max(one, other), -Infinity)
  const best = [...totals.keys()].filter((node) => totals.get(node) === highest)
  const node = best.length === 1 ? best[0] : best[Math.floor(random() * best.length)]
  return { node: node ?? '', best }
}
