import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sallyport } from '../support/command-line.ts'

/* Bare signatures as people have them (case A5 of the field): proven, or named for what they are; never called false. */

const field = join(import.meta.dirname, '..', '..', '..', 'shared', 'fixtures', 'field')
const at = (path: string): string => join(field, path)

async function asked(file: string, key: string, signature: string): Promise<unknown[]> {
  const words = ['verify-file', at(file), '--key', at(key), '--signature', at(signature)]
  const { code, json } = await sallyport(words)
  const reason = json['reason'] as { code: string; kind: string; found: string } | null
  return reason === null ? [code] : [code, reason.code, reason.kind, reason.found.split(';')[0]]
}

describe.skipIf(!existsSync(field))('a genuine bare signature from the field', () => {
  it.each([
    ['cosign-old/rel.bin', 'cosign-old/cosign.pub', 'cosign-old/rel.bin.sig'],
    ['keys/rel.bin', 'keys/ec.pub', 'keys/rel.bin.sig'],
    ['keys/rel.bin', 'keys/ec.pub', 'keys/rel-wrapped.b64.sig'],
    ['keys/rel.bin', 'keys/ec.pub', 'keys/rel.ec.sig'],
    ['keys/rel.bin', 'keys/ec.pub', 'keys/rel.ec-sha384.sig'],
    ['keys/rel.bin', 'keys/ec.pub', 'keys/rel.ec-sha512.sig'],
    ['keys/rel.bin', 'keys/rsa.pub', 'keys/rel.rsa.sig'],
    ['keys/rel.bin', 'keys/rsa.pub', 'keys/rel.rsa384.sig'],
    ['keys/rel.bin', 'keys/rsa.pub', 'keys/rel.rsa512.sig'],
    ['keys/rel.bin', 'keys/rsa.pub', 'keys/rel.rsapss.sig'],
    ['keys/rel.bin', 'keys/rsa.pub', 'keys/rel.rsapss-max.sig'],
    ['keys/rel.bin', 'keys/ed.pub', 'keys/rel.ed.sig'],
  ])('%s, %s, %s: proven', async (file, key, signature) => {
    expect(await asked(file, key, signature)).toEqual([0])
  })

  it.each([
    ['foreign/rel.asc', 'an OpenPGP signature'],
    ['foreign/rel.p7s', 'a CMS signature (PKCS#7)'],
    ['foreign/dsse.intoto.jsonl', 'a DSSE envelope, which signs a statement of its own and not the file'],
    ['cosign-old/old.bundle', 'cosign’s older bundle'],
    ['cosign-old/new.sigstore.json', 'a Sigstore bundle'],
  ])('%s: named', async (signature, what) => {
    expect(await asked('foreign/rel.bin', 'keys/ec.pub', signature)).toEqual([
      3,
      'signature.form',
      'unknown',
      what,
    ])
  })

  it('one by another key is not called forged', async () => {
    expect((await asked('keys/rel.bin', 'keys/ec.pub', 'keys/rel.rsa.sig')).slice(0, 3)).toEqual([
      3,
      'signature.no-fit',
      'unknown',
    ])
  })
})
