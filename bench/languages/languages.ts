import { existsSync, statSync } from 'node:fs'
import type { Sheet, Suite } from '../harness/suite.ts'
import { cases } from './cases.ts'
import { subject as go } from './go.ts'
import { assemblyScript, buildGuests, go as goGuest, script } from './guests.ts'
import { subject as quickjs } from './quickjs.ts'
import { engine } from './quickjs-vm.ts'
import { subject as tenon } from './tenon.ts'

/** One scheduler plugin in the languages that a guest could be written in. */
export const languages: Suite = {
  name: 'languages',
  cases: [
    {
      name: cases.load,
      does: 'A module that this process has not seen, one call, and its end. The first two under a deadline, which the engine has not.',
    },
    { name: cases.instance, does: 'An instance of a module that is compiled, one call, and its end.' },
    { name: cases.attempt, does: 'One attempt at one of 64 pods, in an instance that stays.' },
  ],
  subjects: [tenon, go, quickjs],
  expectations: [],
  sheets: async () => [sizes()],
  prepare: buildGuests,
}

function sizes(): Sheet {
  const size = (path: string): string => (existsSync(path) ? kilobytes(statSync(path).size) : 'not built')
  return {
    name: 'sizes',
    does: 'The WebAssembly that a host has to load; for an engine, and what it then reads.',
    columns: ['size'],
    lines: [
      [tenon.name, size(assemblyScript.path)],
      [go.name, size(goGuest.path)],
      [quickjs.name, `${kilobytes(engine().length)} + ${kilobytes(script().length)}`],
    ],
  }
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`
