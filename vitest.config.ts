import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'

export default defineConfig({
  resolve: {
    alias: [
      { find: './worker-file.ts', replacement: join(import.meta.dirname, 'test/support/worker-file.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build-worker.ts', 'test/support/run-folder.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What is waited for comes or does not; a busy machine decides only when.
    expect: { poll: { timeout: 20_000 } },
    pool: 'forks',
    // One for each core; the runner's own choice leaves one idle, which is half of a small computer.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
  },
})
