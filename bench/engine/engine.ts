import type { Suite } from '../harness/suite.ts'
import { described } from './cases.ts'
import { expectations } from './expectations.ts'
import { buildGuests } from './guests.ts'
import { subject as javascript } from './javascript.ts'
import { subject as mortise } from './mortise/mortise.ts'
import { subject as extism1 } from './peers/extism-1.ts'
import { subject as extism2 } from './peers/extism-2.ts'
import { subject as isolatedVm } from './peers/isolated-vm.ts'
import { subject as quickjsEmscripten } from './peers/quickjs-emscripten.ts'
import { subject as quickjsWasi } from './peers/quickjs-wasi.ts'
import { subject as raw } from './raw/raw.ts'

/** What a call, a load, a restore and a failure cost, without a server around them. */
export const engine: Suite = {
  name: 'engine',
  cases: described,
  subjects: [mortise, raw, javascript, extism2, extism1, quickjsEmscripten, quickjsWasi, isolatedVm],
  expectations,
  prepare: buildGuests,
}
