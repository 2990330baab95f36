import type { Suite } from '../harness/suite.ts'
import { described } from './cases.ts'
import { subject as esm } from './mortise/esm.ts'
import { subject as native } from './mortise/native.ts'
import { subject as childProcess } from './mortise/process.ts'
import { subject as wasm } from './mortise/wasm.ts'
import { subject as child } from './peers/child.ts'
import { subject as direct } from './peers/direct.ts'
import { subject as grpc } from './peers/grpc.ts'
import { subject as isolatedVm } from './peers/isolated-vm.ts'
import { subject as nodeVm } from './peers/node-vm.ts'
import { subject as quickjs } from './peers/quickjs-emscripten.ts'
import { subject as spawn } from './peers/spawn.ts'
import { subject as worker } from './peers/worker.ts'
import { buildGuests } from './stage.ts'

/** One contract by every mechanism that a user might take instead. */
export const mechanisms: Suite = {
  name: 'mechanisms',
  cases: described,
  subjects: [wasm, esm, native, childProcess, direct, nodeVm, isolatedVm, quickjs, worker, child, grpc, spawn],
  expectations: [],
  prepare: buildGuests,
}
