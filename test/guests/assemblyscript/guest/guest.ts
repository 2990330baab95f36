// AssemblyScript: asc compiles it, tsc does not see it. It has no WASI; what it can do without is what it reports.
function report(): void {
  console.log('time: ' + (Date.now() > 1700000000000 ? 'ok' : 'wrong'))
  console.log('random: ' + (Math.random() != Math.random() ? 'ok' : 'wrong'))
  console.error('to stderr')
}

export function probe(mode: i32): i32 {
  switch (mode) {
    case 0:
      report()
      return 0
    case 1:
      throw new Error('it broke')
    case 2:
      process.exit(7)
      return 2
    case 4:
      process.exit(0)
      return 4
    case 5:
      while (true) console.log('and on and on')
    default:
      return mode
  }
}
