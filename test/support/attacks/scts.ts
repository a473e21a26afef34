import { octets } from '../pki/der.ts'
import { extension, sctList } from '../pki/extensions.ts'
import { makeKey } from '../pki/key.ts'
import { logIdOf, makeSct } from '../pki/sct.ts'
import { minutes, moment, world, rootFrom, worldRoot } from '../authority/world.ts'
import type { LogPlan } from '../sigstore/documents.ts'
import { leafAttack, type Attack } from './attack.ts'

const log = world.certificateLog
const stranger = makeKey('p256')
const of = { body: Buffer.from('another certificate'), issuerSpki: world.codeSigner.key.spki }
const honest = (): Buffer => makeSct({ log, at: moment, of })
const bytes = (value: Buffer): Buffer => extension('1.3.6.1.4.1.11129.2.4.2', value)

const rootWith = (...ctLogs: readonly LogPlan[]) => ({
  roots: [rootFrom(worldRoot((plan) => ({ ...plan, ctLogs })))],
})
const known = { url: 'https://ct.test', key: log, operator: 'ct' }

/** Certificate timestamps (RFC 6962) that are missing, false or by somebody else. */
export const sctAttacks: readonly Attack[] = [
  leafAttack('no certificate timestamp', 'sct.none', { sct: null }),
  leafAttack('one by an unknown log', 'sct.none', { sct: { log: stranger } }),
  leafAttack('one by an unknown log that takes the name of a known one', 'sct.bad', {
    sct: { log: stranger, logId: logIdOf(log) },
  }),
  leafAttack('one over another certificate', 'sct.bad', { sct: { of } }),
  leafAttack('one over another issuer', 'sct.bad', { sct: { of: { ...of, issuerSpki: stranger.spki } } }),
  leafAttack('one over the whole certificate, as if it were not embedded', 'sct.bad', {
    sct: { of: { certificate: Buffer.from('x') } },
  }),
  leafAttack(
    'a log that counted before',
    'sct.none',
    {},
    rootWith({ ...known, end: minutes(-60).toISOString() }),
  ),
  leafAttack(
    'a log that counts later',
    'sct.none',
    {},
    rootWith({ ...known, start: minutes(60).toISOString() }),
  ),
  leafAttack('no certificate log in the trusted root', 'sct.none', {}, rootWith()),
  leafAttack('one operator where two are asked for', 'sct.none', {}, { scts: 2 }),
  leafAttack('a list that is cut off', 'sct.form', { scts: [bytes(octets(Buffer.from([0, 9, 0])))] }),
  leafAttack('a list with bytes after its end', 'sct.form', {
    scts: [sctList([Buffer.concat([honest(), Buffer.from([0])])])],
  }),
  leafAttack('two of one log', 'sct.form', { scts: [sctList([honest(), honest()])] }),
  leafAttack('a list of seventeen', 'sct.form', { scts: [sctList(Array.from({ length: 17 }, honest))] }),
  leafAttack('a list of another version', 'sct.form', {
    scts: [sctList([Buffer.concat([Buffer.from([1]), honest().subarray(1)])])],
  }),
  leafAttack('a time after the year 9999', 'sct.form', { sct: { at: new Date(8_000_000_000_000_000) } }),
  leafAttack('a digest that RFC 6962 does not know', 'sct.bad', {
    scts: [sctList([Buffer.from(honest().map((byte, n) => (n === 43 ? 2 : byte)))])],
  }),
]
