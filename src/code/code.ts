import type { ArtifactKind, Source } from '../artifact.ts'

/** Code as it was posted to `/init`. */
export interface PostedCode {
  /** Text in UTF-8, an executable or an archive; what came as base64 is decoded by now. */
  readonly bytes: Uint8Array
  /** The function to call: `main`, or of an archive for Node also `file.function`. Programs and WebAssembly modules ignore it. */
  readonly main: string
  /** What the program finds in its environment; values of other types are text by now. */
  readonly env: Readonly<Record<string, string>>
}

/** Code that can be plugged. */
export interface ReadyCode {
  /** The bytes, or the path of a file that lies in a folder of its own. */
  readonly source: Source
  /** The kind of what is plugged. */
  readonly kind: ArtifactKind
  /** The runtime that it is for: one of those that are allowed. */
  readonly runtime: CodeRuntime
  /** The function that was asked for. A module of JavaScript exports it as `main`, whatever it is called in the source. */
  readonly main: string
  readonly env: Readonly<Record<string, string>>
  /** Removes what was written for it. Nothing of it may run by then. */
  dispose(): Promise<void>
}

/** A runtime that posted code can be for. */
export type CodeRuntime = 'wasm' | 'esm' | 'process'
