import { spawnSync } from 'node:child_process'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kitEngines } from '../../../shared/landing.ts'
import { done, sallyport } from '../../support/command-line.ts'
import { makeCrossing, type Crossing } from '../../support/desks.ts'
import { acceptedImage, allowRegistry, exportTo, landingKey } from '../../support/landing.ts'
import { TestRegistry } from '../../support/registry.ts'

/* A kit as an installer gets it: signed, complete, of what landed and of nothing else. */
describe('a landing kit', () => {
  let crossing: Crossing
  let registry: TestRegistry
  let id: string
  let digest: string
  beforeAll(async () => {
    crossing = await makeCrossing()
    registry = await new TestRegistry().open()
    await allowRegistry(crossing, registry.host)
    const made = await acceptedImage(crossing)
    id = made.id
    digest = made.sample.root.digest
  })
  afterAll(async () => {
    await registry.close()
    await crossing.dispose()
  })

  const kit = (folder: string, ...more: string[]) =>
    sallyport(
      [
        ...['landing', 'kit', id, '--target', `${registry.host}/apps`, '--desk', crossing.high],
        ...['--out', join(crossing.folder, folder), ...more],
      ],
      crossing.clock,
    )
  const text = (...path: string[]) => readFile(join(crossing.folder, ...path), 'utf8')
  const events = async (type: string): Promise<number> =>
    (await text('high', 'ledger.jsonl')).split(`"type":"${type}"`).length - 1

  it('is not made of what did not land there, nor without a key', async () => {
    const before = await kit('early')
    expect([before.code, before.json.failure.code]).toEqual([1, 'landing-not-there'])
    await exportTo(crossing, id, `${registry.host}/apps`)
    const without = await kit('early')
    expect([without.code, without.json.failure.code]).toEqual([1, 'landing-none'])
    expect(await stat(join(crossing.folder, 'early')).catch(() => null)).toBeNull()
    expect(await events('landing.kit')).toBe(0)
  })

  it('has a folder for each engine, each with what it cannot hold, and every file is signed for', async () => {
    await landingKey(crossing)
    const made = await kit('kit')
    expect(made).toMatchObject({ code: 0, json: { engines: [...kitEngines] } })
    const folder = join(crossing.folder, 'kit')
    for (const engine of kitEngines)
      expect(await readdir(join(folder, engine))).toEqual(
        expect.arrayContaining(['README.md', 'NOT-EXPRESSED.md']) as string[],
      )
    const signed = spawnSync(
      'sh',
      [
        '-c',
        'openssl dgst -sha256 -verify ../landing.pub -signature SHA256SUMS.sig.bin SHA256SUMS && sha256sum --quiet -c SHA256SUMS && find . -type f ! -name "SHA256SUMS*" | wc -l && wc -l < SHA256SUMS',
      ],
      { cwd: folder, encoding: 'utf8' },
    )
    const [said, files, lines] = signed.stdout.trim().split('\n')
    expect({ status: signed.status, said, every: files === lines }).toEqual({
      ...{ status: 0, said: 'Verified OK', every: true },
    })
    expect(await text('kit', 'lock', 'images.lock')).toContain(`${registry.host}/apps/app@${digest}`)
    expect(await text('kit', 'README.md')).toContain('The landing key lies in the folder of the high desk')
    expect((await stat(join(folder, 'containerd', 'bin', 'sallyport-admit'))).mode & 0o777).toBe(0o755)
    expect(await events('landing.kit')).toBe(1)
    // A changed byte shows to whoever has the key on paper.
    await writeFile(join(folder, 'lock', 'images.lock'), 'other\n')
    expect(spawnSync('sh', ['-c', 'sha256sum --quiet -c SHA256SUMS'], { cwd: folder }).status).not.toBe(0)
  })

  it('is for the engines that were asked for, and never written over something', async () => {
    const made = await kit('some', '--for', 'crio', '--for', 'lock')
    expect(made.json['engines']).toEqual(['crio', 'lock'])
    expect((await readdir(join(crossing.folder, 'some'))).sort()).toEqual([
      'README.md',
      'SHA256SUMS',
      'SHA256SUMS.sig.bin',
      'SHA256SUMS.sigstore.json',
      'crio',
      'landing.pub',
      'lock',
    ])
    const again = await kit('some')
    expect([again.code, again.json.failure.code]).toEqual([1, 'export-target'])
    const strange = await kit('strange', '--for', 'docker')
    expect(strange.code).toBe(2)
  })

  it('trusts the original signers where that is asked', async () => {
    const made = await kit('signers', '--trust', 'signers', '--for', 'crio')
    expect(made).toMatchObject({ code: 0, json: { keys: [] } })
    expect(await text('signers', 'README.md')).not.toContain('The landing key lies in')
  })

  it('names both keys where those who accepted it seal', async () => {
    await allowRegistry(crossing, registry.host, 3, 'landing: { signers: deciders }\n')
    const made = await kit('deciders', '--for', 'crio')
    const { dave, erin } = crossing.people
    expect((made.json['keys'] as string[]).sort()).toEqual([dave.fingerprint, erin.fingerprint].sort())
  })

  it('is not made of what stands no more', async () => {
    const gone = [
      'trust',
      'revoke',
      crossing.people.bob.fingerprint,
      '--reason',
      'lost',
      '--desk',
      crossing.high,
    ]
    await done(gone, crossing.clock)
    const refused = await kit('revoked')
    expect([refused.code, refused.json.failure.code]).toEqual([1, 'verdict-stale'])
  })
})
