import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chainPem, makeAuthority, makeTimestampLeaf } from './pki/certificate.ts'

/** A timestamp authority that runs in openssl: its file of trusted roots, and timestamps over files. */
export interface OpensslTsa {
  readonly root: Buffer
  stamp(path: string): string
}

export function makeOpensslTsa(folder: string): OpensslTsa {
  const authority = makeAuthority({ name: 'timestamp root' })
  const leaf = makeTimestampLeaf(authority)
  const file = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }
  const key = file('tsa.key', leaf.key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  const chain = file('tsa.pem', chainPem(leaf.chain))
  const serial = file('tsa.serial', '01\n')
  const config = file(
    'tsa.cnf',
    `[tsa]\nserial = ${serial}\ndefault_policy = 1.2.3.4.1\ndigests = sha256, sha384, sha512\n` +
      'signer_digest = sha256\ness_cert_id_alg = sha256\nordering = yes\n',
  )
  const root = {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    timestampAuthorities: [
      {
        uri: 'https://tsa.test',
        certChain: { certificates: leaf.chain.map((one) => ({ rawBytes: one.toString('base64') })) },
        validFor: { start: '2020-01-01T00:00:00Z' },
      },
    ],
  }
  return {
    root: Buffer.from(JSON.stringify(root)),
    stamp(path) {
      const [query, reply] = [`${path}.tsq`, `${path}.tsr`]
      const run = (...words: string[]): Buffer => execFileSync('openssl', ['ts', ...words], { stdio: 'pipe' })
      run('-query', '-data', path, '-sha256', '-cert', '-out', query)
      const signer = ['-signer', chain, '-inkey', key, '-section', 'tsa', '-config', config]
      run('-reply', '-queryfile', query, ...signer, '-out', reply)
      if (readFileSync(reply).length === 0) throw new Error('no timestamp')
      return reply
    },
  }
}
