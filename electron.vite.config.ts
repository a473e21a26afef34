import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'electron-vite'

// Names what is built: a snapshot of a ledger counts only for the program that made it.
function buildId(): string {
  const hash = createHash('sha256')
  for (const folder of ['main', 'shared']) {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    )
    for (const name of names.sort()) hash.update(name).update(readFileSync(join(folder, name)))
  }
  return hash.update(readFileSync('package-lock.json')).digest('hex')
}

// Everything that runs in main is one folder of CommonJS files without node_modules, so that the packaged
// app, the command line and the worker threads need nothing beside them. Target: the oldest runtime we run
// on (Node 18.15 and Chromium 114, see DECISIONS.md).
const cjs = (extra: object = {}) => ({
  format: 'cjs' as const,
  entryFileNames: '[name].cjs',
  chunkFileNames: '[name]-[hash].cjs',
  ...extra,
})

export default defineConfig({
  main: {
    define: { __SALLYPORT_BUILD__: JSON.stringify(buildId()) },
    build: {
      target: 'node18',
      outDir: 'out/main',
      minify: false,
      sourcemap: false,
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: 'main/index.ts', cli: 'main/cli.ts', worker: 'main/worker.ts' },
        external: ['electron'],
        output: cjs(),
      },
    },
  },
  preload: {
    build: {
      target: 'node18',
      outDir: 'out/preload',
      minify: false,
      externalizeDeps: false,
      rolldownOptions: { input: { preload: 'main/preload.ts' }, external: ['electron'], output: cjs() },
    },
  },
  renderer: {
    root: 'renderer',
    build: {
      target: 'chrome114',
      outDir: 'out/renderer',
      // What the page imports is asked for together with its script; what comes later needs no help.
      modulePreload: {
        polyfill: false,
        resolveDependencies: (_file, needed, { hostType }) => (hostType === 'html' ? needed : []),
      },
      minify: true,
      rolldownOptions: { input: 'renderer/index.html' },
    },
  },
})
