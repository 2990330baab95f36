import { podName } from '../scheduling/objects.ts'
import type { Outcome } from '../scheduling/outcome.ts'
import type { Run } from './simulate-run.ts'

/** A run as `--json` prints it. */
export function runJson({ outcomes, plugins, log, milliseconds }: Run): Readonly<Record<string, unknown>> {
  const pods = outcomes.map(({ outcome }) => outcomeJson(outcome))
  return { pods, plugins, logs: log.lines, droppedLogs: log.dropped, milliseconds }
}

function outcomeJson({ pod, filtered, scored, selected, ...outcome }: Outcome): Readonly<Record<string, unknown>> {
  return {
    pod: podName(pod),
    ...outcome,
    feasible: filtered?.feasible,
    refused: filtered && Object.fromEntries(filtered.refused),
    rest: filtered?.rest,
    scores: scored?.plugins,
    totals: scored && Object.fromEntries(scored.totals),
    best: selected?.best,
  }
}
