import { cpus, release, totalmem, type } from 'node:os'

/** What the figures were measured on. */
export function machine(): readonly string[] {
  const [first] = cpus()
  return [
    `Node ${process.version.slice(1)} (V8 ${process.versions.v8})`,
    `${cpus().length} × ${first?.model.trim() ?? 'unknown processor'}`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `${type()} ${release()}`,
  ]
}
