// `npm run fuzz`: modules of WebAssembly; `npm run fuzz -- deploy`: requests of the deploy API.
const [what] = process.argv.slice(2)
await import(what === 'deploy' ? './server/deploy/fuzz/main.ts' : './wasm/fuzz/main.ts')
