import type { ReasonCode } from '../../../shared/reason.ts'
import { makeBundle, type BundlePlan } from '../authority/bundle.ts'
import { makeEntry, type TestLog } from '../authority/log.ts'
import { sharedKey } from '../authority/scheme.ts'
import { leafHash } from '../authority/tree.ts'
import { makeLeaf, minutes, moment, world, rootFrom, worldRoot } from '../authority/world.ts'
import { idOf, type LogPlan } from '../sigstore/documents.ts'
import { attack, paths, put, type Attack } from './attack.ts'

const { one, two, three } = world
const { entry, proof } = paths
const v1: BundlePlan = { form: '0.1', logs: [one] }

const setting = (path: string, value: unknown) => ({
  change: (json: Parameters<typeof put>[0]) => put(json, path, value),
})
const rootWith = (...logs: readonly LogPlan[]) => ({
  roots: [rootFrom(worldRoot((plan) => ({ ...plan, logs })))],
})
const otherLeaf = makeLeaf({ key: sharedKey('p256', 'another') })
const otherKey = sharedKey('p256', 'another')

const foreign = (name: string, code: ReasonCode, plan: BundlePlan, other: BundlePlan): Attack =>
  attack(
    name,
    code,
    plan,
    setting(entry, makeBundle({ ...plan, ...other }).json.verificationMaterial.tlogEntries[0]),
  )

/** Entries about something else. */
const others: readonly Attack[] = [
  foreign('CVE-2022-23649: the entry of another signature, v2', 'log.other-signature', {}, {}),
  foreign('CVE-2022-23649: the entry of another signature, v1', 'log.other-signature', v1, {}),
  foreign(
    'CVE-2022-23649: the entry of another file',
    'log.other-content',
    {},
    { artifact: Buffer.from('another') },
  ),
  foreign(
    'CVE-2022-23649: the entry of another envelope',
    'log.other-content',
    { content: 'envelope' },
    { payload: Buffer.from('{}') },
  ),
  ...(['message', 'envelope'] as const).flatMap((content) =>
    [two, one].map((log) =>
      attack(
        `CVE-2026-22703: equal digest and signature, another signer (${content}, ${log.style})`,
        'log.other-signer',
        { content, logs: [log], stated: { verifier: { der: otherLeaf.der, isCertificate: true } } },
      ),
    ),
  ),
  attack('CVE-2026-22703: a key instead of the certificate of that key', 'log.other-signer', {
    stated: { verifier: { der: sharedKey('p256').spki, isCertificate: false } },
  }),
  attack('CVE-2026-22703: equal digest, key and signature of another', 'log.other-signature', {
    signer: 'key',
    stated: { signature: Buffer.from('another'), verifier: { der: otherKey.spki, isCertificate: false } },
  }),
  attack('a log entry about a file under an envelope’s name', 'log.kind', {
    entryKind: 'dsse 0.0.1',
    logs: [one],
  }),
  attack('intoto 0.0.1: only the hash of an envelope that nobody has', 'log.other-content', {
    content: 'envelope',
    entryKind: 'intoto 0.0.1',
    logs: [one],
  }),
  attack(
    'intoto 0.0.1: the hash of another envelope',
    'log.other-content',
    { content: 'envelope', entryKind: 'intoto 0.0.1', logs: [one] },
    { ask: { rawEnvelope: Buffer.from('{}') } },
  ),
  attack('another kind named beside the entry', 'log.kind', {}, setting(`${entry}.kindVersion.kind`, 'dsse')),
  attack(
    'another version named beside the entry',
    'log.kind',
    {},
    setting(`${entry}.kindVersion.version`, '0.0.1'),
  ),
  attack('a kind that is not known', 'log.kind', {}, setting(`${entry}.kindVersion.kind`, 'rekord')),
  attack(
    'a kind of the name of a method',
    'log.kind',
    {},
    setting(`${entry}.kindVersion`, { kind: 'constructor', version: '' }),
  ),
]

const body = (name: string, change: (text: string) => string | Buffer): Attack =>
  attack(name, 'log.body', { body: (own) => Buffer.from(change(own.toString('utf8'))) })

/** Entries that the log really holds, and that programs read differently. */
const bodies: readonly Attack[] = [
  body('a body that is not JSON', () => 'x'),
  body('an empty body', () => ''),
  body('a name twice in the body', (text) => text.replace('"kind":', '"kind":"dsse","kind":')),
  body('an unknown field in the body', (text) => text.replace('"spec":{', '"spec":{"more":1,')),
  body('bytes after the body', (text) => `${text}x`),
  body('base64 with spare bits in the body', (text) => text.replace(/"digest":"[^"]*"/, '"digest":"QR=="')),
  body('a digest by SHA-1', (text) => text.replace('SHA2_256', 'SHA1')),
  body('a key and a certificate', (text) =>
    text.replace('"verifier":{', '"verifier":{"publicKey":{"rawBytes":"AA=="},'),
  ),
  body('a million values', (text) => text.replace('"spec":{', `"spec":{"a":[${'0,'.repeat(1_000_000)}0],`)),
  attack('no key and no certificate', 'log.body', {
    body: (own) => {
      const text = own.toString('utf8').replace(/,"x509Certificate":\{[^}]*\}/, '')
      return Buffer.from(text)
    },
  }),
  attack('two certificates in one PEM', 'log.body', {
    ...v1,
    body: (own) =>
      Buffer.from(
        own
          .toString('utf8')
          .replace(/("content":")([^"]*)("\})/, (_, before: string, text: string, after: string) => {
            const pem = Buffer.from(text, 'base64').toString('latin1')
            return `${before}${Buffer.from(pem + pem).toString('base64')}${after}`
          }),
      ),
  }),
  attack('intoto 0.0.2: a signature that is not base64 in base64', 'log.body', {
    content: 'envelope',
    entryKind: 'intoto 0.0.2',
    logs: [one],
    body: (own) => Buffer.from(own.toString('utf8').replace(/"sig":"[^"]*"/, '"sig":"IQ=="')),
  }),
]

const hash = leafHash(Buffer.from('x')).toString('base64')
const proven = (name: string, code: ReasonCode, path: string, value: unknown): Attack =>
  attack(name, code, {}, setting(`${proof}.${path}`, value))

/** Proofs of inclusion. */
const proofs: readonly Attack[] = [
  proven('signing.md 3.4: another root', 'log.proof-bad', 'rootHash', hash),
  proven('a root of another length', 'log.proof-bad', 'rootHash', 'AAAA'),
  proven('another size of the tree', 'log.proof-bad', 'treeSize', '500'),
  proven('signing.md 3.4: another size that the proof fits too', 'log.root-differs', 'treeSize', '10'),
  proven('a tree without entries', 'log.proof-bad', 'treeSize', '0'),
  proven('a tree of 2^53 entries', 'log.proof-bad', 'treeSize', '9007199254740991'),
  proven('an index outside the tree', 'log.index', 'logIndex', '9'),
  proven('the proof of another index', 'log.index', 'logIndex', '4'),
  attack(
    'the proof of another index, named twice',
    'log.proof-bad',
    {},
    {
      change: (json) => {
        put(json, `${entry}.logIndex`, '4')
        put(json, `${proof}.logIndex`, '4')
      },
    },
  ),
  attack('the index of v1 in an entry of v2', 'log.index', {}, setting(`${entry}.logIndex`, '1000005')),
  proven('no hashes', 'log.proof-bad', 'hashes', []),
  proven('65 hashes', 'bundle.shape', 'hashes', Array(65).fill(hash)),
  proven('64 hashes', 'log.proof-bad', 'hashes', Array(64).fill(hash)),
  proven('hashes of 31 bytes', 'log.proof-bad', 'hashes', Array(4).fill(Buffer.alloc(31).toString('base64'))),
  attack(
    'one hash more',
    'log.proof-bad',
    {},
    {
      change: (json) => void json.verificationMaterial.tlogEntries[0]?.inclusionProof?.hashes.push(hash),
    },
  ),
  attack(
    'a body that the proof is not of',
    'log.proof-bad',
    {},
    {
      change: (json) => {
        const [first] = json.verificationMaterial.tlogEntries
        const text = Buffer.from(first?.canonicalizedBody ?? '', 'base64').toString('utf8')
        put(json, `${entry}.canonicalizedBody`, Buffer.from(`${text} `).toString('base64'))
      },
    },
  ),
  proven('an empty head', 'log.proof-missing', 'checkpoint.envelope', ''),
  attack(
    'an empty head beside a promise, from version 0.2',
    'log.proof-missing',
    { form: '0.2', logs: [one] },
    setting(`${proof}.checkpoint.envelope`, ''),
  ),
  attack(
    'no proof beside a promise, from version 0.2',
    'log.proof-missing',
    { form: '0.3', logs: [one] },
    setting(proof, null),
  ),
]

/** Promises of Rekor v1 (SET). */
const promises: readonly Attack[] = [
  attack(
    'signing.md 3.4: another index than promised',
    'log.promise-bad',
    v1,
    setting(`${entry}.logIndex`, '7'),
  ),
  attack(
    'another time than promised',
    'log.promise-bad',
    v1,
    setting(`${entry}.integratedTime`, String(minutes(1).getTime() / 1000)),
  ),
  attack('sigstore-rust#160: a time that fits, by a promise that is not the log’s', 'log.promise-bad', {
    ...v1,
    entry: { promiseKey: sharedKey('p256', 'another') },
  }),
  attack('a promise over another body', 'log.promise-bad', { ...v1, entry: { promised: { body: 'AA==' } } }),
  attack('a promise over another log', 'log.promise-bad', { ...v1, entry: { promised: { logID: '00' } } }),
  attack('a promise with a field more', 'log.promise-bad', { ...v1, entry: { promised: { more: 1 } } }),
  attack(
    'no promise in version 0.1',
    'log.promise-missing',
    v1,
    setting(`${entry}.inclusionPromise`, undefined),
  ),
  attack(
    'the promise taken away, the time kept',
    'log.index',
    { form: '0.3', logs: [one] },
    setting(`${entry}.inclusionPromise`, undefined),
  ),
  attack(
    'an empty promise',
    'log.promise-bad',
    v1,
    setting(`${entry}.inclusionPromise`, { signedEntryTimestamp: '' }),
  ),
]

const ended = minutes(-60).toISOString()
const began = minutes(60).toISOString()
const sameOperator = (...logs: readonly TestLog[]) =>
  rootWith(...logs.map((log) => ({ ...log, operator: 'one company' })))
const nobody = (...logs: readonly TestLog[]) =>
  rootWith(...logs.map(({ url, key, origin }) => ({ url, key, origin })))
const twice: BundlePlan = { logs: [two, two] }

/** Which logs count, and when. */
const logs: readonly Attack[] = [
  attack('no log', 'log.none', { logs: [] }),
  attack('a log nobody knows', 'log.unknown', {}, { ask: rootWith(one) }),
  attack('no log in the trusted root', 'log.unknown', {}, { ask: rootWith() }),
  attack(
    'a log whose key is too weak to be taken',
    'log.unknown',
    { logs: [{ ...two, key: sharedKey('rsa1024') }] },
    { ask: rootWith({ ...two, key: sharedKey('rsa1024') }) },
  ),
  attack(
    'an entry under the id of another known log',
    'checkpoint.origin',
    {},
    setting(`${entry}.logId.keyId`, idOf({ key: three.key }).toString('base64')),
  ),
  attack('CVE-2026-49834: one log twice where two are asked for', 'bundle.twice', twice, {
    ask: { logs: 2 },
  }),
  attack(
    'one log at two places where two are asked for',
    'log.none',
    {},
    {
      ask: { logs: 2 },
      change: ({ verificationMaterial: { tlogEntries } }) =>
        void tlogEntries.push(
          ...tlogEntries.map(({ canonicalizedBody, kindVersion }) =>
            makeEntry(two, {
              ...kindVersion,
              body: Buffer.from(canonicalizedBody, 'base64'),
              at: moment,
              before: 7,
            }),
          ),
        ),
    },
  ),
  attack(
    'sigstore-js#1702: the same entry twice where two are asked for',
    'bundle.twice',
    {},
    {
      ask: { logs: 2 },
      change: (json) =>
        void json.verificationMaterial.tlogEntries.push(...json.verificationMaterial.tlogEntries),
    },
  ),
  attack(
    'CVE-2026-49834: two logs of one operator where two are asked for',
    'log.none',
    { logs: [two, three] },
    { ask: { logs: 2, ...sameOperator(two, three) } },
  ),
  attack(
    'two logs that do not say who runs them where two are asked for',
    'log.none',
    { logs: [two, three] },
    { ask: { logs: 2, ...nobody(two, three) } },
  ),
  attack(
    'a good entry beside a false one',
    'log.other-signature',
    { logs: [two, three] },
    {
      change: (json) =>
        put(
          json,
          'verificationMaterial.tlogEntries.1',
          makeBundle({ logs: [three] }).json.verificationMaterial.tlogEntries[0],
        ),
    },
  ),
  attack(
    'CVE-2026-54787: a retired key of a log, v2',
    'log.window',
    {},
    { ask: rootWith({ ...two, end: ended }) },
  ),
  attack(
    'CVE-2026-54787: a key that counts later, v2',
    'log.window',
    {},
    { ask: rootWith({ ...two, start: began }) },
  ),
  attack('CVE-2026-54787: a retired key of a log, v1', 'log.window', v1, {
    ask: rootWith({ ...one, end: ended }),
  }),
  attack(
    'CVE-2026-54787: a retired key, and no time to say when',
    'log.window',
    { signer: 'key', stamps: [] },
    { ask: { times: 0, ...rootWith({ ...two, end: ended }) } },
  ),
]

/** Entries of transparency logs. */
export const logAttacks: readonly Attack[] = [...others, ...bodies, ...proofs, ...promises, ...logs]
