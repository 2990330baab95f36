type Environment = Readonly<Record<string, string | undefined>>

/** What the environment of a container says, by the names of the reference. */
export interface ContainerSettings {
  /** The compile command. */
  readonly compiler: string | undefined
  /** The name that an archive with a manifest is kept under, unexpanded. */
  readonly saveJar: string | undefined
  /** What `exec.env` of an action has to say. */
  readonly executionEnv: string | undefined
  /** An action says when it is ready. */
  readonly acknowledge: boolean
  /** Milliseconds, or text like `10 s`, in which it has to. */
  readonly start: number | string
  /** Why an initialisation failed goes to the log, and not to the client. */
  readonly logInitError: boolean
  /** Activations run at the same time. */
  readonly concurrent: boolean
  /** What every action finds in its environment, before what `/init` says. */
  readonly env: Readonly<Record<string, string>>
}

/** Reads the variables of the reference; one that is empty counts as absent. */
export function readEnvironment(env: Environment, debug: boolean, version: string): ContainerSettings {
  const given = (name: string): string | undefined => (env[name] === '' ? undefined : env[name])
  const acknowledge = given('OW_WAIT_FOR_ACK')
  const executionEnv = given('OW_EXECUTION_ENV')
  const start = given('OW_INIT_TIMEOUT')
  const passed = Object.entries(env).flatMap(([name, value]): [string, string][] =>
    name.startsWith('__OW_') && value !== undefined ? [[name, value]] : [],
  )
  return {
    compiler: given('OW_COMPILER'),
    saveJar: given('OW_SAVE_JAR'),
    executionEnv,
    acknowledge: acknowledge !== undefined,
    start: start !== undefined && /^\d+$/.test(start) ? Number(start) : (start ?? '10 s'),
    logInitError: given('OW_LOG_INIT_ERROR') !== undefined,
    concurrent: env['__OW_ALLOW_CONCURRENT'] === 'true',
    env: {
      __OW_PROXY_VERSION: version,
      ...Object.fromEntries(passed),
      ...(acknowledge !== undefined && { __OW_WAIT_FOR_ACK: acknowledge }),
      ...(executionEnv !== undefined && { __OW_EXECUTION_ENV: executionEnv }),
      ...(debug && { OW_DEBUG: '/tmp/action.log' }),
    },
  }
}
