import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Digest } from '../../../../shared/digest.ts'
import { planOf } from '../../../../main/export/plan.ts'
import { pickPlatform } from '../../../../main/export/pick-platform.ts'
import {
  matchesPlatform,
  parsePlatform,
  precisePlatform,
  type Platform,
} from '../../../../main/oci/platform.ts'
import { limits } from '../../../../main/platform/limits.ts'
import { failureOf } from '../../../support/failure-of.ts'
import { Content } from '../../../support/images.ts'
import { TestRegistry } from '../../../support/registry.ts'
import { openWorkbench, type Workbench } from '../../collect/workbench.ts'
import { exportable } from '../../export/pushing.ts'

/*
 * What a client of registries must do, row by row: the choice of a platform by the version and the features of its system (OCI
 * image-spec, “Image Index”). System, architecture and variant: test/unit/oci/reference.test.ts “platforms”.
 */

const read = (text: string): Platform => {
  const platform = parsePlatform(text)
  if (platform === null) throw new Error(text)
  return platform
}

describe('the version of a system, row by row', () => {
  it.each([
    'windows()/amd64',
    'windows(+win32k)/amd64',
    'windows(10.0/amd64',
    'windows(10.0)(10.1)/amd64',
    'windows(10.0)x/amd64',
    '(10.0)/amd64',
    'windows(10.0+)/amd64',
    'windows(10 0)/amd64',
    'windows/amd64(10.0)',
    `windows(${'1'.repeat(61)})/amd64`,
    `windows(1${'+a'.repeat(9)})/amd64`,
  ])('is not in %s', (text) => expect(parsePlatform(text)).toBe(null))

  it.each([
    ['windows(10.0.17763)/amd64', 'windows(10.0.20348.1)/amd64', false],
    ['windows(10.0.1776)/amd64', 'windows(10.0.17763.1)/amd64', false],
    ['windows(10.0.17763.1)/amd64', 'windows(10.0.17763)/amd64', false],
    ['windows(10.0.17763)/amd64', 'windows/amd64', false],
    ['windows(10.0.17763)/amd64', 'linux(10.0.17763)/amd64', false],
    ['windows(10.0.17763+win32k)/amd64', 'windows(10.0.17763)/amd64', false],
    ['windows(10.0.17763)/amd64', 'windows(10.0.17763.1457)/amd64', true],
    ['windows(10.0.17763.1457)/amd64', 'windows(10.0.17763.1457)/amd64', true],
    ['windows(10.0+a+b)/amd64', 'windows(10.0.1+b+c+a)/amd64', true],
    ['windows/amd64', 'windows(10.0.17763+win32k)/amd64', true],
  ])('asked as %s and stated as %s: %s', (wanted, found, same) =>
    expect(matchesPlatform(read(wanted), read(found))).toBe(same),
  )

  it('is written as it is read', () => {
    for (const text of ['windows(10.0+a+b)/amd64', 'windows(10.0)/arm64/v8', 'linux/amd64'])
      expect(precisePlatform(read(text))).toBe(text)
  })
})

describe('an index of several builds of one system, row by row', () => {
  let bench: Workbench
  let registry: TestRegistry
  beforeEach(async () => {
    bench = await openWorkbench()
    registry = await new TestRegistry().open()
    registry.add('win/app', content, { '1': root, one: builds[0] })
  })
  afterEach(async () => {
    await registry.close()
    await bench.close()
  })
  const content = new Content()
  const build = (version: string) => {
    const platform = {
      os: 'windows',
      architecture: 'amd64',
      'os.version': version,
      'os.features': ['win32k', 7],
    }
    return content.image(platform, [Buffer.from(`layer of ${version}`)])
  }
  const builds = [build('10.0.17763.1457'), build('10.0.20348.5')] as const
  const root = content.index(builds)
  const asked = (platform: string, tag = '1'): string =>
    `  - image: ${registry.host}/win/app:${tag}\n    platforms: ["${platform}"]\n    allow: [plain-http]`
  const carried = async (platform: string): Promise<boolean[]> => {
    const { items, blobs } = await bench.collect(asked(platform))
    // On the record as before: waybills name no version of a system.
    expect(items[0]?.platforms).toEqual(['windows/amd64'])
    const state = (digest: string) => blobs.find((blob) => blob.digest === digest)?.state
    return builds.map(({ digest }) => state(digest) === 'carried')
  }

  it('is carried as the one that was asked for, or as all', async () => {
    expect(await carried('windows(10.0.20348)/amd64')).toEqual([false, true])
    expect(await carried('windows(10.0.17763+win32k)/amd64')).toEqual([true, false])
    expect(await carried('windows/amd64')).toEqual([true, true])
  })

  it.each([
    ['an index', '1', 'windows(10.0.17763.1457+win32k)/amd64, windows(10.0.20348.5+win32k)/amd64'],
    ['an image', 'one', 'windows(10.0.17763.1457+win32k)/amd64'],
  ])('that is not in %s is missing, and what is there is told', async (_, tag, found) => {
    const failure = await failureOf(bench.collect(asked('windows(10.0.14393)/amd64', tag)))
    expect([failure.code, failure.facts.expected, failure.facts.found]).toEqual([
      'platform-missing',
      'windows(10.0.14393)/amd64',
      found,
    ])
  })

  it('is missing too where another build was asked for and is there', async () => {
    const both = 'windows(10.0.14393)/amd64", "windows(10.0.20348)/amd64'
    const failure = await failureOf(bench.collect(asked(both)))
    expect([failure.code, failure.facts.expected]).toEqual(['platform-missing', 'windows(10.0.14393)/amd64'])
  })

  it('goes into a docker archive as one of them, and where it is not said which, they are told apart', async () => {
    const collected = await bench.collect(asked('windows/amd64'))
    const accepted = exportable(bench, collected)
    const [item] = accepted.items
    if (item === undefined) throw new Error('no item')
    const pick = async (platform: string) =>
      pickPlatform(item, await planOf(item, accepted), read(platform), (digest: Digest) =>
        bench.blobs.read(digest, limits.manifestBytes),
      )
    const { config } = await pick('windows(10.0.20348)/amd64')
    expect(JSON.parse(config.toString())).toMatchObject({ 'os.version': '10.0.20348.5' })
    const failure = await failureOf(pick('windows/amd64'))
    expect([failure.code, failure.facts.found]).toEqual([
      'archive-platform',
      'windows(10.0.17763.1457+win32k)/amd64, windows(10.0.20348.5+win32k)/amd64',
    ])
  })
})
