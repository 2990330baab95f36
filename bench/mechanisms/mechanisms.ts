import type { Suite } from '../harness/suite.ts'
import { described } from './cases.ts'
import { expectations } from './expectations.ts'
import { subject as esm } from './mortise/esm.ts'
import { subject as native } from './mortise/native.ts'
import { subject as childProcess } from './mortise/process.ts'
import { subject as wasm } from './mortise/wasm.ts'
import { subject as child } from './peers/child.ts'
import { subject as direct } from './peers/direct.ts'
import { subject as extism } from './peers/extism.ts'
import { subject as goDirect } from './peers/go-direct.ts'
import { subject as goPlugin } from './peers/go-plugin.ts'
import { subject as goRpc } from './peers/go-rpc.ts'
import { subject as grpc } from './peers/grpc.ts'
import { subject as isolatedVm } from './peers/isolated-vm.ts'
import { subject as nodeVm } from './peers/node-vm.ts'
import { subject as quickjs } from './peers/quickjs-emscripten.ts'
import { subject as spawn } from './peers/spawn.ts'
import { subject as worker } from './peers/worker.ts'
import { buildGuests as buildEngineGuests } from '../engine/guests.ts'
import type { MechanismSubject } from './mechanism.ts'
import { buildJsonGuests } from './json-guest.ts'
import { sheets } from './sheets.ts'
import { buildGuests, hasGo } from './stage.ts'
import { buildGo } from './go.ts'

const ours = [wasm, esm, native, childProcess]
const peers = [direct, nodeVm, isolatedVm, quickjs, extism, worker, child, grpc, spawn]
// Without Go on the machine there are no rows of Go's.
const go = hasGo ? [goDirect, goPlugin, goRpc] : []
const subjects: readonly MechanismSubject[] = [...ours, ...peers, ...go]

/** One contract by every mechanism that a user might take instead. */
export const mechanisms: Suite = {
  name: 'mechanisms',
  cases: described,
  subjects,
  expectations,
  sheets: (rows) => sheets(subjects, rows),
  async prepare() {
    console.error(hasGo ? 'with the rows of Go' : 'without the rows of Go, which is not on this machine')
    await buildEngineGuests()
    await buildGuests()
    await buildJsonGuests()
    if (hasGo) buildGo()
  },
}
