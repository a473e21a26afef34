import { generateKeyPairSync, sign } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { listType, signList } from '../../main/landing/list.ts'
import { openStationKey } from '../../main/sign/key-file.ts'
import { lowS } from '../../main/sigstore/ecdsa.ts'
import { done } from '../support/command-line.ts'
import { makeCrossing, type Crossing } from '../support/desks.ts'
import { ask, descriptorOf, type Asked } from '../support/gate.ts'
import type { SampleImage } from '../support/images.ts'
import { acceptedImage, landingKey } from '../support/landing.ts'

/* The gate, asked by engines that lie, with lists, keys and states that somebody touched: one line of why, and no. */

let crossing: Crossing
let key: string
let pem: string
let file: string
let bytes: Buffer
let digest: string
let sample: SampleImage
let count = 0
let state = ''
const stranger = `sha256:${'a'.repeat(64)}`
const place = (name: string): string => join(crossing.folder, name)
beforeAll(async () => {
  crossing = await makeCrossing()
  key = await landingKey(crossing)
  sample = (await acceptedImage(crossing)).sample
  digest = sample.root.digest
  file = place('list.json')
  await done(['landing', 'list', '--desk', crossing.high, '--out', file], crossing.clock)
  bytes = readFileSync(file)
  const { key: shown } = await done(['landing', 'key', 'show', '--desk', crossing.high], crossing.clock).then(
    (said) => said as unknown as { key: { fingerprint: { hex: string } } },
  )
  pem = readFileSync(join(crossing.high, 'landing', `${shown.fingerprint.hex}.key`), 'utf8')
})
afterAll(() => crossing.dispose())
beforeEach(() => {
  crossing.clock.set('2026-11-22T09:30:00Z')
  state = place(`state-${(count += 1)}`)
})

const question = (more: Asked = {}): Asked => ({
  ...{ list: file, key, state, name: `registry.test/app@${digest}`, digest },
  ...more,
})
const seen = (): string => (existsSync(state) ? readFileSync(state, 'utf8') : '')
async function refused(more: Asked, why: RegExp | string): Promise<void> {
  const { code, line } = await ask(question(more), crossing.clock)
  expect(code).toBe(1)
  if (typeof why === 'string') expect(line).toBe(`refused: ${why}`)
  else expect(line).toMatch(why)
}
const admitted = async (more: Asked = {}): Promise<void> => {
  expect(await ask(question(more), crossing.clock)).toMatchObject({ code: 0 })
}

interface Parts {
  readonly site?: string
  readonly sequence?: number
  readonly made?: string
  readonly expires?: string
  readonly digests?: readonly string[]
}
/** A list by the landing key that says otherwise. */
async function listOf(parts: Parts, signer = openStationKey(pem)): Promise<string> {
  const made = await signList(signer, {
    ...{ format: 'sallyport.admitted/v1', site: crossing.highId, name: 'Delta-2', sequence: 1 },
    ...{ made: '2026-11-22T09:00:00Z', expires: '2026-12-22T09:00:00Z', digests: [digest] },
    ...parts,
  } as Parameters<typeof signList>[1])
  const path = place(`list-${(count += 1)}.json`)
  writeFileSync(path, made)
  return path
}
/** An envelope by the landing key over any payload. */
function enveloped(payload: string, more: object = {}, payloadType = listType, high = false): string {
  const body = Buffer.from(payload)
  const pae = Buffer.concat([
    Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${body.length} `),
    body,
  ])
  const keyid = openStationKey(pem).key.fingerprint
  let signature = sign('sha256', pae, pem)
  // Of the two forms that one signature has, the smaller is the standard one.
  while (lowS('p256', signature).equals(signature) === high) signature = sign('sha256', pae, pem)
  const sig = signature.toString('base64')
  const path = place(`list-${(count += 1)}.json`)
  const envelope = { payload: body.toString('base64'), payloadType, signatures: [{ keyid, sig }], ...more }
  writeFileSync(path, JSON.stringify(envelope))
  return path
}

describe('a list', () => {
  it('with a byte changed anywhere, cut anywhere, or with more after it', async () => {
    await admitted()
    for (let at = 0; at < bytes.length; at += 97) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      const path = place('changed.json')
      writeFileSync(path, changed)
      await refused({ list: path }, /^refused: the list does not count: /)
      writeFileSync(path, bytes.subarray(0, at))
      await refused({ list: path }, /^refused: /)
    }
    const path = place('longer.json')
    writeFileSync(path, Buffer.concat([bytes, bytes]))
    await refused({ list: path }, 'the list does not count: it is no signed list')
  })

  it('that is missing, a folder, a link, empty, or named twice', async () => {
    await refused({ list: place('none.json') }, /none\.json: ENOENT/)
    await refused({ list: crossing.folder }, /^refused: /)
    const link = place('link.json')
    symlinkSync(file, link)
    await refused({ list: link }, /^refused: .*link/)
    const empty = place('empty.json')
    writeFileSync(empty, '')
    await refused({ list: empty }, /no signed list/)
    await refused({ more: ['--list', file] }, '-list is given twice')
  })

  it('by another key, or checked by another, or by no key', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const by = openStationKey(other.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string)
    await refused({ list: await listOf({}, by) }, 'the list does not count: it is signed by another key')
    const pub = place('other.pub')
    writeFileSync(pub, other.publicKey.export({ type: 'spki', format: 'pem' }))
    await refused({ key: pub }, 'the list does not count: it is signed by another key')
    // The fingerprint of ours, the signature of another.
    const envelope = JSON.parse(readFileSync(await listOf({}, by), 'utf8')) as {
      signatures: { keyid: string }[]
    }
    envelope.signatures[0]!.keyid = openStationKey(pem).key.fingerprint
    const path = place('claimed.json')
    writeFileSync(path, JSON.stringify(envelope))
    await refused({ list: path }, 'the list does not count: its signature does not fit')
    for (const text of ['', 'x', readFileSync(key, 'utf8').slice(0, 90), pem]) {
      const bad = place('bad.pub')
      writeFileSync(bad, text)
      await refused({ key: bad }, /^refused: the key cannot be used: /)
    }
    await refused({ key: place('none.pub') }, /none\.pub: ENOENT/)
  })

  it('is asked about a name of any length that a name can have', async () => {
    const long = (length: number): string => `${'a'.repeat(length - digest.length - 1)}@${digest}`
    await admitted({ name: long(4096) })
    await refused({ name: long(4097) }, '-name is no name of an image')
  })

  it('that is signed and says something else than a list says', async () => {
    const honest = JSON.parse(
      Buffer.from((JSON.parse(bytes.toString()) as { payload: string }).payload, 'base64').toString(),
    ) as Record<string, unknown>
    const text = (value: object): string => JSON.stringify(value)
    for (const payload of [
      '',
      '[]',
      '{}',
      `${text(honest)} `,
      text({ ...honest, format: 'sallyport.admitted/v2' }),
      text({ ...honest, more: 1 }),
      text({ ...honest, digests: ['sha256:x'] }),
      text({ ...honest, sequence: 0 }),
      text({ ...honest, expires: 'never' }),
      text(honest).replace('{', '{"digests":[],'),
    ])
      await refused({ list: enveloped(payload) }, /^refused: the list does not count: it/)
    const payload = Buffer.from(
      (JSON.parse(bytes.toString()) as { payload: string }).payload,
      'base64',
    ).toString()
    await admitted({ list: enveloped(payload) })
    await refused({ list: enveloped(payload, {}, listType, true) }, /its signature does not fit/)
    await refused({ list: enveloped(payload, {}, 'application/vnd.in-toto+json') }, /no signed list/)
    await refused({ list: enveloped(payload, { signatures: [] }) }, /no signed list/)
    await refused({ list: enveloped(payload, { more: 1 }) }, /no signed list/)
  })

  it('on which the digest does not stand: also one that another platform or another list has', async () => {
    await refused({ digest: stranger, name: 'a' }, `${stranger} is not on list 1 of Delta-2`)
    const { digest: attestation } = sample.attestation
    await refused({ digest: attestation, name: 'a' }, `${attestation} is not on list 1 of Delta-2`)
    await refused({ list: await listOf({ digests: [] }) }, /is not on list 1/)
  })

  it('that expired, to the second; and one that is not made yet, by more than a clock may be behind', async () => {
    const short = await listOf({ expires: '2026-11-22T09:30:00Z' })
    crossing.clock.set('2026-11-22T09:29:30Z')
    await admitted({ list: short })
    crossing.clock.set('2026-11-22T09:30:01Z')
    await refused({ list: short }, 'list 1 expired at 2026-11-22T09:30:00Z')
    crossing.clock.set('2026-11-20T09:30:00Z')
    await admitted({ list: file })
    crossing.clock.set('2026-11-19T09:00:00Z')
    await refused(
      {},
      /^refused: list 1 was made at 2026-11-22T09:\S+, and the clock here says 2026-11-19T09:00/,
    )
    crossing.clock.set('2027-01-22T09:00:00Z')
    await refused({}, /^refused: list 1 expired at /)
  })

  it('older than one that was seen here, also when the newer one did not admit; the same again is none', async () => {
    const seven = await listOf({ sequence: 7 })
    const nine = await listOf({ sequence: 9, digests: [] })
    await admitted({ list: seven })
    await admitted({ list: seven })
    await refused({ list: nine }, /is not on list 9/)
    await refused({ list: seven }, 'list 7 is older than list 9, which was seen here')
    await refused({}, 'list 1 is older than list 9, which was seen here')
    // Without a state age alone is judged, and that is said.
    const without = await ask(question({ list: seven, state: null }), crossing.clock)
    expect(without).toMatchObject({ code: 0, line: expect.stringContaining('no state is kept') as string })
  })

  it('that expired before it was seen is not noted: nobody can shut a node with an old signature', async () => {
    const gone = await listOf({ sequence: 50, expires: '2026-11-22T09:00:01Z' })
    await refused({ list: gone }, /expired/)
    expect(seen()).toBe('')
    await admitted()
  })

  it('of another site than the node belongs to', async () => {
    await admitted()
    const before = seen()
    const other = await listOf({ site: 'b'.repeat(64), sequence: 99 })
    await refused(
      { list: other },
      `the list is of the site ${'b'.repeat(64)}, and this node belongs to ${crossing.highId}`,
    )
    expect(seen()).toBe(before)
    await admitted()
  })
})

describe('a state', () => {
  const line = (sequence: number, site = crossing.highId): string => JSON.stringify({ site, sequence })

  it('that cannot be read or written: nothing is admitted', async () => {
    const folder = place(`folder-${count}`)
    mkdirSync(folder)
    await refused({ state: folder }, /^refused: the state file cannot be read/)
    await refused(
      { state: join(place('nowhere'), 'state') },
      /^refused: the state file cannot be written: ENOENT/,
    )
    await refused({ state: '' }, /^refused: /)
    const link = place(`link-${count}`)
    symlinkSync(state, link)
    await refused({ state: link }, /^refused: the state file cannot be read/)
    expect(existsSync(state)).toBe(false)
    if (process.getuid?.() !== 0) {
      writeFileSync(state, '', { mode: 0o400 })
      chmodSync(state, 0o400)
      await refused({}, /^refused: the state file cannot be written/)
    }
  })

  it.each([
    ['that is no JSON', 'x\n'],
    ['with another field', '{"site":"SITE","sequence":1,"more":1}\n'],
    ['with a number that is none', '{"site":"SITE","sequence":"9"}\n'],
    ['with a number below one', '{"site":"SITE","sequence":0}\n'],
    ['with a field twice', '{"site":"SITE","sequence":9,"sequence":1}\n'],
    ['of a site that is none', '{"site":"x","sequence":1}\n'],
    ['of bytes that are no text', '\u0000\u0001\n'],
  ])('%s: nothing is admitted, and it stays as it is', async (_, text) => {
    writeFileSync(state, text.replace('SITE', crossing.highId))
    await refused({}, 'the state file holds something else than what was seen here')
    expect(seen()).toBe(text.replace('SITE', crossing.highId))
  })

  it('of several sites, or larger than it can be', async () => {
    writeFileSync(state, `${line(1)}\n${line(1, 'b'.repeat(64))}\n`)
    await refused({}, 'the state file names several sites')
    writeFileSync(state, `${line(1)}\n`.repeat(200_000))
    await refused({}, /^refused: the state file cannot be read/)
  })

  it('whose last line is torn counts without it, and is gone on with', async () => {
    for (const torn of ['{', line(9).slice(0, 40), line(9).slice(0, -1)]) {
      writeFileSync(state, `${line(1)}\n${torn}`)
      await admitted()
      await admitted({ list: await listOf({ sequence: 3 }) })
      expect(seen().endsWith(`\n${line(3)}\n`)).toBe(true)
      await refused({}, 'list 1 is older than list 3, which was seen here')
    }
  })

  it('in any order: the highest counts', async () => {
    writeFileSync(state, `\n${line(4)}\n\n${line(2)}\n`)
    await refused({}, 'list 1 is older than list 4, which was seen here')
    await refused({ list: await listOf({ sequence: 3 }) }, /older than list 4/)
    await admitted({ list: await listOf({ sequence: 4 }) })
  })
})

describe('a question', () => {
  it.each([
    [
      'is about something else',
      descriptorOf(stranger),
      /^refused: the descriptor says sha256:a+, not sha256:/,
    ],
    ['is missing', '', 'standard input holds no descriptor'],
    ['is no JSON', 'no', 'standard input holds no descriptor'],
    ['is a list', '[]', 'standard input holds no descriptor'],
    ['is null', 'null', 'standard input holds no descriptor'],
    ['has no digest', '{"mediaType":"a","size":1}', 'standard input holds no descriptor'],
    [
      'has a digest that is a number',
      '{"mediaType":"a","size":1,"digest":1}',
      'standard input holds no descriptor',
    ],
    ['is too large', `${' '.repeat(70_000)}{}`, 'standard input holds more than a descriptor'],
  ])('whose descriptor %s', async (_, input, why) => {
    await refused({ input }, why)
  })

  it('whose descriptor says what it is of, but not what that is or how large', async () => {
    for (const rest of [
      '"size":1',
      '"mediaType":1,"size":1',
      '"mediaType":"a"',
      '"mediaType":"a","size":"1"',
    ])
      await refused({ input: `{"digest":"${digest}",${rest}}` }, 'standard input holds no descriptor')
  })

  it('whose descriptor has a field twice, in whichever order, or bytes that are no text', async () => {
    for (const [first, second] of [
      [stranger, digest],
      [digest, stranger],
    ])
      await refused(
        { input: `{"mediaType":"a","size":1,"digest":"${first}","digest":"${second}"}` },
        'standard input holds no descriptor',
      )
    const broken = Buffer.concat([Buffer.from(descriptorOf(digest)), Buffer.from([0xff])])
    await refused({ input: broken }, 'standard input holds no descriptor')
    await refused({ input: `\ufeff${descriptorOf(digest)}` }, 'standard input holds no descriptor')
  })

  it('about standard input that is said to be something else', async () => {
    const type = 'application/vnd.oci.image.manifest.v1+json'
    await refused(
      { type },
      `standard input is said to hold ${type}, not application/vnd.oci.descriptor.v1+json`,
    )
    await refused({ type: '' }, /^refused: standard input is said to hold /)
    await admitted({ type: 'application/vnd.oci.descriptor.v1+json' })
  })

  it('whose name has another digest, or is none', async () => {
    await refused({ name: `registry.test/app@${stranger}` }, `-name says ${stranger}, not ${digest}`)
    await refused({ name: `registry.test/app@${digest}@${stranger}` }, /^refused: -name says /)
    await refused({ name: 'a\nb' }, '-name is no name of an image')
    await refused({ name: 'a\u202eb' }, '-name is no name of an image')
    await refused({ name: 'a'.repeat(5000) }, '-name is no name of an image')
    await refused({ name: '' }, '-name is missing')
  })

  it.each([
    ['sha512', `sha512:${'a'.repeat(128)}`],
    ['capitals', () => digest.toUpperCase()],
    ['less', () => digest.slice(0, -1)],
    ['more', () => `${digest}0`],
    ['spaces', () => ` ${digest}`],
    ['lines', () => `${digest}\n`],
  ] as const)('whose digest is none: %s', async (_, made) => {
    const other = typeof made === 'string' ? made : made()
    await refused({ digest: other, name: 'a' }, /^refused: -digest is no sha256 digest: /)
  })

  it('without an option, with one twice or without its value, or with words that nobody knows', async () => {
    for (const name of ['list', 'key', 'name', 'digest'] as const)
      await refused({ [name]: null, input: descriptorOf(digest) }, `-${name} is missing`)
    await refused({ more: ['-digest', stranger] }, '-digest is given twice')
    await refused({ more: [`--name=x`] }, '-name is given twice')
    await refused({ state: null, more: ['--state'] }, '-state needs a value')
    await refused({ more: ['--force'] }, 'there is no option --force')
    await refused({ more: ['yes'] }, 'there is no option yes')
    await refused({ more: ['---list', 'x'] }, 'there is no option ---list')
    await refused({ more: ['--json'] }, 'there is no option --json')
    await refused({ more: ['--help'] }, 'there is no option --help')
    await refused({ more: ['-h'] }, 'there is no option -h')
    await refused({ more: [`--x\n${'admitted: '.repeat(50)}`] }, /^refused: there is no option /)
  })
})
