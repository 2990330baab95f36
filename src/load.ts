import type { Artifact, ArtifactKind } from './artifact.ts'
import type { Binding, Bindings, Contract } from './contract.ts'
import { MortiseError } from './errors.ts'
import type { Runtimes } from './host-options.ts'
import type { LeaseLimits } from './pool/leases.ts'
import { Pool } from './pool/pool.ts'
import type { Code, Kind, LimitsOf, Mode, Runtime, Setting } from './runtime.ts'
import type { Version } from './versions.ts'

/** Which runtimes run which kind of artifact, the usual one first. */
const runtimesOf: { readonly [A in ArtifactKind]?: readonly Kind[] } = {
  'wasm-module': ['wasm'],
  javascript: ['esm', 'process'],
  script: ['process'],
  elf: ['process'],
  'mach-o': ['process'],
  pe: ['process'],
  'elf-library': ['native'],
  'mach-o-library': ['native'],
  'pe-library': ['native'],
}

/** The runtime for an artifact, if the host has it and the plugin takes it: `ARTIFACT_UNKNOWN`, `RUNTIME_NOT_ALLOWED`. */
export function chooseRuntime(artifact: Artifact, runtimes: Runtimes, wanted: Kind | undefined): Kind {
  if (artifact.kind === 'unknown') {
    throw new MortiseError(
      'ARTIFACT_UNKNOWN',
      'Cannot plug the artifact: its bytes are of no known kind. Give a WebAssembly module, or the text of an ES module',
    )
  }
  const usable = (runtimesOf[artifact.kind] ?? []).filter((kind) => runtimes[kind] !== undefined)
  const [kind] = usable
  const what = `Cannot plug the artifact: it is of kind '${artifact.kind}'`
  if (kind === undefined) {
    throw new MortiseError(
      'RUNTIME_NOT_ALLOWED',
      `${what}, and this host was built with ${Object.keys(runtimes).join(', ')} only`,
    )
  }
  if (wanted !== undefined && !usable.includes(wanted))
    throw new MortiseError('RUNTIME_NOT_ALLOWED', `${what}, and the plugin takes '${wanted}' only`)
  return wanted ?? kind
}

/** What a version is loaded with beside its contract. */
type LoadSetting<P extends Kind> = Omit<
  Setting<P>,
  'imports' | 'pure' | 'stateless' | 'command' | 'initialise' | 'adapter' | 'args'
> & { readonly leases: LeaseLimits }

/** Prepares an artifact on its runtime, checks it against the contract, and opens a pool of it. */
export async function loadVersion<H, P extends Kind>(
  kind: P,
  runtimes: Runtimes,
  artifact: Artifact,
  contract: Contract<H, Bindings<H>>,
  limits: LimitsOf<P>,
  { leases, ...setting }: LoadSetting<P>,
): Promise<Version> {
  const runtime: Runtime<P> | undefined = runtimes[kind]
  const binding = contract.bindings[kind]
  if (runtime === undefined || binding === undefined) {
    const bound = Object.keys(contract.bindings).join(', ')
    throw new MortiseError(
      'CONTRACT_NOT_BOUND',
      `Cannot plug the artifact: it runs on '${kind}', and the contract '${contract.name}' is bound to ${bound} only`,
    )
  }
  try {
    const code = await runtime.prepare(artifact, limits)
    const pool = await openPool(contract, binding, code, setting, leases)
    return asVersion(artifact.digest, kind, pool)
  } catch (error) {
    throw MortiseError.is(error) && binding.reword !== undefined ? binding.reword(error) : error
  }
}

/** Checks an artifact against the contract, and opens a pool of it. */
async function openPool<H, P extends Kind>(
  contract: Contract<H, Bindings<H>>,
  binding: Binding<H, P, Mode>,
  code: Code<P>,
  setting: Omit<LoadSetting<P>, 'leases'>,
  leases: LeaseLimits,
): Promise<Pool<H, P>> {
  const problems = binding.check(code.surface)
  if (problems.length > 0) {
    await code.release?.()
    const list = problems.map((problem) => `\n  ${problem}`).join('')
    throw new MortiseError(
      'MODULE_REFUSED',
      `Cannot plug the artifact: it does not fit the contract '${contract.name}':${list}`,
      { problems },
    )
  }
  const { hooks, pure } = contract
  const { imports, initialise, adapter, args } = binding
  const command = binding.command?.(code.surface) ?? false
  const stateless = command || contract.stateless === true
  const whole = { ...setting, pure, stateless, command, adapter, args, imports, initialise }
  return Pool.open(code, binding, Object.keys(hooks), whole, leases)
}

function asVersion<H, P extends Kind>(digest: string, runtime: P, pool: Pool<H, P>): Version {
  return {
    digest,
    runtime,
    values: pool.values,
    mode: pool.mode,
    idle: () => pool.idle(),
    take: () => pool.take(),
    lease: (context) => pool.lease(context),
    first: () => pool.first,
    watch: (letGo) => {
      pool.onLetGo = letGo
    },
    calls: () => pool.calls(),
    instances: () => pool.instances,
    close: (how) => pool.close(how),
  }
}
