import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fetchManifest } from '../../../../main/oci/manifests.ts'
import { Registry } from '../../../../main/oci/registry.ts'
import { limits } from '../../../../main/platform/limits.ts'
import { openGate } from '../../../../main/platform/network.ts'
import { failureOf } from '../../../support/failure-of.ts'
import { sampleImage } from '../../../support/images.ts'
import { answer, TestRegistry } from '../../../support/registry.ts'

/*
 * What a client of registries must do, row by row: being sent on (RFC 9110, 15.4). Rows that are tested elsewhere:
 * - a blob's redirect carries no proof to another origin: test/unit/collect/hostile.test.ts “does not travel with a redirect …”
 * - no proof and no cookie, whatever is asked for: test/unit/platform/network.test.ts “asks for identity encoding and never sends …”
 * - never from https to http, never further in (loopback, link-local, private), by name or by lookup; a bound on their number:
 *   network.test.ts “follows a few redirects …”, “names that are looked up”, “zones”; behind a proxy: tunnel.test.ts
 * - no certificate of ours goes along: test/unit/oci/rows/tls.test.ts “is shown to no other host or port …”
 * - an address that was signed for one answer is not used again: test/unit/oci/rows/download.test.ts “is asked for at the registry …”
 * - 307 and 308 keep method and body, others write nothing: network.test.ts “sends on nothing that was written …”
 */

let registry: TestRegistry
let storage: TestRegistry
const sample = sampleImage()
beforeEach(async () => {
  registry = await new TestRegistry().open()
  storage = await new TestRegistry().open()
  storage.add('team/app', sample.content, { '1': sample.root })
})
afterEach(() => Promise.all([registry.close(), storage.close()]))

const right = `Basic ${Buffer.from('agent:pw').toString('base64')}`
const fetched = () => {
  const rules = { hosts: 'any', plainHttp: [registry.host, storage.host], ca: {} } as const
  const credentials = { [registry.host]: { username: 'agent', password: 'pw' } }
  return fetchManifest(
    new Registry(registry.host, { gate: openGate(rules), rules, credentials }),
    'team/app',
    '1',
  )
}
const sending = (status: number, location: (path: string) => string): void => {
  registry.switches.push((request, response, path) => {
    if (request.headers.authorization === right) answer(response, status, { location: location(path) })
    else answer(response, 401, { 'www-authenticate': 'Basic realm="x"' })
    return true
  })
}

describe('being sent on, row by row', () => {
  it.each([301, 302, 303, 307, 308])(
    'a manifest may lie elsewhere too (%d), and what answers there gets no proof',
    async (status) => {
      // As S3 does: a signature in the address and a proof beside it are refused.
      storage.switches.push((request, response) => {
        if (request.headers.authorization === undefined) return false
        answer(response, 400)
        return true
      })
      sending(status, (path) => `${storage.origin}${path}?X-Amz-Signature=abc`)
      expect((await fetched()).digest).toBe(sample.root.digest)
      expect(storage.heard.map(({ path, authorization }) => [path, authorization])).toEqual([
        ['/v2/team/app/manifests/1?X-Amz-Signature=abc', undefined],
      ])
    },
  )

  it('to the same origin it keeps the proof', async () => {
    registry.add('team/app', sample.content, { '1': sample.root })
    registry.switches.push((request, response, path) => {
      if (request.headers.authorization !== right) {
        answer(response, 401, { 'www-authenticate': 'Basic realm="x"' })
        return true
      }
      if (!path.endsWith('/manifests/1')) return false
      answer(response, 307, { location: `/v2/team/app/manifests/${sample.root.digest}` })
      return true
    })
    expect((await fetched()).digest).toBe(sample.root.digest)
  })

  it('it goes round so often and no more', async () => {
    sending(307, (path) => path)
    expect((await failureOf(fetched())).code).toBe('redirect-refused')
    // The first was asked without a proof; then once, and once more for each hop.
    expect(registry.heard).toHaveLength(1 + 1 + limits.redirects)
  })

  it.each(['http://', 'http://[', 'ftp://127.0.0.1/x', 'file:///etc/passwd', 'http://a:b@127.0.0.1/'])(
    'to what is no address of a host, or has a password in it, it goes nowhere: %s',
    async (location) => {
      sending(307, () => location)
      expect(['redirect-refused', 'network-refused']).toContain((await failureOf(fetched())).code)
      expect(storage.heard).toEqual([])
    },
  )
})
