import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cosign, tokenFile } from '../support/sigstore/cosign.ts'
import { startPrivateSigstore, type PrivateSigstore } from '../support/sigstore/private-sigstore.ts'
import { missingPrograms } from '../support/go-programs.ts'

const missing = missingPrograms()
if (missing !== null) console.log(`Not run: interop with the servers of Sigstore, because ${missing}.`)

describe.skipIf(missing !== null)('the private Sigstore', () => {
  let sigstore: PrivateSigstore
  beforeAll(async () => {
    sigstore = await startPrivateSigstore()
  }, 900_000)
  afterAll(() => sigstore.close())

  it('is one that cosign signs with and verifies by', async () => {
    const { folder, issuer, trustedRootFile } = sigstore
    writeFileSync(join(folder, 'a.txt'), 'a\n')
    const token = tokenFile(folder, issuer.mint('email', { email: 'a@b.cc' }))
    const trust = ['--trusted-root', trustedRootFile, '--bundle', 'b.json']
    const config = ['--identity-token', token, '--signing-config', sigstore.signingConfigFile()]
    const made = await cosign(folder, ['sign-blob', '--yes', ...config, ...trust, 'a.txt'])
    expect(made).toMatchObject({ ok: true })
    const identity = ['--certificate-identity', 'a@b.cc', '--certificate-oidc-issuer', issuer.name('email')]
    expect(await cosign(folder, ['verify-blob', ...trust, ...identity, 'a.txt'], true)).toMatchObject({
      ok: true,
    })
    expect(await cosign(folder, ['verify-blob', ...trust, ...identity, 'b.json'])).toMatchObject({
      ok: false,
    })
  })
})
