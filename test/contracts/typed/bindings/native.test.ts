import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Mortise } from 'mortise'
import { native } from 'mortise/native'
import { layoutOf } from '../../../../src/contracts/typed/abi/layout.ts'
import { kebabCase } from '../../../../src/contracts/typed/names.ts'
import { compileLibrary, libraryCompilerMissing } from '../../../support/libraries.ts'
import { everyType } from './every-type.ts'
import { EchoingHost, roundTrip, saidAtLoad } from './round-trip.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
const folder = join(import.meta.dirname, '../../../guests/every-type/native')

const skip = await libraryCompilerMissing('cc', 'c++')

describe(`a native library on the generated header, with seed ${seed}`, { skip }, () => {
  for (const compiler of ['cc', 'c++'] as const) {
    it(`gives back values of every type, compiled by ${compiler}`, async () => {
      const [header, source] = await Promise.all(
        ['every-type.h', 'guest.c'].map((name) => readFile(join(folder, name), 'utf8')),
      )
      // What was compiled before is known by its text, and the header is part of that.
      const text = `// ${JSON.stringify(header)}\n${source ?? ''}${sizes()}`
      // A contract may be longer than C promises that a text can be.
      const library = await compileLibrary(text, { flags: [`-I${folder}`, '-Wno-overlength-strings'], compiler })
      await using host = new Mortise({ runtimes: [native({ arena: '16 MiB' })] })
      const echoing = new EchoingHost()
      const plugin = await host.plug('every-type', library, everyType.provide(echoing.functions))
      assert.deepEqual(plugin.values, saidAtLoad)
      await roundTrip(plugin.hooks, echoing, seed)
    })
  }
})

/** C that does not compile unless the structs are as large as the ABI says. */
function sizes(): string {
  return everyType.definition.types
    .map((type) => {
      const name = `every_type_${kebabCase(type.name)}`
      return `typedef char ${name}_has_its_size[sizeof(${name}) == ${layoutOf(type).size} ? 1 : -1];\n`
    })
    .join('')
}
