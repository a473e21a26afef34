import { writeFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, sallyport } from '../support/command-line.ts'
import { decideBoth, makeCrossing, release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'
import { sampleImage } from '../support/images.ts'
import { answer, TestRegistry } from '../support/registry.ts'
import { testCertificate } from '../support/tls.ts'

const hasSix = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'))

describe.skipIf(!hasSix)('registries by an IPv6 address (needs ::1 on this computer)', () => {
  let crossing: Crossing
  let low: TestRegistry
  let high: TestRegistry
  const sample = sampleImage()
  beforeAll(async () => {
    crossing = await makeCrossing()
    low = await new TestRegistry().open('::1')
    high = await new TestRegistry().open('::1')
    low.add('team/app', sample.content, { '1': sample.root })
  })
  afterAll(async () => {
    await Promise.all([low.close(), high.close()])
    await crossing.dispose()
  })

  it('are collected from and exported to, with what they are called', async () => {
    const image = `{ image: "${low.host}/team/app:1", allow: [plain-http] }`
    const folder = await writeTo(
      crossing,
      await release(crossing, await writeRequest(crossing, [image])),
      'six',
    )
    const verified = await done(['verify', folder, '--desk', crossing.high], crossing.clock)
    const shown = await done(['consignment', 'show', verified.id, '--desk', crossing.high], crossing.clock)
    expect(JSON.stringify(shown)).toContain(`"${low.host}/team/app"`)
    await decideBoth(crossing, verified.id, 'accept')
    const policy = join(crossing.folder, 'policy.yaml')
    const registries = `exportRegistries:\n  - { host: "${high.host}", allow: [plain-http] }\n`
    await writeFile(policy, `sallyport: policy/v1\nversion: 2\n${registries}`)
    await done(['policy', 'set', policy, '--desk', crossing.high], crossing.clock)
    const wrong = ['export', verified.id, '--desk', crossing.high, '--to', 'registry:localhost:99999']
    const { json } = await sallyport(wrong, crossing.clock)
    expect([json.failure.code, json.failure.facts['expected']]).toEqual([
      'export-target',
      'a port from 1 to 65535',
    ])
    const to = ['--to', `registry:${high.host}/mirror`]
    const exported = await done(['export', verified.id, '--desk', crossing.high, ...to], crossing.clock)
    expect(JSON.stringify(exported)).toContain(`${high.host}/mirror/team/app:1`)
    expect(high.repository('mirror/team/app').manifests.has('1')).toBe(true)
  })

  it('are trusted by their own authority and given their own credential', async () => {
    const certificate = testCertificate(['IP:::1'])
    const secure = await new TestRegistry(certificate).open('::1')
    secure.add('team/app', sample.content, { '1': sample.root })
    secure.switches.push((request, response) => {
      if (request.headers.authorization === `Basic ${Buffer.from('bob:right').toString('base64')}`)
        return false
      answer(response, 401, { 'www-authenticate': 'Basic realm="x"' })
      return true
    })
    const ca = join(crossing.folder, 'ca.pem')
    await writeFile(ca, certificate.ca)
    const auth = join(crossing.folder, 'config.json')
    const entry = { auth: Buffer.from('bob:right').toString('base64') }
    await writeFile(auth, JSON.stringify({ auths: { [secure.host]: entry } }))
    const shown = ['evidence', `${secure.host}/team/app:1`, '--auth-file', auth]
    expect((await sallyport(shown, crossing.clock)).json.failure.code).toBe('tls-untrusted')
    const trusted = await sallyport([...shown, '--ca', `${secure.host}=${ca}`], crossing.clock)
    expect(trusted.json.ok).toBe(true)
    await secure.close()
  })

  it('and ports that cannot be are refused in words, at both ends', async () => {
    for (const [reference, expected] of [
      ['localhost:99999/a:1', 'a port from 1 to 65535'],
      ['[::1]:99999/a:1', 'a port from 1 to 65535'],
    ] as const) {
      const request = await writeRequest(crossing, [`image: "${reference}"`])
      const { code, json } = await sallyport(['collect', request, '--desk', crossing.low], crossing.clock)
      expect([code, json.failure.code, json.failure.facts['expected']]).toEqual([1, 'request-form', expected])
    }
    const request = await writeRequest(crossing, ['image: "[fe80::1%eth0]/a:1"'])
    const zone = await sallyport(['collect', request, '--desk', crossing.low], crossing.clock)
    expect([zone.code, zone.json.failure.code]).toEqual([1, 'request-form'])
  })
})
