// What CI does with `npm start`: starts it, tries all that it prints, and ends it as Ctrl-C does.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

/** What each of the lines is answered with, in their order. */
const wanted = [
  /^\{"greetings":"Hello, Mike"\}\n$/,
  /^\{"error":"no name specified"\}\n$/,
  /^\{"greetings":"Hello, Ada"\}$/,
  /<h1>Hello, Grace<\/h1><p>GET \/some\/path<\/p>/,
  /^\{"ok":true\}\n$/,
  /^\{"greetings":"Hello, Linus"\}\n$/,
  /^\{"ok":true\}\n$/,
]

const manifest: unknown = JSON.parse(await readFile('package.json', 'utf8'))
const [, start] = /"start":"node ([^"]+)"/.exec(JSON.stringify(manifest)) ?? []
assert.ok(start !== undefined, 'package.json has a script that starts Node')
// npm itself ends with 130 after Ctrl-C, whatever its script ends with.
const child = spawn(process.execPath, start.split(' '), { stdio: ['ignore', 'pipe', 'inherit'] })
const ended = new Promise((resolve) => {
  child.once('close', resolve)
})
const lines = createInterface({ input: child.stdout })
const tries: string[] = []
for await (const line of lines) {
  console.log(line)
  if (line.startsWith('  curl ')) tries.push(line.trim())
  if (line.startsWith('Ctrl-C')) break
}
child.stdout.resume()
assert.equal(tries.length, wanted.length)
for (const [index, line] of tries.entries()) {
  const { stdout } = await promisify(execFile)('sh', ['-c', line.replace('curl ', 'curl --silent --show-error ')])
  assert.match(stdout, wanted[index] ?? /^$/, line)
}
child.kill('SIGINT')
assert.equal(await ended, 0, 'it ends with 0')
console.log(`All ${tries.length} lines that it prints work, and it ends when it is asked to`)
