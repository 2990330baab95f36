import type { SchedulerValues } from '../contracts/scheduler/values.ts'
import { severities } from '../contracts/scheduler/options.ts'
import { scheduler } from '../contracts/scheduler/scheduler.ts'
import { Cluster } from '../scheduling/cluster.ts'
import { fit } from '../scheduling/fit/fit.ts'
import { SimulationHandle } from '../scheduling/handle.ts'
import type { HookCall } from '../scheduling/member.ts'
import type { Outcome } from '../scheduling/outcome.ts'
import { Simulation } from '../scheduling/simulation.ts'
import type { Arguments } from './command.ts'
import { makeHost } from './guest.ts'
import type { SimulationLog } from './simulate-log.ts'
import type { Setup } from './simulate-setup.ts'

/** What became of a setup. */
export interface Run {
  readonly setup: Setup
  readonly outcomes: readonly SimulatedPod[]
  readonly plugins: readonly SimulatedPlugin[]
  readonly log: Pick<SimulationLog, 'lines' | 'dropped'>
  readonly milliseconds: { readonly load: number; readonly schedule: number }
}

/** How it went with one pod. */
export interface SimulatedPod {
  readonly outcome: Outcome
  /** Every hook that was called, in order; none where nothing is recorded. */
  readonly calls: readonly HookCall[]
}

/** A plugin as it was loaded. */
export interface SimulatedPlugin extends SchedulerValues {
  readonly name: string
  readonly weight: number
  readonly digest: string
}

/** Leases that a plugin may have open: pods that wait, and the one whose turn it is. */
const mostLeases = 1000

/**
 * Plugs in the plugins of a setup and schedules its pods.
 *
 * @param args - the limits of the plugins, and from which severity on they log
 * @param log - what they log
 */
export async function runSetup(setup: Setup, args: Arguments, log: SimulationLog): Promise<Run> {
  await using host = makeHost(args, (line) => log.add(line))
  const severity = args.choice('severity', severities) ?? 'info'
  const handle = new SimulationHandle()
  const leases = { most: mostLeases, time: Infinity }
  const start = performance.now()
  const plugged = await Promise.all(
    setup.plugins.map(async ({ name, wasm, config, weight }) => ({
      plugin: await host.plug(name, wasm, scheduler({ config, handle, severity }), { leases }),
      weight,
    })),
  )
  const loaded = performance.now()
  const cluster = new Cluster(setup.cluster)
  // There are as many calls as pods times nodes times plugins.
  const recording = args.text('record') !== undefined || args.text('replay') !== undefined
  const calls = new Map<Outcome['pod'], HookCall[]>()
  const simulation = new Simulation(cluster, [...(setup.fit ? [{ plugin: fit(cluster) }] : []), ...plugged], {
    seed: setup.seed,
    permit: setup.permit,
    waiting: mostLeases - 1,
    handle,
    ...(recording && {
      observe: (call, pod) =>
        void calls
          .set(pod, calls.get(pod) ?? [])
          .get(pod)
          ?.push(call),
    }),
  })
  const outcomes = await simulation.run(setup.pods)
  log.end()
  return {
    setup,
    outcomes: outcomes.map((outcome) => ({ outcome, calls: calls.get(outcome.pod) ?? [] })),
    plugins: plugged.map(({ plugin: { name, digest, values }, weight }) => ({
      name,
      weight,
      digest,
      hooks: values.hooks,
      events: values.events,
    })),
    log,
    milliseconds: { load: loaded - start, schedule: performance.now() - loaded },
  }
}
