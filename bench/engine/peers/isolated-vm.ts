import { load, pinned } from '../../harness/peer.ts'
import type { Subject } from '../../harness/suite.ts'
import { script } from '../guests.ts'
import { type Box, boxCases } from './sandbox.ts'

// What is used of it.
interface Reference {
  applySync(self: undefined, args: readonly unknown[]): unknown
  getSync(name: string, options: { readonly reference: true }): Reference
  release(): void
}
interface Context {
  readonly global: Reference
  evalSync(source: string): unknown
  release(): void
}
interface Script {
  runSync(context: Context): unknown
}
interface Isolate {
  createContextSync(): Context
  compileScriptSync(source: string): Script
  dispose(): void
}
interface IsolatedVm {
  readonly default: { readonly Isolate: new (options: { readonly memoryLimit: number }) => Isolate }
}

class IsolateBox implements Box {
  readonly #context: Context
  readonly #close: () => void
  #noop: Reference | undefined
  #add: Reference | undefined
  #echo: Reference | undefined
  #order: Reference | undefined
  #bump: Reference | undefined
  #crash: Reference | undefined

  constructor(context: Context, close: () => void) {
    this.#context = context
    this.#close = close
  }

  noop(): unknown {
    return (this.#noop ??= this.#find('noop')).applySync(undefined, [])
  }

  add(a: number, b: number): unknown {
    return (this.#add ??= this.#find('add')).applySync(undefined, [a, b])
  }

  echo(text: string): unknown {
    return (this.#echo ??= this.#find('echo')).applySync(undefined, [text])
  }

  order(text: string): unknown {
    return (this.#order ??= this.#find('order')).applySync(undefined, [text])
  }

  bump(): unknown {
    return (this.#bump ??= this.#find('bump')).applySync(undefined, [])
  }

  crash(): boolean {
    try {
      ;(this.#crash ??= this.#find('crash')).applySync(undefined, [])
      return false
    } catch {
      return true
    }
  }

  close(): void {
    for (const used of [this.#noop, this.#add, this.#echo, this.#order, this.#bump, this.#crash]) used?.release()
    this.#close()
  }

  #find(name: string): Reference {
    return this.#context.global.getSync(name, { reference: true })
  }
}

export const subject: Subject = {
  name: pinned('isolated-vm'),
  url: import.meta.url,
  role: 'sandbox',
  flags: ['--no-node-snapshot'],
  cases: boxCases(
    async () => {
      const { Isolate } = (await load<IsolatedVm>('isolated-vm')).default
      const shared = new Isolate({ memoryLimit: 128 })
      const compiled = shared.compileScriptSync(script)
      return {
        fresh() {
          const context = shared.createContextSync()
          compiled.runSync(context)
          return new IsolateBox(context, () => context.release())
        },
        load(source) {
          const isolate = new Isolate({ memoryLimit: 128 })
          const context = isolate.createContextSync()
          isolate.compileScriptSync(source).runSync(context)
          return new IsolateBox(context, () => isolate.dispose())
        },
      }
    },
    { cold: 'new isolate', fresh: 'new context' },
  ),
}
