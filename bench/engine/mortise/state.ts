import { MortiseError } from 'mortise'
import type { Bench } from '../../harness/suite.ts'
import { fresh, wrong } from '../work.ts'
import { plugProbe } from './calls.ts'

/** Calls of a plugin that is restored after each, less the same calls of one that is not. */
export async function restoreBench(pages: number): Promise<Bench> {
  const restored = await plugProbe({ restore: 'every-lease' }, 'probe-2-MiB')
  const kept = await plugProbe({ restore: 'on-error' }, 'probe-2-MiB')
  const { touch } = restored.hooks
  const { touch: plain } = kept.hooks
  let sum = 0
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        const result = touch(pages)
        if (result !== pages) wrong(result)
      }
    },
    without(count) {
      for (let n = 0; n < count; n++) {
        sum = (sum + pages) | 0
        const result = plain(pages)
        if (result !== sum) wrong(result)
      }
    },
  }
}

export async function freshBench(): Promise<Bench> {
  const { bump } = (await plugProbe({ restore: 'every-lease' })).hooks
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        const result = bump()
        if (result !== fresh) wrong(result)
      }
    },
  }
}

/** The user does nothing about the failure but catch it. */
export async function trapBench(): Promise<Bench> {
  const { bump, crash } = (await plugProbe({ restore: 'on-error' })).hooks
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        try {
          wrong(crash())
        } catch (error) {
          if (!MortiseError.is(error) || error.code !== 'TRAP_UNREACHABLE') throw error
        }
        const result = bump()
        if (result !== fresh) wrong(result)
      }
    },
  }
}
