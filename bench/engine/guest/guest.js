// The guest of the sandboxes that run JavaScript; evaluated as a script, so that its functions are global.
var count = 0
function noop() {}
function add(a, b) {
  return a + b
}
function echo(text) {
  return text
}
function bump() {
  return ++count
}
function crash() {
  count++
  throw new Error('crash')
}
function order(text) {
  const event = JSON.parse(text)
  for (const item of event.items) event.total += item.count * item.cents
  return JSON.stringify(event)
}
