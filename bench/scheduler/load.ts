import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Bench } from '../harness/suite.ts'
import type { Guest } from './guests.ts'

const run = promisify(execFile)
const child = join(import.meta.dirname, 'load-child.ts')

/** A fresh process that loads a guest, with Mortise as it is published: how long that took there. */
async function load({ path, args }: Guest, folder: string): Promise<number> {
  const { stdout } = await run(process.execPath, [child, path, folder, ...args])
  const time = Number(stdout)
  if (!(time > 0)) throw new Error(`The process said ${stdout}`)
  return time
}

/** Loads of a guest in fresh processes. @param cached - the rewritten module is on the disk */
export async function loading(guest: Guest, cached: boolean): Promise<Bench> {
  const kept = mkdtempSync(join(tmpdir(), 'mortise-bench-'))
  process.once('exit', () => rmSync(kept, { recursive: true, force: true }))
  if (cached) await load(guest, kept)
  let total = 0
  return {
    most: 1,
    async run(count) {
      total = 0
      for (let index = 0; index < count; index++) {
        const folder = cached ? kept : mkdtempSync(join(kept, 'first-'))
        total += await load(guest, folder)
      }
    },
    clock: () => total,
  }
}
