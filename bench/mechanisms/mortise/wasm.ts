import { readFileSync } from 'node:fs'
import { Mortise } from 'mortise'
import { wasm, type WasmOptions } from 'mortise/wasm'
import { users } from '../../../examples/users/contract.ts'
import { distinct } from '../../engine/guests.ts'
import { type MechanismSubject, type Opened, subjectOf } from '../mechanism.ts'
import { guest, guestSize } from '../stage.ts'
import type { Size } from '../work.ts'

async function open(size: Size, options: WasmOptions): Promise<Opened> {
  const host = new Mortise({ runtimes: [wasm(options)] })
  // Bytes that the process has never seen, or there would be less to load.
  const { hooks } = await host.plug('users', distinct(readFileSync(guest('wasm', size))), users)
  return { mode: 'sync', hooks, close: () => host[Symbol.asyncDispose]() }
}

const all: WasmOptions = { deadline: '100 ms', memory: '16 MiB', fuel: 1e12, restore: 'every-lease' }

export const subject: MechanismSubject = subjectOf({
  name: 'mortise/wasm',
  url: import.meta.url,
  role: 'ours',
  variants: { 'all limits': (size) => open(size, all), 'default limits': (size) => open(size, {}) },
  isolation: { crash: 'yes, and restored', memory: 'yes, by WebAssembly', loop: 'by the deadline', unload: 'yes' },
  artifact: () => guestSize('wasm'),
})
