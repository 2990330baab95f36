import { here as bracketFile } from '../bracket.ts'

/** One frame of WebAssembly code. */
export interface WasmSite {
  /** V8's name for the module that the code is of. */
  readonly script: string
  /** Byte offset in that module. */
  readonly offset: number
}

/** The WebAssembly part of an error's stack that belongs to one call of a guest. */
export interface GuestStack {
  /** Innermost first; only of the guest's own module. */
  readonly sites: readonly WasmSite[]
  /** The innermost frame is the guest's: it trapped, and nobody threw. Also when there is no stack to tell by. */
  readonly trapped: boolean
}

const scheme = 'wasm://'

/**
 * The name of modules of ours that stand between guest and host: their frames are left out. V8 keeps so few frames that theirs may be
 * the last of a cut stack. A guest that takes this name hides its own frames, and nothing else.
 */
export const shimName = 'mortise-shim'
const shimScript = `${scheme}wasm/${shimName}-`

/**
 * Takes the stack of an error apart, by V8's own structures and not by its text, into which a function's name may write
 * what it likes.
 *
 * A call of a guest ends at the frame of the bracket around it. Frames of other modules before that are of what its host
 * functions called.
 *
 * @param guard - the file that calls guests without a bracket
 */
export function guestStack(thrown: unknown, guard: string): GuestStack {
  const frames = thrown instanceof Error ? readFrames(thrown) : []
  if (frames.length === 0) return { sites: [], trapped: thrown instanceof Error && beginsInWasm(thrown) }
  const inner: (WasmSite | undefined)[] = []
  for (const frame of frames) {
    const file = frame.getScriptNameOrSourceURL() ?? ''
    if (file.startsWith(shimScript)) continue
    if (file.startsWith(scheme)) inner.push({ script: file, offset: frame.getPosition() })
    else if ((file === bracketFile || file === guard) && inner.some((site) => site !== undefined)) break
    else inner.push(undefined)
  }
  const own = inner.findLast((site) => site !== undefined)?.script
  const sites = inner.filter((site) => site !== undefined && site.script === own).flatMap((site) => site ?? [])
  const [first] = frames
  // The engine itself throws from the guard's file, when it instantiates.
  const byEngine = first?.getScriptNameOrSourceURL() === guard
  return { sites, trapped: byEngine || (inner[0] !== undefined && inner[0].script === own) }
}

/** Somebody asked for the stack before: its text has to do. Without one nothing speaks against a trap. */
function beginsInWasm(error: Error): boolean {
  const [, first] = readStack(error).split('\n    at ')
  return first === undefined || first.includes('wasm-function[')
}

function readStack(error: Error): string {
  try {
    return error.stack ?? ''
  } catch {
    return ''
  }
}

/** V8 makes a stack's text when it is first asked for; whoever asks first can have the frames. */
function readFrames(error: Error): readonly NodeJS.CallSite[] {
  const descriptor = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace')
  let frames: readonly NodeJS.CallSite[] = []
  try {
    Error.prepareStackTrace = (about, sites) => {
      frames = sites
      // Whoever reads the stack afterwards gets the text that V8 would have made.
      // oxlint-disable-next-line no-base-to-string -- V8's call sites have a toString of their own
      return [String(about), ...sites.map((site) => `    at ${site.toString()}`)].join('\n')
    }
    void error.stack
  } catch {
    // A stack that cannot be had says nothing.
  } finally {
    if (descriptor === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace')
    else Object.defineProperty(Error, 'prepareStackTrace', descriptor)
  }
  return frames
}
