import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Artifact } from '../artifact.ts'
import { MortiseError, reasonOf } from '../errors.ts'
import type { NativeFunction, NativeResult, NativeType } from '../units.ts'
import type { Ffi, Handle } from './ffi.ts'
import { findFunction, type Revocable } from './function.ts'

const windows = process.platform === 'win32'
const suffixes: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: '.dylib', win32: '.dll' }

/**
 * One loaded copy of a library. It is loaded from a file of its own, since the system gives the library that it already has to
 * everyone who asks for the same file.
 */
export class Library {
  readonly #handle: Handle
  readonly #path: string
  readonly #functions: Revocable<unknown>[] = []

  /** @param folder - where the copy lies while the system reads it; code must be allowed to run from there */
  constructor(ffi: Ffi, { bytes, digest }: Pick<Artifact, 'bytes' | 'digest'>, folder: string = tmpdir()) {
    try {
      this.#path = join(
        mkdtempSync(join(folder, 'mortise-native-')),
        `${digest.slice(0, 16)}${suffixes[process.platform] ?? '.so'}`,
      )
    } catch (cause) {
      throw refused(`there is no place for its copy: ${reasonOf(cause)}. Give another 'folder'`, cause)
    }
    try {
      writeFileSync(this.#path, bytes, { mode: 0o500, flag: 'wx' })
      this.#handle = ffi.load(this.#path)
    } catch (cause) {
      this.#remove()
      throw refused(reasonOf(cause), cause)
    }
    // What is mapped stays, and nothing is left behind even when the process dies.
    if (!windows) this.#remove()
  }

  /** A function, by its C types, which nobody can check. Once the library is closed it throws. */
  find<const P extends readonly NativeType[], R extends NativeResult>(
    name: string,
    parameters: P,
    result: R,
  ): NativeFunction<P, R> {
    const found = findFunction(this.#handle, name, parameters, result)
    this.#functions.push(found)
    return found.call
  }

  /** Tells the library where the arena is. */
  initialise(name: string, arena: bigint): void {
    this.#handle.func(name, 'void', ['void *'])(arena)
  }

  /** The address of a variable. */
  address(name: string): bigint {
    return this.#handle.symbol(name)
  }

  /**
   * Unloads it.
   *
   * @param gone - what its functions do from now on
   * @returns whether the system keeps it in memory all the same; `undefined` where nothing tells, which only Linux does
   */
  close(gone: () => never): boolean | undefined {
    for (const found of this.#functions) found.revoke(gone)
    this.#handle.unload()
    if (windows) this.#remove()
    if (process.platform !== 'linux') return undefined
    return readFileSync('/proc/self/maps', 'utf8').includes(this.#path)
  }

  #remove(): void {
    rmSync(dirname(this.#path), { recursive: true, force: true })
  }
}

function refused(why: string, cause: unknown): MortiseError {
  return new MortiseError('NATIVE_NOT_LOADED', `Cannot load the native library: ${why}`, { cause })
}
