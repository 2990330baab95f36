/** How often suspended calls are looked at, in milliseconds: a timer for each would cost more than the rest of the suspension. */
const tick = 20

/** A call that may be suspended. */
export interface Waiting {
  /** It is looked at already: a look at this costs less than adding it to a set that has it. */
  watched: boolean
  /** Ends the wait where it was too long. @returns whether it goes on waiting */
  look(now: number): boolean
}

const watched = new Set<Waiting>()
let timer: NodeJS.Timeout | undefined

/** Looks at a suspended call from now on, until it says that it waits no more. The process stays alive as long. */
export function watchWait(waiting: Waiting): void {
  if (waiting.watched) return
  waiting.watched = true
  watched.add(waiting)
  timer ??= setTimeout(look, tick)
}

function look(): void {
  const now = performance.now()
  for (const waiting of watched) {
    if (waiting.look(now)) continue
    waiting.watched = false
    watched.delete(waiting)
  }
  timer = watched.size > 0 ? setTimeout(look, tick) : undefined
}
