import { createHash } from 'node:crypto'
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Digest } from '../../shared/digest.ts'
import { survey, type Found, type Ground } from '../../main/evidence/survey.ts'
import { parseManifest } from '../../main/oci/manifest.ts'
import { openLayout } from '../../main/oci/layout.ts'
import { ociIndex, ociManifest } from '../../main/oci/media-types.ts'
import { digestOf } from '../../main/platform/hash.ts'
import { JsonError, LongText, parseInPlace, parseStrict } from '../../main/platform/json.ts'
import { limits } from '../../main/platform/limits.ts'
import { digestOfEnvelope } from '../../main/sigstore/content.ts'
import { preAuthEncoding } from '../../main/sigstore/pae.ts'
import { SharedLayout } from '../../main/source/layout-evidence.ts'
import { makeBundle, verified, type BundlePlan } from '../support/authority/bundle.ts'
import { blobsOf } from '../support/attacks/evidence.ts'
import { sallyport } from '../support/command-line.ts'

/*
 * What somebody may cost who has proven nothing: each thing is looked at once, and what is signed is not parsed before
 * somebody known signed it. Work is counted, not timed; the figures are in test/bench/costs.ts.
 */

const none = { roots: [], keys: [] }
const config = {
  mediaType: 'application/vnd.oci.image.config.v1+json',
  digest: digestOf(Buffer.from('{}')),
  size: 2,
}

interface Named {
  readonly mediaType: string
  readonly digest: Digest
  readonly size: number
}

/** Manifests by digest, as a source has them, with a count of how often each was asked for. */
class Shelf {
  readonly bytes = new Map<Digest, Buffer>([[config.digest, Buffer.from('{}')]])
  asked = 0
  questions = 0

  put(document: object, mediaType: string): Named {
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...document }))
    this.bytes.set(digestOf(bytes), bytes)
    return { mediaType, digest: digestOf(bytes), size: bytes.length }
  }

  image(name = ''): Named {
    return this.put({ config, layers: [], annotations: { name } }, ociManifest)
  }

  index(manifests: readonly Named[]): Named {
    return this.put({ manifests }, ociIndex)
  }

  found({ mediaType, digest, size }: Named): Found {
    return {
      mediaType,
      digest,
      size,
      manifest: parseManifest(this.bytes.get(digest) ?? Buffer.alloc(0), mediaType),
    }
  }

  ground(evidence: (subject: Found) => Found[] = () => []): Ground {
    return {
      manifest: (named) => {
        this.asked += 1
        return Promise.resolve(this.found(named))
      },
      evidence: (subject) => {
        this.questions += 1
        return Promise.resolve({ evidence: evidence(subject), findings: [] })
      },
      blobs: blobsOf((digest) => this.bytes.get(digest) ?? Buffer.alloc(0)),
    }
  }

  async write(folder: string, entry: Named): Promise<string> {
    const blobs = join(folder, 'blobs', 'sha256')
    await mkdir(blobs, { recursive: true })
    await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
    const annotations = { 'org.opencontainers.image.ref.name': '1' }
    const index = { schemaVersion: 2, manifests: [{ ...entry, annotations }] }
    await writeFile(join(folder, 'index.json'), JSON.stringify(index))
    for (const [digest, bytes] of this.bytes) await writeFile(join(blobs, digest.slice(7)), bytes)
    return folder
  }
}

/** Indexes one in the other, each of which names the next 5,000 times. */
function bomb(shelf: Shelf, levels: number): Named {
  let named = shelf.image()
  for (let i = 0; i < levels; i += 1) named = shelf.index(Array.from({ length: 5000 }, () => named))
  return named
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-costs-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a survey of evidence', () => {
  it('asks for each manifest once, however often indexes name it', async () => {
    const shelf = new Shelf()
    const found = await survey(shelf.found(bomb(shelf, 7)), shelf.ground(), none)
    expect({ asked: shelf.asked, subjects: found.subjects.length, findings: found.findings }).toEqual({
      asked: 7,
      subjects: 8,
      findings: [],
    })
    expect(new Set(found.subjects).size).toBe(8)
  })

  it('stops at the levels of a graph, and says so once', async () => {
    const shelf = new Shelf()
    const found = await survey(shelf.found(bomb(shelf, 12)), shelf.ground(), none)
    expect(found.subjects).toHaveLength(limits.graphDepth)
    expect(found.findings).toEqual([`Not looked at: what is more than ${limits.graphDepth} levels below.`])
  })

  it('stops at so many images, and says so once', async () => {
    const shelf = new Shelf()
    const images = Array.from({ length: limits.imagesSurveyed + 5 }, (_, i) => shelf.image(String(i)))
    const halves = [shelf.index(images.slice(0, 600)), shelf.index(images.slice(600))]
    const found = await survey(shelf.found(shelf.index(halves)), shelf.ground(), none)
    expect([found.subjects.length, shelf.questions]).toEqual([limits.imagesSurveyed, limits.imagesSurveyed])
    expect(found.findings).toEqual([`Not looked at: more than ${limits.imagesSurveyed} images and indexes.`])
  })

  it('stops at so many pieces of evidence, and says so once', async () => {
    const shelf = new Shelf()
    const image = shelf.found(shelf.image())
    const pieces = Array.from({ length: 1000 }, (_, i) => shelf.found(shelf.image(String(i))))
    const ground = shelf.ground((subject) => (subject === image ? pieces : []))
    const found = await survey(image, ground, none)
    expect(found.others).toHaveLength(limits.evidencePerItem)
    expect(found.findings).toEqual([`Not looked at: more than ${limits.evidencePerItem} pieces of evidence.`])
  })

  it('of a layout on the command line ends, and its findings are told', async () => {
    const shelf = new Shelf()
    const layout = await shelf.write(join(folder, 'bomb'), bomb(shelf, 9))
    const ended = await sallyport(['evidence', `oci:${layout}:1`])
    expect(ended.code).toBe(5)
    expect(ended.json['subjects']).toHaveLength(limits.graphDepth)
    expect(ended.json['findings']).toEqual([expect.stringContaining('levels below') as string])
  })

  it('looks through a layout once for all that lie in it', async () => {
    const shelf = new Shelf()
    const [one, other] = [shelf.image('one'), shelf.image('other')]
    for (const subject of [one, other]) shelf.put({ config, layers: [], subject }, ociManifest)
    const opened = await openLayout(await shelf.write(join(folder, 'shared'), one), 'shared')
    let reads = 0
    const counted = Object.create(opened, {
      read: { value: (digest: Digest) => ((reads += 1), opened.read(digest)) },
    }) as typeof opened
    const shared = new SharedLayout(counted)
    for (const { digest } of [one, other, one]) expect(await shared.speakingFor(digest)).toHaveLength(1)
    expect(reads).toBe(shelf.bytes.size)
  })
})

describe('what nobody known signed is not parsed', () => {
  const statement = Buffer.from('{"_type":"https://in-toto.io/Statement/v1",')
  const bad = {
    changeSignature: (signature: Buffer) => Buffer.concat([signature.subarray(0, -1), Buffer.from([1])]),
  }
  const reason = async (plan: BundlePlan, ask = {}): Promise<string> => {
    const verdict = await verified(makeBundle({ content: 'envelope', ...plan }), ask)
    return verdict.ok ? 'accepted' : verdict.reason.code
  }

  it('a payload that is no JSON is told of only where the signature is good', async () => {
    expect(await reason({ payload: statement })).toBe('statement.form')
    expect(await reason({ payload: statement, ...bad })).toBe('signature.bad')
    expect(await reason({ payload: statement }, { roots: [] })).toMatch(/^(?:log|time)\./)
    expect(await reason({ payload: statement, signer: 'key', kind: 'p384', ...bad })).toBe('signature.bad')
  })

  it('counts the values of a statement before it makes the first of them', () => {
    const many = Buffer.from(`[${'0,'.repeat(2000)}x`)
    const nested = Buffer.from(`[${'[[[]]],'.repeat(2000)}x`)
    for (const bytes of [many, nested]) expect(() => parseStrict(bytes, 1000)).toThrow('too many values')
    const exact = Buffer.from(`[${'[ [], "[,{" ],'.repeat(249)}{"a":[]}]`)
    expect(() => parseStrict(exact, 750)).not.toThrow()
    expect(() => parseStrict(exact, 749)).toThrow('too many values')
  })

  it('leaves a long text where it stands, and takes none with escapes, no long name, no pile of texts', () => {
    const bounds = { values: 100, longText: 1000, texts: 10_000 }
    const read = (text: string): unknown => parseInPlace(Buffer.from(text), bounds)
    const bytes = Buffer.from(`{"a":"${'b'.repeat(5000)}","c":"d"}`)
    const { a, c } = parseInPlace(bytes, bounds) as { a: unknown; c: unknown }
    expect(c).toBe('d')
    expect(a).toBeInstanceOf(LongText)
    expect((a as LongText).bytes.buffer).toBe(bytes.buffer)
    expect((a as LongText).bytes.toString()).toBe('b'.repeat(5000))
    expect(() => read(`"${'\\u0041'.repeat(500)}"`)).toThrow(JsonError)
    expect(() => read(`{"${'a'.repeat(5000)}":1}`)).toThrow('a name that is too long')
    expect(() => read(`[${`"${'a'.repeat(900)}",`.repeat(20)}1]`)).toThrow('too much text')
  })

  it('an honest bundle with a payload of megabytes is taken, to the byte', async () => {
    const payload = (more: string): Buffer => {
      const { artifact } = makeBundle()
      const digest = { sha256: digestOf(artifact).slice(7) }
      return Buffer.from(
        JSON.stringify({
          _type: 'https://in-toto.io/Statement/v1',
          subject: [{ name: 'a', digest }],
          predicateType: 'https://example.com/p',
          predicate: more,
        }),
      )
    }
    const kinds = ['p256', 'p384', 'p521', 'rsa2048', 'ed25519'] as const
    for (const length of [3_000_000, 3_000_001, 3_000_002])
      for (const kind of kinds)
        expect([kind, await reason({ payload: payload('x'.repeat(length)), kind })]).toEqual([
          kind,
          'accepted',
        ])
    for (const kind of kinds) {
      const changeSignature = (signature: Buffer): Buffer =>
        Buffer.concat([signature.subarray(0, -1), Buffer.from([(signature.at(-1) ?? 0) ^ 1])])
      expect(await reason({ payload: payload('x'.repeat(3_000_000)), kind, changeSignature })).toBe(
        'signature.bad',
      )
    }
  })

  it('something large is hashed once, however many keys and entries ask for it', () => {
    const payload = Buffer.alloc(limits.introductionBytes + 1)
    const content = { kind: 'envelope', payload, payloadType: 'x', signature: Buffer.alloc(64) } as const
    const digest = digestOfEnvelope(content, 'message', 'sha256')
    expect(digestOfEnvelope(content, 'message', 'sha256')).toBe(digest)
    expect(digest).toEqual(createHash('sha256').update(preAuthEncoding('x', payload)).digest())
    expect(digestOfEnvelope({ ...content }, 'message', 'sha256')).not.toBe(digest)
    const whole = createHash('sha512').update(payload).digest()
    expect(digestOfEnvelope(content, 'payload', 'sha512')).toEqual(whole)
  })

  it('long base64 is as strict as short base64', async () => {
    const made = makeBundle({ content: 'envelope', payload: Buffer.alloc(1_000_001, 7) })
    const text = JSON.stringify(made.json)
    const code = async (write: (encoded: string) => string): Promise<string> => {
      const encoded = made.json.dsseEnvelope?.payload ?? ''
      const verdict = await verified(made, {}, Buffer.from(text.replace(encoded, write(encoded))))
      return verdict.ok ? 'accepted' : verdict.reason.code
    }
    expect(await code((same) => same)).toBe('statement.form')
    for (const write of [
      (same: string) => same.replace(/=+$/, ''),
      (same: string) => `${same.slice(0, 500_000)}!!!!${same.slice(500_000)}`,
      (same: string) => `${same.slice(0, 400_000)}-_-_${same.slice(400_004)}`,
      (same: string) => `${same.slice(0, 400_000)}====${same.slice(400_004)}`,
      (same: string) => `${same}AAAA`,
      (same: string) => `${same.slice(0, -4)}BR==`,
    ])
      expect(await code(write)).toBe('bundle.base64')
  })
})
