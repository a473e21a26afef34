import type { Fault } from './volume.ts'

/** A way in which a medium fails while it is written. */
export interface WriteFault {
  readonly kind: string
  readonly what: string
  readonly faults: readonly Fault[]
  /** Bytes that the volume says are free. */
  readonly free?: number
  /** The failure's code, or the checks of which the read-back of a writing names one that ended well; `null`: no harm. */
  readonly said: string | readonly string[] | null
  /** What stays there because nothing can be removed any more. */
  readonly left?: 'part' | 'aside'
}

const fails = (call: string, errno: string, about: Partial<Fault> = {}): Fault => ({
  ...{ call, act: 'error', errno },
  ...about,
})
const part = '^bundle\\.tar'
const half = 100_000
/** The folder that is being written, and the root above it. */
const own = '\\.part$'
const root = '^$'
const last = '^SHA256SUMS\\.sig\\.bin'

const failed = (kind: string, what: string, ...faults: readonly Fault[]): WriteFault => ({
  ...{ kind, what, faults, said: 'medium-failed' },
})
const sticks = (kind: string, what: string, ...faults: readonly Fault[]): WriteFault => ({
  ...failed(kind, what, ...faults),
  left: 'part',
})
const gone = (what: string, fault: Omit<Fault, 'act'>): WriteFault =>
  sticks('taken away in mid-write', what, { ...fault, act: 'gone' })
const locked = (what: string, fault: Omit<Fault, 'act'>): WriteFault =>
  sticks('read-only from then on', what, { ...fault, act: 'readonly' })
const replaced = (by: NonNullable<Fault['by']>): WriteFault => ({
  kind: 'its folder replaced',
  what: `by a ${by}`,
  faults: [{ call: 'write', name: part, from: half, times: 1, act: 'replace', by }],
  said: 'target-changed',
  left: 'aside',
})
const lies = (kind: string, what: string, said: readonly string[], fault: Fault): WriteFault => ({
  ...{ kind, what, faults: [fault], said },
})
const slow = (what: string, fault: Fault): WriteFault => ({
  ...{ kind: 'slow, or in pieces', what, faults: [fault], said: null },
})

const full: readonly WriteFault[] = [
  { kind: 'full before', what: 'and says so', faults: [], free: 1_000_000, said: 'medium-full' },
  failed('full before', 'and takes no folder', fails('mkdir', 'ENOSPC')),
  failed('full before', 'and takes no file', fails('create', 'ENOSPC')),
  failed('full in the middle', 'of a part', fails('write', 'ENOSPC', { name: part, from: half })),
  failed('full in the middle', 'of medium.json', fails('write', 'ENOSPC', { name: '^medium\\.json' })),
  failed('full in the middle', 'of a part, by a quota', fails('write', 'EDQUOT', { name: part, from: half })),
  failed(
    'full in the middle',
    'before SHA256SUMS',
    fails('create', 'ENOSPC', { name: '^SHA256SUMS\\.[0-9a-f]' }),
  ),
  failed('full late', 'when a part is flushed', fails('fsync', 'ENOSPC', { name: part })),
  failed('full late', 'when a part is closed', fails('flush', 'ENOSPC', { name: part })),
  failed('full late', 'when the last file is flushed', fails('fsync', 'ENOSPC', { name: last })),
]

const broken: readonly WriteFault[] = [
  failed(
    'EIO on write',
    'once, in the middle of a part',
    fails('write', 'EIO', { name: part, from: half, times: 1 }),
  ),
  failed('EIO on write', 'at the first byte', fails('write', 'EIO', { name: part })),
  failed('EIO on write', 'of waybill.json', fails('write', 'EIO', { name: '^waybill\\.json' })),
  failed('EIO on write', 'of the last file', fails('write', 'EIO', { name: last })),
  failed('EIO on fsync', 'of a part, once', fails('fsync', 'EIO', { name: part, times: 1 })),
  failed('EIO on fsync', 'of the root, once it has its name', fails('fsyncdir', 'EIO', { name: root })),
  failed('EIO on fsync', 'of a part', fails('fsync', 'EIO', { name: part })),
  failed('EIO on fsync', 'of medium.json', fails('fsync', 'EIO', { name: '^medium\\.json' })),
  failed('EIO on fsync', 'of the folder', fails('fsyncdir', 'EIO', { name: own })),
  failed('EIO on fsync', 'of the folder, the last time', fails('fsyncdir', 'EIO', { name: own, skip: 8 })),
  failed('EIO on close', 'of a part', fails('flush', 'EIO', { name: part })),
  failed('EIO on close', 'of the last file', fails('flush', 'EIO', { name: last })),
  failed('EIO on another call', 'naming the folder', fails('rename', 'EIO', { name: own })),
  sticks(
    'EIO on another call',
    'nothing can be removed once it has its name',
    fails('fsyncdir', 'EIO', { name: root }),
    fails('unlink', 'EIO', { skip: 3 }),
  ),
  sticks(
    'EIO on another call',
    'nothing can be removed',
    fails('write', 'EIO', { name: part }),
    fails('unlink', 'EIO'),
  ),
  failed('EIO on another call', 'making the folder', fails('mkdir', 'EIO')),
  failed('EIO on another call', 'making a part', fails('create', 'EIO', { name: part })),
  failed('EIO on another call', 'naming a file', fails('rename', 'EIO', { name: '^medium\\.json' })),
  failed('EIO on another call', 'listing before the name', fails('readdir', 'EIO', { name: own, times: 1 })),
  failed(
    'EIO on another call',
    'listing after the name',
    fails('readdir', 'EIO', { name: '[0-9a-f]$', times: 1 }),
  ),
  failed('EIO on another call', 'looking at the folder', fails('getattr', 'EIO', { name: own })),
]

const away: readonly WriteFault[] = [
  gone('in the middle of a part', { call: 'write', name: part, from: half }),
  gone('in the middle of the small files', { call: 'create', name: '^VERIFY' }),
  gone('when a part is flushed', { call: 'fsync', name: part }),
  gone('when it gets its name', { call: 'rename', name: own }),
  locked('in the middle of a part', { call: 'write', name: part, from: half }),
  locked('when it gets its name', { call: 'rename', name: own }),
  locked('when a part is flushed', { call: 'fsync', name: part }),
  {
    ...locked('once it has its name: all is there', { call: 'fsyncdir', name: root }),
    said: null,
  },
  failed('read-only', 'from the start', { call: 'mkdir', act: 'readonly' }),
  failed('read-only', 'for this account', fails('mkdir', 'EACCES')),
  ...(['folder', 'link', 'file', 'fifo'] as const).map(replaced),
]

const lying: readonly WriteFault[] = [
  failed('loses what it renames', 'all of it', { call: 'rename', name: own, act: 'lose' }),
  lies('has room, and forgets', 'the end of a part', ['medium.part differs'], {
    ...{ call: 'write', name: part, from: half, act: 'forget' },
  }),
  lies('has room, and forgets', 'a piece of a part', ['content.blob content', 'medium.part damaged'], {
    ...{ call: 'write', name: part, skip: 1, times: 1, act: 'forget' },
  }),
  lies('writes other bytes', 'in a part', ['content.blob content', 'medium.part damaged'], {
    ...{ call: 'write', name: part, from: half, times: 1, act: 'flip' },
  }),
  lies('writes other bytes', 'in SHA256SUMS', ['medium.sums differs'], {
    ...{ call: 'write', name: '^SHA256SUMS\\.[0-9a-f]', act: 'flip' },
  }),
  slow('at each write', { call: 'write', act: 'slow', ms: 5 }),
  slow('pieces of each write', { call: 'write', act: 'short' }),
  slow('at each flush', { call: 'fsync', act: 'slow', ms: 30 }),
]

/** Every way in which the only medium of a bundle fails. */
export const writeFaults: readonly WriteFault[] = [...full, ...broken, ...away, ...lying]

/** The first two of each kind: what differs with several media is what is on record of them. */
export const firstFaults: readonly WriteFault[] = writeFaults.filter(
  (one) => writeFaults.filter(({ kind }) => kind === one.kind).indexOf(one) < 2,
)
