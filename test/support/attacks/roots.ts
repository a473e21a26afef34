import { worldRoot, world } from '../authority/world.ts'
import { badRoot, type Attack } from './attack.ts'

const written = (change: (text: string) => string | Buffer) => (): Buffer => {
  const made = change(worldRoot().toString('utf8'))
  return typeof made === 'string' ? Buffer.from(made) : made
}
const rootOf = (name: string, start: string | undefined, end?: string): Attack =>
  badRoot(name, 'root.window', () => {
    const root = JSON.parse(worldRoot().toString('utf8')) as { tlogs: { publicKey: { validFor: object } }[] }
    const [log] = root.tlogs
    if (log !== undefined)
      log.publicKey.validFor = {
        ...(start === undefined ? {} : { start }),
        ...(end === undefined ? {} : { end }),
      }
    return Buffer.from(JSON.stringify(root))
  })

/** Trusted roots that must not be read. */
export const rootAttacks: readonly Attack[] = [
  badRoot(
    'a name twice',
    'root.json',
    written((text) => text.replace('"tlogs":', '"tlogs":[],"tlogs":')),
  ),
  badRoot(
    'bytes after the end',
    'root.json',
    written((text) => `${text}x`),
  ),
  badRoot(
    'a byte order mark',
    'root.json',
    written((text) => `\ufeff${text}`),
  ),
  badRoot(
    'nested 100,000 deep',
    'root.json',
    written(() => '['.repeat(100_000)),
  ),
  badRoot(
    'more than 1 MiB',
    'root.shape',
    written((text) => text + ' '.repeat(1024 * 1024)),
  ),
  badRoot(
    'an unknown field',
    'root.shape',
    written((text) => text.replace('{', '{"more":1,')),
  ),
  badRoot(
    'a name in other case',
    'root.shape',
    written((text) => text.replace('"tlogs"', '"TLogs"')),
  ),
  badRoot(
    'another media type',
    'root.shape',
    written((text) => text.replace('trustedroot.v0.2', 'trustedroot.v0.3')),
  ),
  badRoot(
    'no media type',
    'root.shape',
    written((text) => text.replace('"mediaType"', '"a"')),
  ),
  badRoot(
    'base64 with spare bits',
    'root.shape',
    written((text) => text.replace(/"keyId":"[^"]*"/, '"keyId":"QR=="')),
  ),
  badRoot(
    'a chain without certificates',
    'root.shape',
    written((text) => text.replace(/"certificates":\[[^\]]*\]/, '"certificates":[]')),
  ),
  badRoot(
    'a certificate that is none',
    'root.certificate',
    written((text) => text.replace(world.root.certificate.toString('base64'), 'QUFB')),
  ),
  badRoot(
    'a time that is none',
    'root.shape',
    written((text) => text.replace('2020-01-01T00:00:00Z', '2020-13-01T00:00:00Z')),
  ),
  badRoot(
    'a null in a list',
    'root.shape',
    written((text) => text.replace('"tlogs":[', '"tlogs":[null,')),
  ),
  badRoot(
    'a key that is null',
    'root.shape',
    written((text) => text.replace(/"rawBytes":"[^"]*"/, '"rawBytes":null')),
  ),
  badRoot(
    'a start that is null',
    'root.window',
    written((text) => text.replace('"start":"2020-01-01T00:00:00Z"', '"start":null')),
  ),
  rootOf('signing.md 1.2: no start: taken for the epoch by others', undefined),
  rootOf('only an end', undefined, '2030-01-01T00:00:00Z'),
  rootOf('an end before its start', '2030-01-01T00:00:00Z', '2020-01-01T00:00:00Z'),
]
