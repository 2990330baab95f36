import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { encodePod } from '../../src/contracts/scheduler/kubernetes/object.ts'
import { anyObject, meaning } from '../contracts/scheduler/kubernetes/any-object.ts'
import { filledObject } from '../contracts/scheduler/kubernetes/filled.ts'
import { randomOf } from '../support/random.ts'
import { Dump, nodeOf, readsSpoilt } from '../support/scheduler-dump.ts'
import type { Proof } from './proof.ts'

export const viewed: Proof = {
  name: 'views',
  about: 'pods and nodes are read back by guests as they were encoded, and spoilt ones end the call at worst',
  async run({ seed, share, progress }) {
    const objects = Math.ceil(20_000 * share)
    const dump = await Dump.create()
    const random = randomOf(seed)
    const whole = encodePod(filledObject('Pod'))
    const unlike: string[] = []
    let ended = 0
    let done = 0
    const one = (kind: 'Pod' | 'Node'): void => {
      const check = fc.check(
        fc.property(anyObject(kind), (object) => {
          progress(++done, 2 * objects)
          return isDeepStrictEqual(dump.read(kind, object), meaning(kind === 'Pod' ? object : nodeOf(object)))
        }),
        { seed, numRuns: objects / 2 },
      )
      if (check.failed) unlike.push(`a ${kind} of seed ${seed}: ${JSON.stringify(check.counterexample)}`)
    }
    one('Pod')
    one('Node')
    for (let time = 0; time < objects; time++) {
      progress(++done, 2 * objects)
      try {
        if (readsSpoilt(dump, whole, random) !== undefined) ended++
      } catch (error) {
        unlike.push(`spoilt pod ${time} of seed ${seed}: ${String(error)}`)
        break
      }
    }
    return { count: 2 * objects, of: 'objects', unlike, note: `${ended} of ${objects} spoilt pods ended the call` }
  },
}
