import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testClock } from '../support/command-line.ts'
import { makeCrossing, type Crossing } from '../support/desks.ts'
import { hasDockerRegistry, startDockerRegistry } from '../support/docker-registry.ts'
import { buildPrograms, missingPrograms, programPath } from '../support/go-programs.ts'
import { acceptedImage, allowRegistry, exportTo, landingKey } from '../support/landing.ts'
import type { ServedRegistry } from '../support/served-registry.ts'

/* What lands is verified by cosign itself, with the landing key alone: as referrers, and at the older tags. */

const lacks = missingPrograms(['cosign']) ?? (hasDockerRegistry ? null : 'docker-registry is not installed')

describe.skipIf(lacks !== null)(`cosign verifies what landed (${lacks ?? 'cosign, docker-registry'})`, () => {
  let crossing: Crossing
  let registry: ServedRegistry
  let key: string
  let id: string
  let reference: string
  let digests: string[]
  beforeAll(async () => {
    buildPrograms(['cosign'])
    crossing = await makeCrossing(testClock(new Date().toISOString()))
    registry = await startDockerRegistry()
    await allowRegistry(crossing, registry.host)
    key = await landingKey(crossing)
    const made = await acceptedImage(crossing)
    id = made.id
    digests = [made.sample.root.digest, made.sample.amd64.digest]
    await exportTo(crossing, id, `${registry.host}/apps`)
    reference = `${registry.host}/apps/app`
  }, 600_000)
  afterAll(async () => {
    await registry.close()
    await crossing.dispose()
  })

  const cosign = (...words: string[]) => {
    const { status, stderr, stdout } = spawnSync(programPath('cosign'), words, {
      encoding: 'utf8',
      env: { ...process.env, HOME: crossing.folder, COSIGN_EXPERIMENTAL: '0' },
    })
    return { ok: status === 0, said: `${stderr}${stdout}`.slice(-2000) }
  }
  const plain = ['--insecure-ignore-tlog=true', '--allow-insecure-registry', '--allow-http-registry']

  it.each([
    ['as a referrer', ['--new-bundle-format=true']],
    ['at the older tag', ['--new-bundle-format=false']],
  ])('the seal of the index and of each platform, %s', (_, form) => {
    for (const digest of digests)
      expect(cosign('verify', '--key', key, ...plain, ...form, `${reference}@${digest}`)).toMatchObject({
        ok: true,
      })
  })

  it.each([
    ['as a referrer', ['--new-bundle-format=true']],
    ['at the older tag', ['--new-bundle-format=false']],
  ])('the summary of the index and of each platform, %s', (_, form) => {
    const type = ['--type', 'https://slsa.dev/verification_summary/v1']
    for (const digest of digests)
      expect(
        cosign('verify-attestation', '--key', key, ...type, ...plain, ...form, `${reference}@${digest}`),
      ).toMatchObject({ ok: true })
  })
})
