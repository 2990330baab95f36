import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { Mortise } from 'mortise'
import { wasm } from 'mortise/wasm'
import { benchContract, plugBench, wat } from '../support/wat.ts'
import { leases } from '../wasm/tracked-changes.ts'
import { trackedGuest } from '../wasm/tracked-guest.ts'
import { change, observe } from '../wasm/tracked.ts'
import type { Proof } from './proof.ts'

export const restored: Proof = {
  name: 'restore',
  about: 'whatever some leases write, the next one finds the guest as it was, byte for byte',
  async run({ seed, share, progress }) {
    const rounds = Math.ceil(100_000 * share)
    await using plugged = await plugBench(wat(trackedGuest.text), {
      wasm: { deadline: '1 min', restore: 'every-lease' },
    })
    const first = observe(plugged)
    let round = 0
    const result = fc.check(
      fc.property(leases, (several) => {
        for (const changes of several) change(plugged, changes)
        progress(++round, rounds)
        return isDeepStrictEqual(observe(plugged), first)
      }),
      { numRuns: rounds, seed },
    )
    const unlike = result.failed
      ? [`seed ${seed}, path ${result.counterexamplePath}: ${fc.stringify(result.counterexample)}`]
      : []
    return { count: result.numRuns, of: 'rounds', unlike }
  },
}

const mebibyte = 2 ** 20

export const plugged: Proof = {
  name: 'memory',
  about: 'plugins plugged in, called, swapped and unplugged again and again: memory stays flat',
  async run({ share, progress }) {
    const rounds = Math.ceil(2_000 * share)
    setFlagsFromString('--expose-gc')
    const collect: unknown = runInNewContext('gc')
    const bytes = wat(trackedGuest.text)
    const contract = benchContract()
    const sizes: number[] = []
    for (let round = 0; round < rounds; round++) {
      // A custom section makes each a module of its own, which is compiled anew.
      const unique = Uint8Array.from([...bytes, 0, 6, 1, 0x6e, ...[24, 16, 8, 0].map((bits) => (round >> bits) & 255)])
      await using host = new Mortise({ runtimes: [wasm()] })
      const plugin = await host.plug('guest', unique, contract)
      plugin.hooks.call('fill', [0, 7, 65_536])
      await plugin.swap(bytes)
      plugin.hooks.call('fill', [0, 7, 65_536])
      await plugin.unplug()
      progress(round + 1, rounds)
      if (round % Math.ceil(rounds / 40) !== 0) continue
      if (typeof collect === 'function') Reflect.apply(collect, undefined, [])
      await setImmediate()
      sizes.push(process.memoryUsage.rss())
    }
    const half = sizes.length >> 1
    const mean = (part: readonly number[]): number => part.reduce((sum, size) => sum + size, 0) / part.length / mebibyte
    const third = mean(sizes.slice(half, half + (half >> 1)))
    const last = mean(sizes.slice(half + (half >> 1)))
    const unlike =
      last - third > 16
        ? [`resident memory grew from ${third.toFixed(0)} to ${last.toFixed(0)} MiB over the last half`]
        : []
    return {
      count: rounds,
      of: 'plugins',
      unlike,
      note: `resident memory ${third.toFixed(1)} MiB in the third quarter, ${last.toFixed(1)} MiB in the last`,
    }
  },
}
