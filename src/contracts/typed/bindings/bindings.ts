import { assemblyScript } from '../assemblyscript/module.ts'
import { moduleName } from '../assemblyscript/names.ts'
import type { Definition } from '../definition.ts'
import { kebabCase } from '../names.ts'
import { c } from './c.ts'
import { typeScript } from './typescript.ts'
import { wit } from './wit.ts'

/** A file of generated text. */
export interface GeneratedFile {
  readonly name: string
  readonly text: string
}

/** What bindings can be made for. */
export const languages = ['assemblyscript', 'wit', 'typescript', 'c'] as const

export type BindingsLanguage = (typeof languages)[number]

/** What guests of a contract in a language are built with: the same files for the same contract. */
export function bindings(definition: Definition, language: BindingsLanguage): readonly GeneratedFile[] {
  const name = kebabCase(definition.name)
  const module = moduleName(definition.name)
  switch (language) {
    case 'assemblyscript': {
      const modules = assemblyScript(definition)
      return [
        { name: `${module}.ts`, text: modules.bindings },
        { name: `${name}-exports.ts`, text: modules.exports },
      ]
    }
    case 'wit':
      return [{ name: `${name}.wit`, text: wit(definition) }]
    case 'typescript':
      return [{ name: `${module}.d.ts`, text: typeScript(definition) }]
    case 'c':
      return [{ name: `${name}.h`, text: c(definition) }]
  }
}
