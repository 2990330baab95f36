import type { Entry } from '../entry.ts'
import type { Range } from '../assemblyscript.ts'
import type { choices } from '../options.ts'

/** What a contract adds to a guest, so that the host finds what it calls. */
export interface Glue {
  /** Statements that go to the end of the user's entry file, where its types are in scope. No line break. */
  readonly tail: string
  /** Text of the module that is compiled: it exports the contract's names and nothing else. */
  readonly module: string
  /** The user's code that a mistake in the tail is about. */
  readonly range: Range
  /** What a mistake in the module is about, by its offset there. Default: the same. */
  readonly blame?: (offset: number) => Blame | undefined
  /** What functions of the module are called in WebAssembly. Default: as there. */
  readonly exported?: ReadonlyMap<string, string>
  /** Modules that come with the contract, by the name that the compiler knows them by, without extension. */
  readonly modules?: ReadonlyMap<string, string>
  /** How its guests are compiled, where that is not as usual. */
  readonly compiler?: Settings
  /** What the author should know, though it is a guest. */
  readonly warnings?: readonly Refusal[]
  /** Custom sections that say what the guest was built for. */
  readonly sections?: readonly (readonly [string, Uint8Array])[]
}

/** What a contract asks of the compiler. */
export interface Settings {
  /** The export that initialises the guest. */
  readonly start: string
  /** The garbage collector, where the build does not say which. Default: none. */
  readonly gc?: (typeof choices.gc)[number]
  /** Whether hosts go by the names of functions, which a build for size would drop. */
  readonly named?: true
  /** What global functions are, by their names: the internal name of another one. */
  readonly aliases: ReadonlyMap<string, string>
  /** What becomes of modules of AssemblyScript's library, by their paths in it. */
  readonly library: Readonly<Record<string, (text: string) => string>>
  /** What a guest may import from each module. */
  readonly imports: Readonly<Record<string, RegExp>>
}

/** The user's code that a mistake in the glue is about, and what was wanted of it. */
export interface Blame {
  readonly range: Range
  readonly wanted: string
}

/** Something that keeps the entry from being a guest of the contract. */
export interface Refusal {
  readonly message: string
  readonly range?: Range
}

/** How guests of one contract are glued. */
export interface Gluer {
  readonly name: string
  /**
   * @param entry - the guest's entry file
   * @param path - what the compiled module imports the entry file by
   */
  glue(entry: Entry, path: string): Glue | Refusal
}
