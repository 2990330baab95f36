// The example node-number for a JavaScript engine in WebAssembly. It is given the names as texts: it has no bytes to decode.
let digit = ''

function prefilter() {
  digit = ''
}

function prescore(pod) {
  digit = last(pod)
}

function score(node) {
  return digit === '' || digit === last(node) ? 10 : 0
}

function last(name) {
  return /\d$/.test(name) ? name.at(-1) : ''
}
