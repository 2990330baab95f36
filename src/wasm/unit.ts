import type { CustomSection, WasmUnit } from '../units.ts'
import type { MemoryViews } from './memory.ts'
import type { Settings } from './settings.ts'

/** What a binding to `wasm` gets hold of; what changes is asked of the instance. */
export function makeUnit(
  exports: WebAssembly.Exports,
  memory: MemoryViews,
  sections: readonly CustomSection[],
  settings: Settings,
  instance: Pick<WasmUnit, 'restores' | 'expired' | 'suspension' | 'run' | 'log'>,
): WasmUnit {
  return {
    exports,
    memory,
    sections,
    suspension: instance.suspension,
    run: instance.run,
    configure: (read) => settings.configure(read),
    log: (level, text) => instance.log(level, text),
    get restores() {
      return instance.restores
    },
    get expired() {
      return instance.expired
    },
  }
}
