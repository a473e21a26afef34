import { spawnSync } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, printed, sallyport, type Ended } from '../support/command-line.ts'
import {
  decideBoth,
  makeCrossing,
  release,
  writeFiles,
  writeRequest,
  writeTo,
  type Crossing,
} from '../support/desks.ts'
import { hasDockerRegistry, hasSkopeo, startDockerRegistry } from '../support/docker-registry.ts'
import { Content, sha256, type Named } from '../support/images.ts'
import { gzipped, packedImage, plainLayer } from '../support/packed-image.ts'
import { TestRegistry } from '../support/registry.ts'

/* Accepted content as one file, for hosts that need one: what other tools read in it is what was accepted. */

interface Made {
  readonly content: Content
  readonly root: Named
  readonly config: Buffer
  readonly plain: readonly Buffer[]
}

/** An index of two platforms whose layers are packed, with something that speaks for it. */
function makeImage(): Made {
  const content = new Content()
  const plain = ['base', 'amd64'].map((seed) => plainLayer(seed))
  const amd64 = packedImage(content, plain.map(gzipped))
  const arm64 = packedImage(
    content,
    ['base', 'arm64'].map((seed) => gzipped(plainLayer(seed))),
    'arm64',
  )
  const root = content.index([amd64, arm64])
  content.referrer(root, 'application/x', 'speaks')
  const { config } = JSON.parse(content.blobs.get(amd64.digest)!.toString('utf8')) as { config: Named }
  return { content, root, config: content.blobs.get(config.digest)!, plain }
}

describe('accepted content as one file', () => {
  let crossing: Crossing
  let registry: TestRegistry
  let made: Made
  let reference = ''
  let id = ''
  const at = (name: string): string => join(crossing.folder, name)
  const words = (...more: string[]): string[] => ['export', id, '--desk', crossing.high, ...more]
  const exported = (...more: string[]): Promise<Ended['json']> => done(words(...more), crossing.clock)
  const refused = async (...more: string[]): Promise<readonly [number, string, string]> => {
    const { code, json } = await sallyport(words(...more), crossing.clock)
    return [code, json.failure.code, `${json.failure.happened} ${json.failure.next}`]
  }

  beforeAll(async () => {
    crossing = await makeCrossing()
    registry = await new TestRegistry().open()
    made = makeImage()
    registry.add('team/app', made.content, { '1.2.3': made.root })
    reference = `${registry.host}/team/app:1.2.3`
    const items = [`{ image: "${reference}", allow: [plain-http] }`]
    items.push(...(await writeFiles(crossing, { 'notes.txt': 'notes\n' })))
    const folder = await writeTo(
      crossing,
      await release(crossing, await writeRequest(crossing, items)),
      'medium',
    )
    id = (await done(['verify', folder, '--desk', crossing.high], crossing.clock)).id
    await decideBoth(crossing, id, 'accept')
  })
  afterAll(async () => {
    await registry.close()
    await crossing.dispose()
  })

  it.each([
    [['--to', 'oci-archive:'], '--to is oci-layout:DIR'],
    [['--to', 'zip:x'], '--to is oci-layout:DIR'],
    [['--to', 'oci-archive:x', '--lock', 'y'], '--lock is for --to registry:'],
    [['--to', 'oci-archive:x', '--platform', 'linux/amd64'], '--platform is for --to docker-archive:FILE'],
    [['--to', 'docker-archive:x', '--platform', 'linux'], '--platform is OS/ARCH'],
  ])('is asked for rightly: %j', async (more, says) => {
    const { code, json } = await sallyport(words(...more), crossing.clock)
    expect([code, json.failure.happened]).toEqual([2, expect.stringContaining(says)])
  })

  it('never lies in the desk or over something else', async () => {
    const inside = join(crossing.high, 'out.tar')
    expect((await refused('--to', `oci-archive:${inside}`))[1]).toBe('medium-inside-desk')
    await writeFile(at('mine.tar'), 'mine')
    for (const kind of ['oci-archive', 'docker-archive']) {
      const [code, name] = await refused(
        '--to',
        `${kind}:${at('mine.tar')}`,
        ...(kind === 'oci-archive' ? [] : ['--platform', 'linux/amd64']),
      )
      expect([code, name]).toEqual([1, 'file-exists'])
    }
    expect(await readFile(at('mine.tar'), 'utf8')).toBe('mine')
  })

  it('of several platforms tells them and how to name one', async () => {
    const [code, name, said] = await refused('--to', `docker-archive:${at('none.tar')}`)
    expect([code, name]).toEqual([1, 'archive-platform'])
    expect(said).toContain('linux/amd64, linux/arm64')
    expect(said).toContain('--platform OS/ARCH')
    expect(await readdir(crossing.folder)).not.toContain('none.tar')
  })

  it('is said in lines, shown and on the record, with what is not in it', async () => {
    const lines = await printed(
      words('--to', `docker-archive:${at('lines.tar')}`, '--platform', 'linux/amd64'),
      crossing.clock,
    )
    expect(lines).toContain(`  ${reference}  ${sha256(made.config)}`)
    expect(lines).toContain('Signatures and other evidence are not in it')
    expect(lines).toContain('Not in it: ./notes.txt, which is no image (file).')
    const shown = await done(['consignment', 'show', id, '--desk', crossing.high], crossing.clock)
    expect((shown['exports'] as object[]).at(-1)).toMatchObject({
      target: `docker-archive:${at('lines.tar')}`,
      written: [{ from: reference, reference, digest: sha256(made.config) }],
      left: [expect.stringMatching(/^Signatures/), expect.stringMatching(/^Not in it/)],
    })
    await done(['ledger', 'verify', '--desk', crossing.high], crossing.clock)
  })

  describe.skipIf(!hasSkopeo)('and skopeo (skipped without skopeo)', () => {
    const skopeo = (...more: string[]): Buffer => {
      const { status, stdout, stderr } = spawnSync('skopeo', ['--insecure-policy', ...more])
      expect({ status, stderr: stderr.toString('utf8') }).toEqual({ status: 0, stderr: '' })
      return stdout
    }
    const manifestIn = async (folder: string): Promise<{ config: Named; layers: Named[] }> =>
      JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as { config: Named; layers: Named[] }

    it('reads in a docker archive the config and the layers that were accepted', async () => {
      await exported('--to', `docker-archive:${at('docker.tar')}`, '--platform', 'linux/amd64')
      const from = `docker-archive:${at('docker.tar')}:${reference}`
      expect(skopeo('inspect', '--config', '--raw', from).equals(made.config)).toBe(true)
      skopeo('copy', '-q', from, `dir:${at('from-docker')}`)
      const { config, layers } = await manifestIn(at('from-docker'))
      expect(config.digest).toBe(sha256(made.config))
      expect(layers.map(({ digest }) => digest)).toEqual(made.plain.map((one) => sha256(one)))
      for (const one of made.plain)
        expect((await readFile(join(at('from-docker'), sha256(one).slice(7)))).equals(one)).toBe(true)
    })

    it.skipIf(!hasDockerRegistry)('brings it into a registry (skipped without docker-registry)', async () => {
      await exported('--to', `docker-archive:${at('pushed.tar')}`, '--platform', 'linux/amd64')
      const real = await startDockerRegistry()
      try {
        const to = `docker://${real.host}/team/app:1`
        const from = `docker-archive:${at('pushed.tar')}:${reference}`
        skopeo('copy', '-q', '--dest-tls-verify=false', from, to)
        const config = skopeo('inspect', '--tls-verify=false', '--config', '--raw', to)
        expect(config.equals(made.config)).toBe(true)
      } finally {
        await real.close()
      }
    })

    it('reads in an OCI archive the index and all that it names, byte for byte', async () => {
      await exported('--to', `oci-archive:${at('oci.tar')}`)
      const from = `oci-archive:${at('oci.tar')}:${reference}`
      const index = made.content.blobs.get(made.root.digest)!
      expect(skopeo('inspect', '--raw', from).equals(index)).toBe(true)
      skopeo('copy', '-q', '--all', from, `dir:${at('from-oci')}`)
      expect((await readFile(join(at('from-oci'), 'manifest.json'))).equals(index)).toBe(true)
    })
  })
})
