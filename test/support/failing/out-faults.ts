import type { Fault } from './volume.ts'
import type { WriteFault } from './write-faults.ts'

const fails = (call: string, errno: string, about: Partial<Fault> = {}): Fault => ({
  ...{ call, act: 'error', errno },
  ...about,
})
const content = '^large\\.bin'
const half = 100_000
const own = '\\.part$'
const root = '^$'
const last = '^SHA256SUMS\\.sig\\.bin'

const failed = (kind: string, what: string, fault: Fault, said = 'disk-failed'): WriteFault => ({
  ...{ kind, what, faults: [fault], said },
})
const full = (kind: string, what: string, fault: Fault): WriteFault => failed(kind, what, fault, 'disk-full')
const sticks = (kind: string, what: string, fault: Fault): WriteFault => ({
  ...failed(kind, what, fault),
  left: 'part',
})
const replaced = (by: NonNullable<Fault['by']>, said: string): WriteFault => ({
  ...failed('its folder replaced', `by a ${by}`, {
    ...{ call: 'write', name: content, from: half, times: 1, act: 'replace', by },
  }),
  ...{ said, left: 'aside' },
})

/** Every way in which a medium fails while accepted content is written to it. */
export const outFaults: readonly WriteFault[] = [
  { kind: 'full before', what: 'and says so', faults: [], free: 1_000_000, said: 'medium-full' },
  full('full before', 'and takes no folder', fails('mkdir', 'ENOSPC')),
  full('full in the middle', 'of a file', fails('write', 'ENOSPC', { name: content, from: half })),
  full('full in the middle', 'of export.json', fails('write', 'ENOSPC', { name: '^export\\.json' })),
  full('full in the middle', 'before a folder', fails('mkdir', 'ENOSPC', { name: '^files$' })),
  full('full late', 'when a file is flushed', fails('fsync', 'ENOSPC', { name: content })),
  full('full late', 'when a file is closed', fails('flush', 'ENOSPC', { name: content })),
  failed('EIO on write', 'of a file', fails('write', 'EIO', { name: content, from: half })),
  failed('EIO on write', 'of a small file', fails('write', 'EIO', { name: '^small' })),
  failed('EIO on write', 'of the last file', fails('write', 'EIO', { name: last })),
  failed('EIO on fsync', 'of a file', fails('fsync', 'EIO', { name: content })),
  failed('EIO on fsync', 'of a folder', fails('fsyncdir', 'EIO', { name: '^files$' })),
  failed('EIO on fsync', 'of export.json', fails('fsync', 'EIO', { name: '^export\\.json' })),
  failed('EIO on fsync', 'of the whole folder', fails('fsyncdir', 'EIO', { name: own })),
  failed('EIO on fsync', 'of the root, once it has its name', fails('fsyncdir', 'EIO', { name: root })),
  failed('EIO on close', 'of a file', fails('flush', 'EIO', { name: content })),
  failed('EIO on close', 'of the last file', fails('flush', 'EIO', { name: last })),
  failed('EIO on another call', 'making a file', fails('create', 'EIO', { name: content })),
  failed('EIO on another call', 'naming the folder', fails('rename', 'EIO', { name: own })),
  failed('EIO on another call', 'making the folder', fails('mkdir', 'EIO')),
  failed('read-only', 'from the start', { call: 'mkdir', act: 'readonly' }),
  sticks('read-only from then on', 'in the middle of a file', {
    call: 'write',
    name: content,
    from: half,
    act: 'readonly',
  }),
  sticks('read-only from then on', 'when it gets its name', { call: 'rename', name: own, act: 'readonly' }),
  sticks('taken away in mid-write', 'in the middle of a file', {
    call: 'write',
    name: content,
    from: half,
    act: 'gone',
  }),
  sticks('taken away in mid-write', 'when a file is flushed', { call: 'fsync', name: content, act: 'gone' }),
  sticks('taken away in mid-write', 'when it gets its name', { call: 'rename', name: own, act: 'gone' }),
  replaced('link', 'target-changed'),
  replaced('file', 'disk-failed'),
  failed('loses what it renames', 'all of it', { call: 'rename', name: own, act: 'lose' }),
  {
    ...{ kind: 'has room, and forgets', what: 'the end of a file', said: ['medium.file differs'] },
    faults: [{ call: 'write', name: content, from: half, act: 'forget' }],
  },
  {
    ...{ kind: 'writes other bytes', what: 'in a file', said: ['medium.file differs'] },
    faults: [{ call: 'write', name: content, from: half, times: 1, act: 'flip' }],
  },
  {
    ...{ kind: 'writes other bytes', what: 'in SHA256SUMS', said: ['medium.sums differs'] },
    faults: [{ call: 'write', name: '^SHA256SUMS\\.[0-9a-f]', act: 'flip' }],
  },
  {
    kind: 'slow, or in pieces',
    what: 'at each write',
    faults: [{ call: 'write', act: 'slow', ms: 5 }],
    said: null,
  },
  {
    kind: 'slow, or in pieces',
    what: 'pieces of each write',
    faults: [{ call: 'write', act: 'short' }],
    said: null,
  },
]
