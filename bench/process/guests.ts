import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const source = join(import.meta.dirname, 'guest/echo.c')
const file = join(import.meta.dirname, '../.cache/echo')

/** Compiles the program in C; where there is no compiler, its rows say so. */
export async function buildEcho(): Promise<void> {
  mkdirSync(join(file, '..'), { recursive: true })
  try {
    execFileSync('gcc', ['-O2', '-o', file, source], { stdio: 'ignore' })
  } catch (error) {
    console.error(`no program in C: ${String(error)}`)
  }
}

/** Answers with its event, in C. */
export const inC = (): Uint8Array => readFileSync(file)

/** The same as a module, which the launcher calls. */
export const inJavaScript = (): Uint8Array => Buffer.from('export const main = (event) => event')

/** Exits when it is told to. */
export const crashing = (): Uint8Array =>
  Buffer.from('#!/bin/sh\nwhile read -r line; do case $line in *crash*) exit 1;; esac; echo "{\\"id\\":1}" >&3; done\n')
