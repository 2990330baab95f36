import { wrong } from '../../engine/work.ts'
import { load, pinned } from '../../harness/peer.ts'
import { type MechanismSubject, type Opened, subjectOf } from '../mechanism.ts'
import { hooksByJson, script } from '../script.ts'
import type { Size } from '../work.ts'

// What is used of it.
interface Handle {
  dispose(): void
}
interface Result {
  readonly value?: Handle
  readonly error?: Handle
}
interface Context {
  readonly undefined: Handle
  readonly global: Handle
  readonly runtime: { setInterruptHandler(handler: () => boolean): void }
  evalCode(source: string): Result
  getProp(of: Handle, name: string): Handle
  callFunction(callee: Handle, self: Handle, ...args: readonly Handle[]): Result
  newString(value: string): Handle
  getString(handle: Handle): string
  dispose(): void
}
interface QuickJs {
  getQuickJS(): Promise<{ newContext(): Context }>
}

async function open(size: Size, deadline: boolean): Promise<Opened> {
  const vm = (await (await load<QuickJs>('quickjs-emscripten')).getQuickJS()).newContext()
  let until = Infinity
  if (deadline) vm.runtime.setInterruptHandler(() => performance.now() > until)
  value(vm.evalCode(script(size))).dispose()
  const callee = vm.getProp(vm.global, 'call')
  const call = (hook: string, params: string): string => {
    if (deadline) until = performance.now() + 100
    const given = [vm.newString(hook), vm.newString(params)]
    const result = value(vm.callFunction(callee, vm.undefined, ...given))
    const text = vm.getString(result)
    for (const handle of [...given, result]) handle.dispose()
    return text
  }
  const close = (): void => {
    callee.dispose()
    vm.dispose()
  }
  return { mode: 'sync', hooks: hooksByJson(call), close }
}

const value = (result: Result): Handle => result.value ?? wrong('an exception')

export const subject: MechanismSubject = subjectOf({
  name: pinned('quickjs-emscripten'),
  url: import.meta.url,
  role: 'sandbox',
  variants: { JSON: (size) => open(size, false), 'JSON, deadline': (size) => open(size, true) },
  isolation: {
    crash: 'yes',
    memory: 'yes, by WebAssembly',
    loop: 'with an interrupt handler',
    unload: 'yes',
  },
  artifact: () => script(4).length,
})
