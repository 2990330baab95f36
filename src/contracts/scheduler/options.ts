import { checkKeys, checkOption } from '../../options.ts'
import type { SchedulerHandle } from './handle.ts'

/** How much a guest is to log, from the chattiest on. */
export const severities = ['info', 'warning', 'error', 'fatal'] as const

/** A severity of Kubernetes' logs. */
export type Severity = (typeof severities)[number]

/** Options of the contract of scheduler plugins. */
export interface SchedulerOptions {
  /** What the plugin reads as its configuration: any text, as a rule JSON. Default: none. */
  readonly config?: string
  /** What the guest logs below this is dropped. Default `info`. */
  readonly severity?: Severity
  /** The arguments of the guest as a program. Default: none, not even its name. */
  readonly args?: readonly string[]
  /** What the plugin can do beside answering. Default: nobody waits for a permit, and events are dropped. */
  readonly handle?: SchedulerHandle
  /** Gives errors the texts that kube-scheduler-wasm-extension has for them. Default: no. */
  readonly strict?: boolean
}

/** The same, whole. */
export type ParsedSchedulerOptions = Required<SchedulerOptions>

/** The one parser of the contract's options: `OPTION_UNKNOWN`, `OPTION_INVALID`. */
export function parseScheduler(options: SchedulerOptions): ParsedSchedulerOptions {
  checkKeys(options, ['config', 'severity', 'args', 'handle', 'strict'], 'scheduler()')
  const { config = '', severity = 'info', args = [], handle = {}, strict = false } = options
  checkOption('config', config, typeof config === 'string', 'a text')
  checkOption('severity', severity, severities.includes(severity), `one of ${severities.join(', ')}`)
  const texts = Array.isArray(args) && args.every((arg) => typeof arg === 'string' && !arg.includes('\0'))
  checkOption('args', args, texts, 'a list of texts')
  checkOption('strict', strict, typeof strict === 'boolean', 'true or false')
  checkKeys(handle, ['event', 'waitingPods'], 'the handle of scheduler()')
  const { event, waitingPods } = handle
  checkOption('event', event, event === undefined || typeof event === 'function', 'a function')
  const able =
    waitingPods === undefined || (typeof waitingPods.get === 'function' && typeof waitingPods.reject === 'function')
  checkOption('waitingPods', waitingPods, able, "an object with the functions 'get' and 'reject'")
  return Object.freeze({ config, severity, args: Object.freeze([...args]), handle, strict })
}
