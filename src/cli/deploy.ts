import type { Timings } from '../client/client.ts'
import { type Command, UsageError } from './command.ts'
import { readSettings, readSignature, settingsHelp, settingsOptions } from './deploy-settings.ts'
import { readShipment } from './deploy-source.ts'
import { Stages } from './deploy-stages.ts'
import { environmentHelp } from './environment.ts'
import { bytes as sizeText, duration, printable } from './format.ts'
import { openTarget, targetHelp, targetOptions } from './target.ts'

export const deployCommand: Command = {
  help: `mortise deploy: put code on a server that runs

Usage: mortise deploy <name> <path> [options]

  <path>                  a .wasm module, a guest's .ts source or folder, which is built first; JavaScript, a program or an
                          archive, which the server has to allow; a folder of JavaScript is packed, without names with a dot first
  --runtime wasm          build a .ts file whatever it imports; default: one that imports tenon/… is built
${settingsHelp}
${environmentHelp}
${targetHelp}
  --json                  print one JSON object
  -h, --help              print this

It is live when the command ends: loaded, tried and written down first. What fails changes nothing; exit code 1 then.
Nothing is sent where the server has the artifact.

Examples:
  mortise deploy hello hello.wasm
  mortise deploy hello guests/hello --smoke '{"name":"Mike"}'
  mortise deploy site handler.mjs --mount /site --to https://host:8443 --token-file token
`,
  options: { ...settingsOptions, ...targetOptions, runtime: { type: 'string' } },
  async run(args, terminal) {
    const [name, path, ...more] = args.positionals
    if (name === undefined || path === undefined || more.length > 0)
      throw new UsageError('It takes the name of a plugin, and a path')
    const runtime = args.choice('runtime', ['wasm'])
    const wanted = args.choice('contract', ['action', 'http'])
    const settings = await readSettings(args)
    const { client: opened, serves = '' } = await openTarget(args, terminal)
    using client = opened
    const stages = new Stages(terminal, args.json)
    const { bytes, made, contract, warnings } = await stages.run(
      'building',
      (shipment) => (shipment.made === 'read' ? undefined : [shipment.made, sizeText(shipment.bytes.length)]),
      () => readShipment(path, { ...(runtime && { runtime }), ...(wanted && { contract: wanted }) }),
    )
    for (const warning of warnings) terminal.err(`${printable(warning)}\n`)
    if (settings.mount !== undefined && contract !== 'http')
      throw new UsageError('--mount is for handlers of HTTP: --contract http')
    const { digest, sent } = await stages.run(
      'sending',
      (uploaded) => ['sent', uploaded.sent === 0 ? 'nothing: the server has it' : sizeText(uploaded.sent)],
      () => client.put(bytes),
    )
    const signature = await readSignature(args, digest)
    const {
      version,
      runtime: on,
      timings,
    } = await stages.run(
      'deploying',
      (deployed) => ['deployed', steps(deployed.timings)],
      () => client.deploy(name, digest, { ...settings, ...(contract !== undefined && { contract }), ...signature }),
    )
    const { milliseconds } = stages
    if (args.json) {
      const facts = { version, digest, runtime: on, made, bytes: bytes.length, sent, milliseconds, timings }
      terminal.out(`${JSON.stringify({ ok: true, plugin: name, ...facts })}\n`)
    } else {
      const at = contract === 'http' ? (settings.mount ?? '/') : `/run/${name}`
      terminal.out(`${name} version ${version} is live, on ${printable(on)}, at ${serves}${at}\n`)
    }
    return 0
  },
}

const steps = (timings: Timings): string =>
  Object.entries(timings)
    .filter(([, took]) => took > 0)
    .map(([step, took]) => `${printable(step)} ${duration(took)}`)
    .join(', ')
