import { join } from 'node:path'
import type { Pool } from '../../platform/workers.ts'
import type { CompareInput, Compared } from './compare-task.ts'
import type { Filled, FillInput } from './fill-task.ts'

/** Bytes of one file of a test: every file system takes it. */
const fileBytes = 1024 ** 3

interface Tools {
  readonly pool: Pool
  readonly signal: AbortSignal
  step(name: string, total?: number): void
  advance(bytes: number): void
}

/** A test's folder, and the key that its stream is made of. */
export interface TestPlace {
  readonly root: string
  readonly name: string
  readonly key: string
}

/** Fills all that is free. @throws Failure `cancelled` */
export async function fill({ root, name, key }: TestPlace, free: number, tools: Tools): Promise<Filled> {
  tools.step('fill', free)
  const input: FillInput = { folder: join(root, name), key, fileBytes }
  const { signal } = tools
  return tools.pool.run<Filled>('fill-medium', input, { signal, advance: (bytes) => tools.advance(bytes) })
}

/** Reads back what was filled, and compares it. @throws Failure `cancelled` */
export async function compare(place: TestPlace, written: number, tools: Tools): Promise<Compared> {
  tools.step('reread', written)
  const input: CompareInput = { folder: join(place.root, place.name), key: place.key, fileBytes, written }
  const { signal } = tools
  return tools.pool.run<Compared>('compare-medium', input, {
    signal,
    advance: (bytes) => tools.advance(bytes),
  })
}
