import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { hostsTold } from '../../main/collect/hosts.ts'
import { limits } from '../../main/platform/limits.ts'
import { done } from '../support/command-line.ts'
import { makeCrossing, writeRequest } from '../support/desks.ts'
import { sampleImage } from '../support/images.ts'
import { answer, TestRegistry } from '../support/registry.ts'
import { testCertificate } from '../support/tls.ts'

/* The record says whom a collect asked, also those that a registry named, and nothing of what proved us. */

it('every host that was asked stands in what people sign, without a secret', async () => {
  const tls = testCertificate()
  const crossing = await makeCrossing()
  const [registry, realm, storage] = await Promise.all([1, 2, 3].map(() => new TestRegistry(tls).open()))
  if (registry === undefined || realm === undefined || storage === undefined)
    throw new Error('There are three.')
  const { content, root } = sampleImage()
  registry.add('team/app', content, { '1': root })
  storage.add('team/app', content)
  realm.switches.push((_, response) => {
    answer(response, 200, {}, Buffer.from('{"token":"the-token"}'))
    return true
  })
  registry.switches.push((request, response, path) => {
    if (request.headers.authorization !== 'Bearer the-token')
      answer(response, 401, { 'www-authenticate': `Bearer realm="${realm.origin}/token"` })
    else if (path.includes('/blobs/'))
      answer(response, 307, { location: `${storage.origin}${path}?signed=the-secret` })
    else return false
    return true
  })
  const at = (name: string): string => join(crossing.folder, name)
  await writeFile(at('ca.pem'), tls.ca)
  const auth = Buffer.from('agent:the-password').toString('base64')
  await writeFile(at('auth.json'), JSON.stringify({ auths: { [registry.host]: { auth } } }))
  const cas = [registry, realm, storage].flatMap(({ host }) => ['--ca', `${host}=${at('ca.pem')}`])
  const request = await writeRequest(crossing, [`image: ${registry.host}/team/app:1`])
  const words = ['collect', request, '--desk', crossing.low, '--auth-file', at('auth.json'), ...cas]
  const { id, waybill: made } = await done(words, crossing.clock)
  const own = join(crossing.low, 'consignments', id)
  const collected = await readFile(join(own, 'collected.json'), 'utf8')
  const hosts = [registry, realm, storage].map(({ host }) => host).sort()
  expect((JSON.parse(collected) as { hosts: unknown }).hosts).toEqual(hosts)
  const waybill = JSON.parse(await readFile(join(own, `waybill-${made.slice(7, 23)}.json`), 'utf8')) as {
    attachments: { role: string; digest: string }[]
  }
  const digest = waybill.attachments.find(({ role }) => role === 'assessment')?.digest ?? ''
  const assessment = await readFile(join(crossing.low, 'store', 'blobs', 'sha256', digest.slice(7)), 'utf8')
  expect((JSON.parse(assessment) as { hosts: unknown }).hosts).toEqual(hosts)
  const shown = await done(['consignment', 'show', id, '--desk', crossing.low], crossing.clock)
  expect(shown['hosts']).toEqual(hosts)
  for (const secret of ['the-token', 'the-secret', 'the-password', auth])
    expect(collected + assessment).not.toContain(secret)
  await Promise.all([registry.close(), realm.close(), storage.close()])
  await crossing.dispose()
})

it('so many hosts and no more', () => {
  const many = Array.from({ length: limits.hostsAsked }, (_, i) => `r${i}.example`)
  expect(hostsTold(new Set(many))).toHaveLength(limits.hostsAsked)
  expect(() => hostsTold(new Set([...many, 'more.example']))).toThrow(
    expect.objectContaining({ code: 'too-many' }) as Error,
  )
})
