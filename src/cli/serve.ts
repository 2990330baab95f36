import type { Command } from './command.ts'
import { tellCommands } from './serve-deploy.ts'
import { readServe, serveFlags } from './serve-options.ts'
import { untilSignal } from './signals.ts'

export const serveCommand: Command = {
  help: `mortise serve: functions and HTTP handlers behind HTTP

Usage: mortise serve [--function name=path]... [options]
       mortise serve --openwhisk [options]
       mortise serve --takeover [options]
       mortise serve --harness [options]
       mortise serve --extender <plugins.yaml> [options]

  --function <name=path>  a function that is there from the start; may be given again
  --web <name=path>       the same, and as a web action at /web/<name>
  --site <name=path>      an HTTP handler: WebAssembly, or with --allow JavaScript; may be given again
  --mount <name=/path>    where it answers, with all that is below; default /
  --detail                tell who asks a site what is wrong in it, and at /_mortise how all are
  --config <file>         a JSON object of all that and more: docs/server.md
  --host <address>        where to listen, default 127.0.0.1
  --port <number>         default: PORT of the environment, or 8080
  --next-port             take the next port that is free where this one is taken
  --tls-cert <file>       answer https with this certificate (PEM),
  --tls-key <file>        and its key
  --token-file <file>     what /init needs as bearer; default: MORTISE_TOKEN, or made anew and printed
  --require-token         /run takes it too, or one of the store with the role invoke
  --allow <runtime>       esm, process: what may be posted beside WebAssembly, and run outside of the sandbox
  --allow-host <name>     a name to be called by beside localhost and --host; '*' for any
  --allow-origin <origin> take requests from web pages of this origin; '*' for any
  --deadline <time>       an activation may take so long, default 60 s
  --memory <size>         memory limit of WebAssembly modules, default 16 MiB
  --max-parameters <size> of an activation, default 1 MiB
  --max-code <size>       of posted code, default 48 MiB
  --max-functions <n>     default 1000
  --threads <n>           for WebAssembly that takes longer than 10 ms; default: one less than processors, at least 4
  --drain <time>          the end waits so long for requests under way, default 10 s
  --swap-drain <time>     what is under way on a version that is live no more may take so long, default its deadline
  --log <style>           json, pretty, off; default pretty, and json with --json
  --json                  the same as --log json
  --store <folder>        offer the deploy API over this store, which has its tokens (mortise token): docs/hot-reload.md;
                          mortise deploy, list, rollback, remove and logs of the same user find it by themselves
  --no-local              they do not: the tokens of the store are all there are
  --deploy-port <number>  where, default 8081; --deploy-host <address>, default 127.0.0.1
  --deploy-socket <path>  there, in place of a port
  --deploy-tls-cert <file>, --deploy-tls-key <file>  answer https there; --deploy-tls-ca <file>: to clients with a certificate of this CA
  --trusted-key <file>    take only artifacts that this public key (Ed25519, PEM) has signed; may be given again
  --keep <n>              versions of each plugin that are kept ready for a rollback, default 3
  --openwhisk             be a runtime of Apache OpenWhisk, a container's entry point: docs/openwhisk.md
  --reinit                there: /init may be posted again
  -debug                  there: the same, and say what happens on stderr
  --folder <path>         there: where code is unpacked, default ./action
  -compile <main>         there: compile stdin to a zip archive on stdout, and end; -env <json> is its environment
  -version                there: print the version, and end
  --takeover              be whatever program is posted to /init, which takes the server's place: docs/takeover.md;
                          implies --allow process, with --host, --port, --allow-host, --allow-origin, --deadline, --drain
  --ready <time>          there: a program has so long to get ready, default 10 s
  --harness               serve the plugin.wasm or plugin.js of PLUGIN_BUCKET, a folder or an https: URL, and fetch it again at
                          POST /_reload, with the token of a file that is printed: docs/hot-reload.md; --host, --port,
                          --token-file, --allow, --allow-host, --allow-origin, --deadline, --memory, --drain (5 s), --detail
  --extender <file>       be an extender of kube-scheduler, with the plugins that this file lists: docs/extender.md;
                          with --host, --port (default 8888), --tls-cert, --tls-key, --token-file, --allow-host, --drain, --log
  --tls-ca <file>         there: take requests only from clients with a certificate of this CA
  --kubeconfig <file>     there: follow the nodes of this cluster, and bind pods; --context <name>: another one than the current
  --service-account       there: the same in a pod, as its service account
  -h, --help              print this

POST /run/<name> runs a function, POST /init/<name> deploys one (with the token), /web/<name> is a web action.
/run and /init alone are the function 'default'. /healthz, /readyz and /metrics are for whoever runs the server.
SIGTERM and SIGINT end it: requests under way are answered. Exit code 0 then.

Examples:
  mortise serve --function hello=hello.wasm
  curl -XPOST localhost:8080/run/hello -d '{"value":{"name":"Mike"}}'
  mortise serve --site shop=shop.wasm --mount shop=/shop
  mortise serve --openwhisk
`,
  options: serveFlags,
  dashed: true,
  async run(args, terminal) {
    if (args.flag('openwhisk')) return (await import('./serve-openwhisk.ts')).runOpenWhisk(args, process.env, terminal)
    if (args.flag('takeover')) return (await import('./serve-takeover.ts')).runTakeover(args, process.env, terminal)
    if (args.flag('harness')) return (await import('./serve-harness.ts')).runHarness(args, process.env, terminal)
    const extender = args.text('extender')
    if (extender !== undefined)
      return (await import('./serve-extender.ts')).runExtender(extender, args, process.env, terminal)
    const { made, options } = await readServe(args, process.env)
    // Fastify takes a while to load, and a runtime of OpenWhisk has to be quick there.
    const { serve } = await import('../server/server.ts')
    const server = await serve(options)
    const { url, deployUrl, functions, sites } = server
    // A token that was given is known to who needs it; one that was made is known to nobody else.
    const told = {
      url,
      functions,
      sites: sites.all.map(({ name, mount }) => ({ name, mount })),
      ...(deployUrl !== undefined && { deployUrl }),
      ...(made && { token: server.token }),
    }
    const forget = await tellCommands(server, options, process.env, terminal)
    if (options.log === 'json')
      terminal.out(`${JSON.stringify({ level: 30, time: Date.now(), pid: process.pid, ...told, msg: 'ready' })}\n`)
    else terminal.out(page(told))
    await untilSignal()
    await forget()
    if (!(await server.close())) terminal.err('Requests were still under way and were cut off\n')
    return 0
  },
}

interface Told {
  readonly url: string
  readonly functions: readonly string[]
  readonly sites: readonly { readonly name: string; readonly mount: string }[]
  readonly deployUrl?: string
  readonly token?: string
}

function page({ url, deployUrl, functions, sites, token }: Told): string {
  const named = functions.map((name) => `  curl -XPOST ${url}/run/${name} -d '{"value":{}}'\n`)
  const mounted = sites.map(({ mount }) => `  ${url}${mount}\n`)
  const init = `  curl -XPOST ${url}/init/<name> -H 'authorization: Bearer ${token}' -d @<file>.json\n`
  const deploys = deployUrl === undefined ? '' : `  deploys at ${deployUrl}\n  mortise deploy <name> <file>\n`
  return `Ready at ${url}\n${deploys}${mounted.join('')}${named.join('')}${token === undefined ? '' : init}`
}
