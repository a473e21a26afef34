import { execFileSync, spawnSync } from 'node:child_process'
import { appendFile, cp, mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { done, printed, sallyport, type Ended } from '../support/command-line.ts'
import { decideBoth, makeCrossing, release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'
import { everyFile } from '../support/every-file.ts'
import { sampleImage } from '../support/images.ts'

/* Accepted content goes out again on a medium: as files, with what this station says of them, and read back. */

let crossing: Crossing
let id = ''
let stick = ''
const files = { 'notes.txt': 'some notes\n', 'empty.bin': '' }

beforeAll(async () => {
  crossing = await makeCrossing()
  const request = join(crossing.folder, 'request')
  await mkdir(request, { recursive: true })
  for (const [name, text] of Object.entries(files)) await writeFile(join(request, name), text)
  const { content, root } = sampleImage()
  await content.writeLayout(join(request, 'app'), [{ named: root, tag: 'v1' }])
  const items = [...Object.keys(files).map((name) => `file: ${name}`), 'image: oci:./app:v1']
  const sent = await release(crossing, await writeRequest(crossing, items))
  const verified = await done(
    ['verify', await writeTo(crossing, sent, 'medium'), '--desk', crossing.high],
    crossing.clock,
  )
  id = verified.id
})
afterAll(() => crossing.dispose())
let sticks = 0
beforeEach(async () => {
  sticks += 1
  stick = join(crossing.folder, `stick-${sticks}`)
  await mkdir(stick)
})

const onHigh = (...words: string[]): Promise<Ended> =>
  sallyport([...words, '--desk', crossing.high], crossing.clock)
const out = (...words: string[]): Promise<Ended> => onHigh('export', id, '--to', `medium:${stick}`, ...words)
async function outFolder(): Promise<string> {
  const [name = '', ...more] = await readdir(stick)
  expect(more).toEqual([])
  return join(stick, name)
}
const failing = ({ json }: Ended): string[] =>
  json.checks.filter(({ result }) => result === 'fail').map((one) => `${one.id} ${one.subject}: ${one.found}`)

describe('accepted content on a medium', () => {
  it('is not written before two people accepted it', async () => {
    expect((await out()).json.failure.code).toBe('consignment-state')
    expect(await readdir(stick)).toEqual([])
    await decideBoth(crossing, id, 'accept')
  })

  it('lies as files, under a list that openssl and sha256sum check, and is on the record', async () => {
    const { code, json } = await out()
    expect(code).toBe(0)
    const folder = await outFolder()
    expect((await readdir(folder)).sort()).toEqual(
      [
        'SHA256SUMS',
        'SHA256SUMS.sig.bin',
        'VERIFY.txt',
        'content',
        'export.json',
        'export.sigstore.json',
        'station.pub',
      ].sort(),
    )
    for (const [name, text] of Object.entries(files))
      expect(await readFile(join(folder, 'content', 'files', name), 'utf8')).toBe(text)
    const instructions = await readFile(join(folder, 'VERIFY.txt'), 'utf8')
    const commands = [...instructions.matchAll(/^ {2}((?:openssl|sha256sum|cut|diff|find) .*)$/gm)].map(
      ([, one = '']) => one,
    )
    expect(commands.length).toBe(6)
    const ran = commands
      .filter((one) => !/^(?:find|cut|diff)/.test(one))
      .map((one) => spawnSync('sh', ['-c', one], { cwd: folder, encoding: 'utf8' }))
    expect(ran.map(({ status }) => status)).toEqual([0, 0, 0])
    expect(instructions).toContain(ran[0]?.stdout.slice(0, 64))
    const lists = ['find', 'cut', 'diff'].map((name) => commands.find((one) => one.startsWith(name)) ?? '')
    const elsewhere = lists
      .join('\n')
      .replaceAll('> have', `> ${stick}-have`)
      .replaceAll('> want', `> ${stick}-want`)
      .replace('diff have want', `diff ${stick}-have ${stick}-want`)
    expect(spawnSync('sh', ['-e', '-c', elsewhere], { cwd: folder, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stdout: '',
    })
    const images = execFileSync(
      'skopeo',
      ['inspect', '--raw', `oci:${join(folder, 'content', 'images')}:app:v1`],
      { encoding: 'utf8' },
    )
    expect(JSON.parse(images)).toMatchObject({ manifests: expect.any(Array) as unknown })
    const shown = await onHigh('consignment', 'show', id)
    expect(shown.json['media']).toEqual([
      expect.objectContaining({
        copy: 1,
        state: 'written',
        readBack: null,
        folder: folder.split('/').at(-1),
      }),
    ])
    expect(json['target']).toBe(`medium:${folder}`)
  })

  it('lies as one OCI layout where that is asked for, as the next copy', async () => {
    expect((await out('--form', 'layout')).code).toBe(0)
    const folder = await outFolder()
    expect((await readdir(join(folder, 'content'))).sort()).toEqual(['blobs', 'index.json', 'oci-layout'])
    const record = JSON.parse(await readFile(join(folder, 'export.json'), 'utf8')) as object
    expect(record).toMatchObject({ format: 'sallyport.export-medium/v1', form: 'layout', copy: 2 })
  })

  it('is read back whole; then it has labels and a custody sheet, and before that it has none', async () => {
    const before = await onHigh('sheet', id, '--kind', 'label', '--out', join(crossing.folder, 'early.html'))
    expect(before.json.failure.code).toBe('consignment-state')
    await out()
    const read = await onHigh('readback', stick)
    expect([read.code, read.json.outcome]).toEqual([0, 'passed'])
    expect(read.json.notAsked.filter(({ reason }) => reason === 'no-bundle').map((one) => one.id)).toEqual([
      'medium.part',
      'content.layout',
      'content.blob',
    ])
    const shown = await onHigh('consignment', 'show', id)
    expect((shown.json['media'] as { readBack: string | null }[]).map(({ readBack }) => readBack)).toEqual([
      null,
      null,
      'passed',
    ])
    const label = join(crossing.folder, 'label.html')
    const custody = join(crossing.folder, 'custody.html')
    await done(['sheet', id, '--kind', 'label', '--out', label, '--desk', crossing.high], crossing.clock)
    await done(['sheet', id, '--kind', 'custody', '--out', custody, '--desk', crossing.high], crossing.clock)
    expect(await readFile(label, 'utf8')).toContain('Copy 3 of 3')
    const sheet = await readFile(custody, 'utf8')
    expect(sheet).toContain('______________________________')
    expect(sheet).not.toContain('notes.txt')
    const report = join(crossing.folder, 'report.html')
    await done(['report', id, '--format', 'html', '--out', report, '--desk', crossing.high], crossing.clock)
    expect(await readFile(report, 'utf8')).toContain((await outFolder()).split('/').at(-1) ?? '')
    expect(await printed(['readback', stick, '--desk', crossing.high], crossing.clock)).toContain('passed')
  })

  it.each([
    [
      'a file was changed',
      (folder: string) => appendFile(join(folder, 'content', 'files', 'notes.txt'), 'x'),
      /^medium\.file content\/files\/notes\.txt: sha256:/,
    ],
    [
      'a file is gone',
      (folder: string) => rm(join(folder, 'content', 'files', 'empty.bin')),
      /^medium\.set the folder: missing: content\/files\/empty\.bin$/,
    ],
    [
      'a file was added',
      (folder: string) => writeFile(join(folder, 'content', 'more'), ''),
      /^medium\.set the folder: not listed: content\/more$/,
    ],
    [
      'a link was added',
      (folder: string) => symlink('/etc/passwd', join(folder, 'content', 'link')),
      /^medium\.set the folder: not listed: content\/link$/,
    ],
    [
      'a file became a link',
      async (folder: string) => {
        const path = join(folder, 'content', 'files', 'notes.txt')
        await rm(path)
        await symlink(join(crossing.folder, 'request', 'notes.txt'), path)
      },
      /^medium\.file content\/files\/notes\.txt: /,
    ],
    [
      'the instructions were changed',
      (folder: string) => appendFile(join(folder, 'VERIFY.txt'), 'x'),
      /^medium\.sums SHA256SUMS: sha256:/,
    ],
    [
      'the sums were changed',
      (folder: string) => appendFile(join(folder, 'SHA256SUMS'), 'x'),
      /^medium\.sums SHA256SUMS: sha256:/,
    ],
    [
      'the signature is cut',
      (folder: string) => truncate(join(folder, 'SHA256SUMS.sig.bin'), 10),
      /^medium\.sums SHA256SUMS\.sig\.bin: another signature$/,
    ],
    [
      'the record was changed',
      (folder: string) => appendFile(join(folder, 'export.json'), ' '),
      /^medium\.record export\.json: a record that is not in this desk’s ledger/,
    ],
    [
      'the record’s signature is gone',
      (folder: string) => rm(join(folder, 'export.sigstore.json')),
      /^medium\.record export\.json: ENOENT/,
    ],
  ])('is no longer what was written where %s', async (_, change, said) => {
    await out()
    await change(await outFolder())
    const read = await onHigh('readback', stick)
    expect(read.code).toBe(3)
    expect(
      failing(read).some((line) => said.test(line)),
      failing(read).join('\n'),
    ).toBe(true)
  })

  it('is not read back as the medium of another desk, as a bundle, or where two lie side by side', async () => {
    await out()
    const folder = await outFolder()
    const low = await sallyport(['readback', stick, '--desk', crossing.low], crossing.clock)
    expect(low.json.failure.code).toBe('medium-nothing')
    expect((await onHigh('verify', stick)).json.failure.code).toBe('medium-nothing')
    await cp(folder, join(stick, 'sallyport-out-0123456789abcdef'), { recursive: true })
    expect((await onHigh('readback', stick)).json.failure.code).toBe('medium-ambiguous')
    expect((await onHigh('readback', join(crossing.folder, 'request'))).json.failure.code).toBe(
      'medium-nothing',
    )
  })

  it('is written to nothing that is taken, full, or no folder, and leaves nothing unfinished', async () => {
    await out()
    expect((await out()).json.failure.code).toBe('medium-exists')
    const nowhere = await onHigh('export', id, '--to', `medium:${join(stick, 'none')}`)
    expect(nowhere.json.failure.code).toBe('medium-missing')
    const inside = await onHigh('export', id, '--to', `medium:${crossing.high}`)
    expect(inside.json.failure.code).toBe('medium-inside-desk')
    const words = await onHigh('export', id, '--to', `dir:${join(stick, 'x')}`, '--form', 'layout')
    expect([words.code, words.json.failure.facts['found']]).toEqual([2, '--form is for --to medium:PATH.'])
    expect(await readdir(stick)).toEqual([(await outFolder()).split('/').at(-1)])
    expect((await everyFile(stick)).size).toBeGreaterThan(6)
  })
})
