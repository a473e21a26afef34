import { cp, mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { flipBit } from '../media.ts'
import { damages, partOn, smallFiles, type Damage } from './damage.ts'
import type { Stage } from './stage.ts'
import type { Fault } from './volume.ts'

/** A way in which a medium is not, or cannot be read as, what was written. */
export interface ReadFault {
  readonly kind: string
  readonly what: string
  /** A failure's code, or checks of which one is among those that fail; `null`: it is read all the same. */
  readonly said: string | readonly string[] | null
  /** Changes a copy of the medium; gives the path that is read, where that is not its folder. */
  readonly change?: (folder: string, stage: Stage) => Promise<unknown>
  /** Whether that copy lies at the root of a file system. */
  readonly atRoot?: boolean
  /** Calls that fail while it is read. */
  readonly faults?: readonly Fault[]
}

/** What is said of a file that is not what was written. */
function saidOfFile(name: string, { kind, readable }: Damage): string {
  if (name.startsWith('bundle.tar')) return kind === 'bit rot' ? 'medium.part damaged' : 'medium.part differs'
  if (name.startsWith('SHA256SUMS')) return readable ? 'medium.sums differs' : 'medium.sums unreadable'
  if (name.startsWith('medium.')) return 'medium.record record'
  if (!name.startsWith('waybill.')) return readable ? 'medium.file differs' : 'medium.file unreadable'
  if (!readable) return 'signatures.form missing'
  return name === 'waybill.json' ? 'signatures.line altered' : 'signatures.form form'
}

const part = 'bundle.tar'
const onPart =
  (act: (path: string) => Promise<unknown>) =>
  async (folder: string): Promise<unknown> =>
    act(join(folder, await partOn(folder)))

const damaged = (name: string, damage: Damage): ReadFault => ({
  kind: damage.kind,
  what: `${name} ${damage.what}`.trim(),
  said: [saidOfFile(name, damage)],
  change: name === part ? onPart((path) => damage.act(path)) : (folder) => damage.act(join(folder, name)),
})

/** Every file of a medium, and everything that may become of it. */
export const everyDamage: readonly ReadFault[] = [...smallFiles, part].flatMap((name) =>
  damages.map((damage) => damaged(name, damage)),
)

const rotten = (what: string, at: (folder: string) => Promise<number>, said: string): ReadFault => ({
  ...{ kind: 'bit rot', what: `bundle.tar in ${what}`, said: [said, 'medium.part damaged'] },
  change: async (folder) => flipBit(join(folder, await partOn(folder)), await at(folder)),
})

/** A flipped bit wherever other things stand in the part. */
export const rottenPlaces: readonly ReadFault[] = [
  rotten('its first header', async () => 0, 'content.layout header'),
  rotten('its first content', async () => 600, 'content.blob content'),
  rotten(
    'the padding behind that',
    async (folder) => 512 + (await stat(join(folder, 'waybill.json'))).size,
    'content.layout padding',
  ),
  rotten('a content far behind', async () => 250_000, 'content.blob content'),
  rotten('the end', async () => -1024, 'content.layout end'),
  rotten('its last byte', async () => -1, 'content.layout end'),
]

type Change = NonNullable<ReadFault['change']>
const extra = (what: string, said: ReadFault['said'], change: Change, atRoot = false): ReadFault => ({
  ...{ kind: 'extra file', what, said, change, atRoot },
})

/** What lies there and was not written. */
export const strangers: readonly ReadFault[] = [
  extra('in the folder', ['medium.set set'], (folder) => writeFile(join(folder, 'setup.exe'), '')),
  extra('a folder in the folder', ['medium.set set'], (folder) => mkdir(join(folder, 'more'))),
  extra('a further part', ['medium.set set'], (folder) => writeFile(join(folder, 'bundle.tar.999'), 'x')),
  extra(
    'beside the folder',
    ['medium.beside not-listed'],
    (folder) => writeFile(join(folder, '..', 'a.inf'), ''),
    true,
  ),
  extra('a second bundle', 'medium-ambiguous', async (folder) => {
    await cp(folder, join(folder, '..', 'sallyport-0123456789abcdef'), { recursive: true })
    return dirname(folder)
  }),
  extra('only what was left unfinished', 'medium-nothing', async (folder) => {
    await rename(folder, `${folder}.part`)
    return dirname(folder)
  }),
]

const fails = (call: string, about: Partial<Fault> = {}): Fault => ({
  ...{ call, act: 'error', errno: 'EIO' },
  ...about,
})
const onRead = (what: string, said: string | null, fault: Fault, kind = 'EIO on read'): ReadFault => ({
  ...{ kind, what, faults: [fault] },
  said: said === null || !said.includes('.') ? said : [said, 'medium.part damaged', 'medium.part unreadable'],
})
const parts = '^bundle\\.tar'
const deep = 100_000
const away = 'taken away in mid-read'

/** Calls that fail while a medium is read. */
export const failingReads: readonly ReadFault[] = [
  onRead('of a part, from a place on', 'content.blob unreadable', fails('read', { name: parts, from: deep })),
  onRead('of a part, once', 'content.blob unreadable', fails('read', { name: parts, from: deep, times: 1 })),
  onRead('of a part, at its start', 'content.blob unreadable', fails('read', { name: parts })),
  onRead('of waybill.json', 'signatures.form missing', fails('read', { name: '^waybill\\.json' })),
  onRead('of the signatures', 'signatures.form missing', fails('read', { name: '^waybill\\.sig' })),
  onRead('of VERIFY.txt', 'medium.file unreadable', fails('read', { name: '^VERIFY' })),
  onRead('of medium.json', 'medium.record record', fails('read', { name: '^medium\\.json' })),
  onRead('of SHA256SUMS', 'medium.sums unreadable', fails('read', { name: '^SHA256SUMS$' })),
  onRead('opening a part', 'content.blob unreadable', fails('open', { name: parts })),
  onRead(
    'opening a part: not allowed',
    'content.blob unreadable',
    fails('open', { name: parts, errno: 'EACCES' }),
  ),
  onRead('looking at a part', 'medium.part differs', fails('getattr', { name: parts })),
  onRead('listing the root', 'file-unreadable', fails('readdir', { name: '^$' })),
  onRead('listing the folder', 'medium.set set', fails('readdir', { name: '^sallyport' })),
  onRead('looking at the root', 'file-unreadable', fails('getattr', { name: '^$' })),
  onRead('looking at the folder', 'file-unreadable', fails('getattr', { name: '^sallyport' })),
  onRead('closing a part', null, fails('flush', { name: parts })),
  onRead(
    'in the middle of a part',
    'content.blob unreadable',
    { call: 'read', name: parts, from: deep, act: 'gone' },
    away,
  ),
  onRead(
    'at medium.json',
    'medium.record record',
    { call: 'read', name: '^medium\\.json', act: 'gone' },
    away,
  ),
  onRead(
    'at the waybill',
    'signatures.form missing',
    { call: 'read', name: '^waybill\\.json', act: 'gone' },
    away,
  ),
  onRead('at once', 'file-unreadable', { call: 'readdir', act: 'gone' }, away),
  onRead(
    'of a part, once',
    'content.blob content',
    { call: 'read', name: parts, from: deep, times: 1, act: 'flip' },
    'reads other bytes',
  ),
  onRead(
    'of a part',
    'content.blob content',
    { call: 'read', name: parts, from: deep, act: 'flip' },
    'reads other bytes',
  ),
  onRead(
    'of the waybill',
    'signatures.line altered',
    { call: 'read', name: '^waybill\\.json', act: 'flip' },
    'reads other bytes',
  ),
  onRead('each read', null, { call: 'read', act: 'slow', ms: 5 }, 'slow, or in pieces'),
  onRead('pieces of each read', null, { call: 'read', act: 'short' }, 'slow, or in pieces'),
]
