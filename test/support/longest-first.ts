import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take far longer than their length tells, the longest first. */
const long = [
  'e2e/crossing',
  'e2e/conformance',
  'e2e/places',
  'e2e/low',
  'e2e/evidence',
  'flow/recompute',
  'flow/histories',
  'hostile/extremes',
  'hostile/lines',
  'hostile/facts-past',
  'flow/crash',
  'hostile/order',
  'hostile/medium',
  'flow/item-rules',
  'hostile/sigstore-mutations',
  'hostile/decisions',
  'hostile/flips',
  'unit/collect/hostile',
  'unit/sign/cosign-key',
].map((name) => `/test/${name}.test.ts`)

/** Starts the long files first: one that starts last keeps a single core busy while the others have nothing to do. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = long.findIndex((name) => moduleId.replaceAll('\\', '/').endsWith(name))
      return place < 0 ? long.length : place
    }
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}
