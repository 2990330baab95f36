import { spawnSync } from 'node:child_process'

const windows = process.platform === 'win32'

/** Processes that lead a group of their own, of which some may outlive them. */
const leaders = new Set<number>()

/** Nothing may outlive this process where it can be helped: the system itself ends no child with its parent. */
function onExit(): void {
  for (const pid of leaders) killTree(pid, 'SIGKILL')
}

/** Options of `spawn` for a process that can be ended with all that it starts. */
export const asLeader: { readonly detached: boolean; readonly windowsHide: true } = {
  detached: !windows,
  windowsHide: true,
}

/** From now on the process ends when this one exits. */
export function guardLeader(pid: number): void {
  if (leaders.size === 0) process.on('exit', onExit)
  leaders.add(pid)
}

/** The process has ended: what it has started ends too, unless it has left the group. */
export function releaseLeader(pid: number): void {
  if (!windows) killTree(pid, 'SIGKILL')
  leaders.delete(pid)
  if (leaders.size === 0) process.off('exit', onExit)
}

/**
 * Sends a signal to a process that has not been released, and to all that it started. Windows has no signals: there it is
 * the end, whatever the signal.
 */
export function killTree(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  // Its number may be somebody else's by now.
  if (!leaders.has(pid)) return
  if (windows) {
    spawnSync('taskkill', ['/PID', String(pid), '/T', '/F'], { windowsHide: true })
    return
  }
  try {
    process.kill(-pid, signal)
  } catch (error) {
    // Nobody is left. On macOS a group of zombies is EPERM.
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))) throw error
  }
}
