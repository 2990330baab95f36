// A server that starts a program for every request, gives it the request as a line, and answers with its line.
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { Readable } from 'node:stream'
import { files } from './guests.ts'

createServer((request, response) => {
  const child = spawn(files.go, { stdio: ['pipe', 'ignore', 'ignore', 'pipe'] })
  if (child.stdin === null) throw new Error('it has no standard input')
  request.pipe(child.stdin, { end: false })
  request.on('end', () => child.stdin?.end('\n'))
  const chunks: Buffer[] = []
  // oxlint-disable-next-line no-unsafe-type-assertion -- a pipe that the parent reads
  const answers = child.stdio[3] as Readable
  answers.on('data', (chunk: Buffer) => void chunks.push(chunk))
  child.on('close', () => {
    const body = Buffer.concat(chunks)
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body)
  })
}).listen(Number(process.env['PORT']), '127.0.0.1')
