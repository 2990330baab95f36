// Runs in a child process: sends the handle that it gets back, and ends.
process.once('message', (message, handle) => {
  process.send?.(message, handle, undefined, () => process.disconnect?.())
})
