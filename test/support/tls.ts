import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TestCertificate {
  /** The authority, PEM. */
  readonly ca: string
  readonly cert: string
  readonly key: string
}

/** Makes a certificate authority and a certificate of it for names and addresses of this computer. */
export function testCertificate(
  names: readonly string[] = ['DNS:localhost', 'IP:127.0.0.1'],
): TestCertificate {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-tls-'))
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
  }
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  try {
    openssl(
      'req',
      '-x509',
      ...curve,
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-subj',
      '/CN=Test CA',
      '-days',
      '2',
    )
    openssl('req', ...curve, '-keyout', 'key.pem', '-out', 'req.pem', '-subj', '/CN=registry')
    writeFileSync(join(folder, 'ext'), `subjectAltName=${names.join(',')}\n`)
    const from = ['-in', 'req.pem', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'ext']
    openssl('x509', '-req', ...from, '-out', 'cert.pem', '-days', '2')
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
    return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
