import { commands, usageOf } from './index.ts'

/** The commands in the order of the journey; each stands in one group. */
export const groups: readonly (readonly [title: string, names: readonly string[]])[] = [
  [
    'Set up a desk',
    [
      'desk create',
      'desk show',
      'key create',
      'key show',
      'person add',
      'trust add',
      'trust list',
      'policy set',
      'policy keep',
      'policy check',
      'policy explain',
      'policy packs',
      'policy schema',
    ],
  ],
  [
    'Low side: collect, sign, carry',
    [
      'preview',
      'collect',
      'consignment list',
      'consignment show',
      'components',
      'approve',
      'drive list',
      'write',
      'readback',
      'repair',
      'drive eject',
      'sheet',
    ],
  ],
  [
    'High side: verify, decide, let in',
    ['verify', 'judge', 'refused list', 'refused show', 'decide', 'override', 'export', 'report'],
  ],
  [
    'Landing: seals and files for the far side’s engines',
    [
      'landing key create',
      'landing key show',
      'landing seal',
      'landing kit',
      'landing list',
      'landing failed',
      'admit',
    ],
  ],
  [
    'Media',
    [
      'media list',
      'media register',
      'media show',
      'media state',
      'media sign',
      'media test',
      'media handover',
      'media arrive',
      'media statistics',
    ],
  ],
  ['End or give up', ['consignment close', 'consignment drop', 'prune']],
  [
    'Security officers',
    [
      'desk seal',
      'change list',
      'change show',
      'change sign',
      'change withdraw',
      'person key',
      'trust revoke',
      'trust root show',
      'trust root add',
      'trust package make',
      'trust package check',
      'trust package add',
      'peer add',
      'stream release',
      'stream epoch',
      'stream move',
      'cause lift',
      'time floor',
    ],
  ],
  ['Check and repair', ['ledger verify', 'desk restored', 'desk unlock']],
  ['Look into what others made', ['look']],
  [
    'Signatures by themselves',
    ['evidence', 'verify-bundle', 'verify-file', 'sign-file', 'sign-bundle', 'reasons'],
  ],
  ['This program', ['completion']],
]

const widest = Math.max(...Object.keys(commands).map((name) => name.length))

/** All commands, by the journey, one line each. */
export function overview(): string[] {
  return [
    'sallyport COMMAND …   “sallyport help COMMAND” says how each is called; --json gives one object on stdout.',
    ...groups.flatMap(([title, names]) => [
      '',
      title,
      ...names.map((name) => `  ${name.padEnd(widest)}  ${commands[name]?.about ?? ''}`),
    ]),
  ]
}

/** How one command is called, and what for. */
export function helpOf(name: string): string[] {
  return [commands[name]?.about ?? '', `  ${usageOf(name)}`]
}

/** How many letters must be changed, left out, added or swapped to make one word of another. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + same,
        swapped ? (before[j - 2] ?? 0) + 1 : Infinity,
      )
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}

/** As many commands as are suggested. */
const most = 5

/** The commands that somebody may have meant: those that begin so, else those that are spelled nearly so. */
export function meant(words: readonly string[]): string[] {
  const typed = words.filter((word) => !word.startsWith('-')).slice(0, 3)
  const [first = ''] = typed
  if (first === '' || first.length > 40) return []
  const names = Object.keys(commands)
  const below = names.filter((name) => name.startsWith(`${first} `))
  const nearest = names
    .map((name) => {
      const length = name.split(' ').length
      return { name, far: distance(typed.slice(0, length).join(' ').slice(0, 60), name) }
    })
    .sort((a, b) => a.far - b.far)
  const near = nearest
    .filter(({ far, name }) => far <= Math.max(1, Math.floor(name.length / 3)))
    .map(({ name }) => name)
  if (below.length === 0) return near.slice(0, 2)
  // A word that begins commands offers them, unless more was typed and that is nearly one of them.
  const [closest] = near
  return typed.length > 1 && closest !== undefined ? [closest] : below.slice(0, most)
}
