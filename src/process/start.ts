import { reasonOf } from '../errors.ts'
import { readAcknowledgement } from './acknowledgement.ts'
import { Child } from './child.ts'
import { ProcessFault } from './fault.ts'
import type { Holder } from './holder.ts'
import type { ProcessSettings } from './options.ts'
import type { Program } from './program.ts'
import { spawnProgram } from './spawn.ts'

/** Starts a program and waits until it is ready: `PROCESS_NOT_STARTED`, `MODULE_REFUSED`. */
export async function startChild(program: Program, settings: ProcessSettings, holder: Holder): Promise<Child> {
  const acknowledges = program.acknowledges || settings.ack
  const child = new Child(await spawnProgram(program), settings, holder, acknowledges)
  try {
    if (acknowledges) child.ready(readAcknowledgement(await child.acknowledgement(program.setup)))
    else if (await child.lifetime.endsWithin(settings.settle)) throw child.fault ?? new Error('it ended')
    else child.ready(undefined)
    return child
  } catch (error) {
    const { code, message, details } =
      error instanceof ProcessFault ? error : new ProcessFault('PROCESS_NOT_STARTED', reasonOf(error), {}, error)
    const fault = new ProcessFault(code === 'MODULE_REFUSED' ? code : 'PROCESS_NOT_STARTED', message, details)
    child.end(fault)
    await child.lifetime.ended
    throw fault
  }
}
