/** What a new guest project is made from. */
export interface ProjectFacts {
  readonly name: string
  /** What its package.json says of mortise: a version, or the checkout that it was made with. */
  readonly mortise: string
  /** Options that node needs to find mortise: a checkout that was not built is run from its sources. */
  readonly nodeOptions: string
}

/** What makes a project out of a kind of guest. */
export interface GuestFiles {
  /** `guest/index.ts`. */
  readonly guest: string
  /** `test/main.test.js`: the compiled guest on a host. */
  readonly test: string
  readonly readme: string
  /** What is run while somebody writes it. Default: `mortise build --watch`. */
  readonly dev?: string
  /** More files, by path. */
  readonly more?: Readonly<Record<string, string>>
}

/** The files of a new project, by path. */
export function projectFiles(
  { name, mortise, nodeOptions }: ProjectFacts,
  { guest, test, readme, dev, more }: GuestFiles,
): Readonly<Record<string, string>> {
  const manifest = {
    name: name.toLowerCase(),
    version: '0.1.0',
    private: true,
    type: 'module',
    scripts: {
      build: `mortise build guest -o ${name}.wasm`,
      dev: dev ?? `mortise build guest -o ${name}.wasm --watch`,
      test: `mortise build guest -o ${name}.wasm && node ${nodeOptions}--test`,
    },
    devDependencies: { mortise },
  }
  const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`
  return {
    'package.json': json(manifest),
    '.gitignore': 'node_modules/\n*.wasm\n',
    'README.md': readme,
    'guest/index.ts': guest,
    'guest/tsconfig.json': json({ extends: 'assemblyscript/std/assembly.json', include: ['./**/*.ts'] }),
    'test/main.test.js': test,
    ...more,
  }
}
