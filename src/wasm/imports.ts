import type { AnyFunction, Setting } from '../runtime.ts'
import { assemblyscript, assemblyscriptModule } from './assemblyscript.ts'
import { GuestExit, GuestFault } from '../fault.ts'
import type { Command } from './command.ts'
import { own } from './link.ts'
import type { MemoryViews } from './memory.ts'
import type { Prepared } from './prepare.ts'
import { hidden } from './rewrite/names.ts'
import type { Settings } from './settings.ts'
import { sleep as blockingSleep, type System } from './system.ts'
import { tenon, tenonModule } from './tenon.ts'
import type { Usage } from './usage.ts'
import type { Descriptors } from './wasi/descriptors.ts'
import { wasiModule } from './wasi/types.ts'
import { wasi } from './wasi/wasi.ts'
import type { Watchdog } from './watchdog.ts'

/** What the functions that a guest imports work on. */
export interface ImportHost {
  readonly setting: Setting<'wasm'>
  readonly system: System
  readonly usage: Usage
  readonly settings: Settings
  /** Where the module is a command. */
  readonly command: Command | undefined
  readonly descriptors: Descriptors
  readonly watchdog: Watchdog | undefined
  readonly memory: MemoryViews
  /** Allocates a string in the guest. */
  readonly newString: (bytes: number) => number
}

type Functions = Readonly<Record<string, AnyFunction>>

/** Everything that a module imports: the contract's functions first, then what every guest may have. */
export function makeImports(
  prepared: Prepared,
  host: ImportHost,
  contract: Readonly<Record<string, Functions>>,
): WebAssembly.Imports {
  const ambient = new Map<string, Functions>()
  const imports: Record<string, Record<string, unknown>> = {}
  for (const { module, name, kind, index } of prepared.info.imports) {
    const from = own(imports, module) ?? {}
    define(imports, module, from)
    if (kind === 'memory') define(from, name, newMemory(prepared, index))
    if (kind !== 'func') continue
    const functions = ambient.get(module) ?? ambientModule(module, host)
    ambient.set(module, functions)
    const ours = own(functions, name)
    define(from, name, own(own(contract, module) ?? {}, name) ?? (ours && ending(ours, host)))
  }
  if (host.watchdog !== undefined)
    define(imports, hidden.module, { ...ourMemories(prepared), [hidden.words]: host.watchdog.memory })
  return imports
}

/** The memories that the module defined itself, before they were made imports so that ours come after them. */
function ourMemories(prepared: Prepared): Readonly<Record<string, WebAssembly.Memory>> {
  const { memories, imports } = prepared.info
  const first = imports.filter(({ kind }) => kind === 'memory').length
  return Object.fromEntries(
    memories
      .slice(first)
      .map((_, position) => [hidden.memory(first + position), newMemory(prepared, first + position)]),
  )
}

function ambientModule(
  module: string,
  { setting, settings, system, usage, command, descriptors, watchdog, memory, newString }: ImportHost,
): Functions {
  const common = {
    bytes: () => memory.current(),
    view: () => memory.currentView(),
    mark: (pointer: number, length: number) => memory.mark(pointer, length),
    now: () => system.now(),
    monotonic: () => system.monotonic(),
    random: (bytes: Uint8Array) => system.random(bytes),
    log: usage.log.bind(usage),
    exit: (code: number): never => {
      throw new GuestExit(code)
    },
  }
  if (module === wasiModule) {
    const sleep = (milliseconds: number): void => {
      const allowed = usage.sleep(milliseconds)
      if (watchdog !== undefined && system.sleep === blockingSleep) watchdog.sleep(allowed)
      else system.sleep(allowed)
    }
    const write = (stream: 'stdout' | 'stderr', bytes: Uint8Array): void => {
      if (command === undefined || stream === 'stderr') return usage.write(stream, bytes)
      command.write(bytes)
    }
    const world = {
      ...common,
      write,
      read: (bytes: Uint8Array) => command?.read(bytes) ?? 0,
      get left() {
        return command?.left ?? 0
      },
      args: setting.args ?? [setting.plugin],
      get env() {
        return settings.all
      },
      sleep,
    }
    return wasi(world, descriptors)
  }
  if (module === assemblyscriptModule) {
    return assemblyscript({
      ...common,
      abort: (guest): never => {
        throw new GuestFault('GUEST_ABORT', guest.message, { guest })
      },
    })
  }
  return module === tenonModule
    ? tenon({ memory, config: (name) => settings.get(name), log: common.log, newString })
    : {}
}

/**
 * A function of ours that may end the guest. Where the guest looks at the watchdog's word, it is ended by that: it returns as
 * if nothing were, and the guest traps right behind the call. Elsewhere it throws, which a guest can catch; the call then
 * still ends by it, once the guest returns.
 */
function ending(call: AnyFunction, { watchdog, usage }: ImportHost): AnyFunction {
  return (...args) => {
    try {
      return call(...args)
    } catch (thrown) {
      if (!(thrown instanceof GuestFault || thrown instanceof GuestExit)) throw thrown
      usage.ended(thrown)
      if (watchdog === undefined) throw thrown
      watchdog.end()
      return 0
    }
  }
}

/** Sets a property, even one that is called `__proto__`: names come from the artifact. */
function define(record: object, name: string, value: unknown): void {
  Object.defineProperty(record, name, { value, configurable: true, enumerable: true, writable: true })
}

/** The memory of a module that imports its own, within the limit. */
function newMemory({ info, rewritten }: Prepared, index: number): WebAssembly.Memory {
  const initial = info.memories[index]?.min ?? 0
  return new WebAssembly.Memory({ initial, maximum: rewritten.maxPages[index] ?? initial })
}
