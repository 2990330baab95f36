/**
 * Every way in which Mortise fails, by a code that never changes its meaning. A code that is retired stays reserved.
 *
 * `docs/errors.md` says for each what happened and what to do; a test keeps this table, that page and the type equal.
 */
export const catalogue = {
  ARTIFACT_UNREADABLE: 'The artifact could not be read from where it was said to be',
  ARTIFACT_UNKNOWN: 'The bytes are of no kind that Mortise knows',
  RUNTIME_NOT_ALLOWED: 'The artifact needs a runtime that this host was not built with',
  CONTRACT_INVALID: 'A contract is defined in a way that no guest could fit',
  CONTRACT_NOT_BOUND: 'The contract has no binding for the runtime of this artifact',
  OPTION_UNKNOWN: 'An option was given that does not exist here',
  OPTION_INVALID: 'An option has a value that it cannot take',
  PLUGIN_EXISTS: 'A plugin of this name is already plugged in',
  MOUNT_TAKEN: 'Another plugin is mounted at this path of a server',
  PLUGIN_UNPLUGGED: 'The plugin was unplugged while a call of it waited, or was called or changed afterwards',
  SMOKE_FAILED: 'The smoke call of a new version failed, so that it did not go live',
  HANDOVER_FAILED: 'The state of a version could not be handed to the next one, which did not go live',
  VERSION_RETIRED: 'The call was given up: its version is live no more, and it took too long since',
  PLUGIN_BUSY: 'Too many calls of one plugin overlap, each made from inside the one before',
  LEASE_FAILED: 'A call of the lease failed before, and with its instance went what the guest knew',
  LEASE_ENDED: 'The lease was ended before the call, or was open for longer than a lease may be',
  HOST_CLOSED: 'The host was closed and takes no more plugins',
  MODULE_INVALID: 'The bytes are not a valid WebAssembly module',
  MODULE_UNSUPPORTED: 'The module is valid but uses what Mortise cannot hold to its limits',
  MODULE_REFUSED:
    'The artifact does not fit the contract (an import or export is missing or has another type), or its source does not load',
  PREPARE_FAILED:
    'The module could not be rewritten: the thread that does it was lost, or too many modules wait for it',
  MEMORY_LIMIT: 'The module asks for more memory than its limit before it has run',
  INSTANCE_FAILED: 'The engine could not make one more instance',
  INSTANCES_LIMIT: 'As many instances as there may be are live, and none of them can be let go',
  GUEST_EXIT: 'The guest ended itself with an exit code',
  GUEST_ABORT: 'The guest gave up by itself: an abort or a panic, with its message and position',
  GUEST_THREW: 'A guest on a JavaScript runtime threw, or its promise was rejected',
  GUEST_FAILED: 'A native library said that it failed, and why',
  GUEST_POINTER: 'The guest handed over a pointer or a length outside its memory',
  GUEST_STRING: 'The guest handed over text that is not valid in its encoding',
  GUEST_RESULT: 'The guest answered, but not with what the contract asks for',
  EVENT_INVALID: 'The event is not a JSON object, or could not be read',
  INPUT_INVALID: 'A value of the host does not fit the type that the contract gives it',
  INPUT_TOO_LARGE: 'The input does not fit into the guest under its memory limit',
  DEADLINE: 'The call took longer than its deadline and was stopped',
  FUEL: 'The call burnt more fuel than its limit and was stopped',
  OUTPUT_LIMIT: 'The guest wrote more output and logs in one call than its limit',
  SLEEP_LIMIT: 'The guest slept longer in one call than a guest may',
  WAIT_LIMIT: 'The call was suspended longer, in all, than it may wait for what its host functions do',
  SUSPENSION_UNAVAILABLE: 'This Node cannot suspend a guest: it has no JavaScript Promise Integration for WebAssembly',
  QUEUE_FULL: 'More calls of one plugin wait, or more bytes of them, than its queue holds',
  PROCESS_NOT_STARTED: 'The process of the plugin could not be started, or did not get ready',
  PROCESS_ENDED: 'The process of the plugin ended while the call was under way',
  PROCESS_PROTOCOL: 'The process of the plugin broke the protocol by which it is called',
  PROCESS_GIVEN_UP: 'The process of the plugin failed too often in a row and is not started again',
  THREAD_ENDED: 'The thread on which the call ran ended while it was under way',
  HOST_FUNCTION_FAILED: 'A host function that the guest called threw; the cause is what it threw',
  EXTENSION_HANDLE: 'An extension used a key, a value or an intent that it does not have, or made more than it may',
  EXTENSION_NAME: 'An extension named a storage, an entity or a package that is no name, or that nobody knows',
  EXTENSION_STORAGE: 'An extension asked for a storage that its state does not have or that it may not use so',
  EXTENSION_FIELD: 'An extension read or wrote a field that is not there, or is of another type',
  EXTENSION_ABSENT: 'An extension asked for a value that has to exist, and there is none',
  EXTENSION_RESPONSE: 'An extension answered with a status other than 200, so that nothing of its intents is applied',
  INTENTS_LIMIT: 'An extension created more intents than its state holds',
  INTENTS_NOT_APPLIED: 'The intents of a state were refused by a storage, or could not be applied: none of them was',
  ATTEMPT_ABSENT: 'What belongs to one attempt at scheduling a pod was used outside of one',
  SCHEDULING_FAILED:
    'A scheduler plugin failed, or answered what it may not, and with it the attempt at scheduling a pod',
  ARTIFACT_ABSENT: 'The store has no artifact of this digest',
  VERSION_ABSENT: 'The plugin has no such version, or is not deployed',
  STORE_UNAVAILABLE: 'The store could not be opened or reached',
  STORE_SCHEMA: 'The store was made with a schema that this one does not fit',
  STORE_CONFLICT: 'The store has another record with the same values of a unique, or another row with the same key',
  STORE_BUSY: 'The store was locked by somebody else for too long',
  STORE_FULL: 'The store has no room: its disk is full, or its limit is reached',
  STORE_READ_ONLY: 'The store can only be read',
  STORE_CORRUPT: 'The store is damaged, or no store at all',
  STORE_CLOSED: 'The store was closed, and was used afterwards',
  STORE_FAILED: 'The store failed for a reason that has no code of its own',
  TRAP_UNREACHABLE: 'The guest ran into an unreachable instruction',
  TRAP_OUT_OF_BOUNDS: 'The guest read or wrote outside its memory, or initialised it from outside a data segment',
  TRAP_DIVIDE_BY_ZERO: 'The guest divided an integer by zero',
  TRAP_INTEGER_OVERFLOW: 'A division in the guest has a result that its type cannot hold',
  TRAP_INVALID_CONVERSION: 'The guest converted a float to an integer type that cannot hold it: too large, or NaN',
  TRAP_TABLE_ACCESS: 'The guest reached outside a table or an element segment',
  TRAP_INDIRECT_CALL: 'The guest called a table entry that is empty or has another signature',
  TRAP_NULL_REFERENCE: 'The guest used a null reference',
  TRAP_STACK_OVERFLOW: 'The guest called itself deeper than the stack allows',
  TRAP_OUT_OF_MEMORY: 'The guest was refused more memory by its limit and gave up',
  TRAP_EXCEPTION: 'The guest threw a WebAssembly exception that nobody caught',
  TRAP_OTHER: 'The engine stopped the guest for a reason that has no code of its own',
  NATIVE_UNAVAILABLE: 'Native libraries need a package that is not installed, or does not run here',
  NATIVE_NOT_LOADED: 'The native library is damaged, for another machine, or refused by the operating system',
  NATIVE_ABI_MISSING: 'The native library does not export the symbol that says which ABI it has',
  NATIVE_ABI_VERSION: 'The native library has a version of the ABI that this host does not know',
  NATIVE_ARENA_FULL: 'The result of a native library does not fit into its arena',
  NATIVE_NOT_UNLOADED: 'The native library was closed, but the operating system keeps it in memory',
  BUILD_UNREADABLE: 'The guest source could not be read',
  BUILD_OUTPUT: 'What was made could not be written to where it should go',
  WATCH_FAILED: 'A folder could not be watched for changes',
  PROJECT_EXISTS: 'The folder of a new project is not empty',
  BUILD_FAILED: 'The guest source does not compile',
  BUILD_ENTRY: 'The guest source exports no hook that a contract asks for',
  BUILD_CONTRACT: 'A file beside the guest is not what its contract makes of it',
  CONTRACT_UNREADABLE: 'The module of a contract could not be read, or has no typed contract in it',
  CODE_EMPTY: 'No code was posted',
  CODE_TOO_LARGE: 'The posted code, or what it unpacks to, is more than it may be',
  CODE_ARCHIVE: 'The posted archive is damaged, encrypted, or no archive',
  CODE_UNSAFE:
    'The posted archive holds a path or a link that leads out of its folder, a device, or a name that is two things',
  CODE_FOLDER: 'The folder for posted code could not be read or written',
  CODE_NOT_RUNNABLE: 'The posted code is of no kind that can be run, or lacks what it is started by',
  COMPILE_FAILED: 'The posted code does not compile, or its compiler failed',
  EXECUTION_ENV: 'The posted code was compiled for another execution environment',
  LISTEN_FAILED: 'The server could not listen where it should, or read its certificate',
  CONFIG_UNREADABLE: 'A file of settings could not be read, or is not what it should be',
  REQUEST_REFUSED: 'A request came from where none is taken: for a foreign host, or from a web page of another origin',
  TOKEN_REFUSED: 'A request has no token or secret where one is needed, or another one',
  REQUEST_INVALID: 'A request is not what its path takes: its body cannot be read, or says what it may not say',
  REQUEST_TOO_LARGE: 'The body of a request has more bytes than its limit',
  PATH_UNKNOWN: 'There is nothing at the path of a request, for its method',
  FUNCTION_UNKNOWN: 'There is no function of this name, or none that is a web action',
  FUNCTIONS_LIMIT: 'The server has as many functions as it may have',
  WEB_RESPONSE: 'The answer of a web action cannot be made the response that was asked for',
  SIGNATURE_REFUSED: 'The artifact is not signed by a key that the server trusts',
  ROLE_REFUSED: 'The token of a request may not be used for this',
  ATTEMPTS_LIMIT: 'Too many requests of one address had no token, or a wrong one',
  METHOD_REFUSED: 'The path of a request takes other methods',
  DIGEST_MISMATCH: 'What was uploaded has another digest than it was said to have',
  SERVER_UNREACHABLE: 'The server that was asked for something could not be reached, or did not answer in time',
  SERVER_ANSWER: 'The server that was asked for something answered with what this version does not know',
  SERVER_DRAINING: 'The server is about to end and takes no more requests',
  KUBECONFIG_INVALID: 'A kubeconfig or a service account cannot be read, or speaks of what Mortise does not do',
  API_SERVER_FAILED: 'The API server of Kubernetes could not be reached, or refused what it was asked for',
} as const

/** One of the stable error codes of the {@link catalogue}. */
export type ErrorCode = keyof typeof catalogue

/** One function on the guest's stack, innermost first. */
export interface GuestFrame {
  /** The function's name: from the module's name section, else from its exports, else `$` and its index. */
  readonly function: string
  /** The module's name section has no name for it. */
  readonly unnamed?: true
  /** Index of the function in the module that ran. */
  readonly index: number
  /** Its type: `func (i32) -> (i32)`. */
  readonly type: string
  /** What the module calls itself in its name section. */
  readonly module?: string
  /** Byte offset of the instruction in the module that ran. */
  readonly offset: number
}

/** A message with the place in the source that it is about; lines and columns start at 1. */
export interface Diagnostic {
  readonly message: string
  readonly file?: string
  readonly line?: number
  readonly column?: number
  /** The line itself, where whoever is told may see it. */
  readonly source?: string
}

/** What an error can carry beside its sentence; which fields are there depends on the code. */
export interface ErrorDetails {
  /** Name of the plugin whose guest failed. */
  readonly plugin?: string
  /** Name of the hook that was called. */
  readonly hook?: string
  /** What the guest itself said: the abort's or panic's own message and position. */
  readonly guest?: Diagnostic
  /** The guest's stack by function name, innermost first, at most 30 frames. */
  readonly frames?: readonly GuestFrame[]
  /** Everything that is wrong, one sentence each, where one error reports many. */
  readonly problems?: readonly string[]
  /** What the compiler said, one entry per message. */
  readonly diagnostics?: readonly Diagnostic[]
  /** The end of what a guest on the runtime `wasm` wrote in the call, to its standard output and error as it came. */
  readonly written?: string
  /** The exit code that the guest ended with. */
  readonly exitCode?: number
  /** The signal that ended the guest's process, such as `SIGSEGV`. */
  readonly signal?: string
  /** The end of what the guest's process wrote to stderr. */
  readonly stderr?: string
  /** Why posted code was refused, in the words of OpenWhisk's own runtimes; as a rule what a compiler printed. */
  readonly output?: string
  /** What `exec.env` should say, and what it does. */
  readonly expected?: string
  readonly actual?: string
  /** What the guest's process said instead of that it is ready. */
  readonly said?: string
  /** Byte offset in the artifact. */
  readonly offset?: number
  /** The storage that the guest used, the key, and the field. */
  readonly storage?: string
  readonly key?: string
  readonly field?: string
  /** The status that an extension or a server answered with, as of HTTP. */
  readonly status?: number
  /** What was asked for, in the unit of the limit. */
  readonly asked?: number
  /** The limit that refused it. */
  readonly limit?: number
}

const brand = Symbol.for('mortise.error')

/**
 * The one error class of Mortise: match on `code`, never on the sentence.
 *
 * `MortiseError.is` also knows errors of another copy of the package in the same process.
 *
 * @example
 * ```ts
 * import { MortiseError } from 'mortise'
 *
 * const error: unknown = new MortiseError('PLUGIN_EXISTS', "Cannot plug 'hello': a plugin of this name is plugged in")
 * if (MortiseError.is(error, 'PLUGIN_EXISTS')) console.log(error.code)
 * ```
 */
export class MortiseError extends Error {
  override readonly name = 'MortiseError'
  readonly code: ErrorCode
  readonly details: ErrorDetails

  /**
   * @param code - one of the {@link catalogue}
   * @param message - what was attempted, the value, and what to do
   * @param details - what goes with the code; `cause` is kept as the error's cause, whatever it is
   */
  constructor(code: ErrorCode, message: string, details: ErrorDetails & { readonly cause?: unknown } = {}) {
    const { cause, ...rest } = details
    super(message, 'cause' in details ? { cause } : undefined)
    this.code = code
    this.details = Object.freeze(rest)
    Object.defineProperty(this, brand, { value: true })
  }

  /** Whether `value` is a Mortise error, and of this code if one is given. */
  static is(value: unknown, code?: ErrorCode): value is MortiseError {
    if (typeof value !== 'object' || value === null || !(brand in value)) return false
    return code === undefined || ('code' in value && value.code === code)
  }
}

/** What a thrown value says, whatever it is: code that is not ours can throw anything. */
export function reasonOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown)
  } catch {
    return 'something that cannot be shown as text'
  }
}
