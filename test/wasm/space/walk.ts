import { Findings } from './findings.ts'
import { walkForms } from './forms.ts'
import { walkOpcodes } from './opcodes.ts'

// A process of its own, since V8 is told which of its experiments to turn on only once.
const found = new Findings()
found.begin('instructions')
walkOpcodes(found)
walkForms(found)
console.log(JSON.stringify(found.summary()))
