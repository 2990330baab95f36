import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MortiseError } from 'mortise'
import type { ModuleInfo } from '../../../src/wasm/binary/module.ts'
import type { WasmOpt } from './binaryen.ts'
import type { Rewritten } from '../../../src/wasm/rewrite/rewrite.ts'
import { featuresOf } from './features.ts'
import { Random } from './random.ts'
import { countInstructions, expose, nameOf, rewriteAll } from './subject.ts'
import { type Call, planCalls, type Seen, Trial } from './trial.ts'

/** What a lot of modules came to. */
export interface Report {
  modules: number
  /** Modules whose calls ran more than 100 instructions. */
  busy: number
  /** Runs that were compared with that of the original. */
  compared: number
  /** Runs after a restore, compared with the first. */
  again: number
  /** Modules that differed only in the bits of a NaN. */
  nan: number
  /** Modules whose stack was full, of which nothing is compared. */
  overflows: number
  /** Modules that the rewriter refuses, by its reason. */
  readonly refused: Map<string, number>
  readonly features: Map<string, number>
  readonly failures: Failure[]
}

export interface Failure {
  readonly seed: number
  readonly index: number
  readonly what: string
  /** Where the module was left to be looked at. */
  readonly file: string
}

export function newReport(): Report {
  const counts = { modules: 0, busy: 0, compared: 0, again: 0, nan: 0, overflows: 0 }
  return { ...counts, refused: new Map(), features: new Map(), failures: [] }
}

/** Sizes of the random bytes that modules are made of. */
const sizes = [400, 4_000, 10_000, 20_000] as const

/** Whether exceptions, atomics and accesses outside the memory are in it. */
const kinds: readonly [readonly string[], ...(readonly string[])[]] = [
  ['--disable-exception-handling'],
  ['--disable-exception-handling', '--no-fuzz-oob'],
  ['--enable-threads', '--disable-exception-handling'],
  [],
  ['--no-fuzz-oob'],
]

/** Makes one module and compares the original with all of its rewritten forms. Module `index` of a seed is always the same. */
export async function compareOne(opt: WasmOpt, seed: number, index: number, report: Report): Promise<void> {
  const random = new Random(seed, index)
  const bytes = await opt.generate(random.bytes(random.pick(sizes)), random.pick(kinds))
  const fail = (what: string): void => {
    const file = join(tmpdir(), `mortise-fuzz-${seed}-${index}.wasm`)
    writeFileSync(file, bytes)
    report.failures.push({ seed, index, what, file })
  }
  report.modules++
  try {
    const info = expose(bytes)
    if (!WebAssembly.validate(Uint8Array.from(info.bytes))) return fail('the exposed module is not valid in V8')
    for (const name of featuresOf(info)) add(report.features, name)
    const found = await differences(opt, info, seed, index, report)
    if (found.length === 0) return
    // Which bits a NaN has is the engine's choice: so it may be that only, and then there is no difference without NaNs.
    const denanned = expose(await opt.denan(bytes))
    if ((await differences(opt, denanned, seed, index, newReport())).length === 0) report.nan++
    else fail(found.join('\n'))
  } catch (thrown) {
    if (MortiseError.is(thrown, 'MODULE_UNSUPPORTED')) add(report.refused, thrown.message.replace(/\d+/g, 'N'))
    else fail(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown))
  }
}

async function differences(
  opt: WasmOpt,
  info: ModuleInfo,
  seed: number,
  index: number,
  report: Report,
): Promise<string[]> {
  const rewritten = rewriteAll(info)
  const found = compareAll(info, planCalls(info, new Random(seed, ~index)), rewritten, report)
  const last = rewritten.at(-1 - (index % 2) * 4)
  if (last !== undefined) await opt.validate(last.bytes)
  return found
}

/** Makes the same calls of a module and of all its rewritten forms, each also after a restore, and says what is unlike. */
export function compareAll(
  info: ModuleInfo,
  plan: readonly Call[],
  rewritten: readonly Rewritten[],
  report: Report,
): string[] {
  const found: string[] = []
  const counted = new Trial(info, plan, countInstructions(info)).run()
  if ((counted.count ?? 0n) > 100n) report.busy++
  const original = new Trial(info, plan, Uint8Array.from(info.bytes)).run()
  if (original.overflow || counted.overflow) {
    report.overflows++
    return []
  }
  const note = (what: string, difference: string | undefined): void => {
    if (difference !== undefined) found.push(`${what}: ${difference}`)
  }
  note('counting', difference(original, counted))
  let fuel: number | undefined
  for (const each of rewritten) {
    const name = nameOf(each.features)
    const trial = new Trial(info, plan, each.bytes, each)
    const first = trial.run()
    if (first.overflow) continue
    report.compared++
    note(name, difference(original, first))
    fuel ??= first.fuel
    if (first.fuel !== undefined && first.fuel !== fuel)
      found.push(`${name}: burnt ${first.fuel} and not ${fuel} of fuel`)
    const restored = trial.restore()
    if (restored === undefined || trial.begun === undefined) continue
    report.again++
    note(`${name}, restored`, difference(trial.begun, restored))
    note(`${name}, after a restore`, difference(first, trial.run()))
  }
  return found
}

/** What is to be seen here and not there. */
function difference(expected: Seen, actual: Seen): string | undefined {
  for (const part of ['events', 'state'] as const) {
    const [before, after] = [expected[part], actual[part]]
    const at = before.findIndex((event, position) => event !== after[position])
    if (at >= 0 || before.length !== after.length) {
      return `${part} ${at}: '${before[at]}' was expected, and it is '${after[at]}' (${before.length}, ${after.length})`
    }
  }
  for (const [index, memory] of expected.memories.entries()) {
    const other = actual.memories[index] ?? new Uint8Array()
    if (memory.length !== other.length) return `memory ${index} has ${other.length} bytes and not ${memory.length}`
    if (Buffer.compare(memory, other) === 0) continue
    const at = memory.findIndex((byte, position) => byte !== other[position])
    return `memory ${index} at ${at}: ${memory[at]} was expected, and it is ${other[at]}`
  }
  return undefined
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
