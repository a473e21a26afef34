import type { ReasonCode } from '../../../shared/reason.ts'
import { noteLine, witnessId } from '../authority/log.ts'
import { sharedKey } from '../authority/scheme.ts'
import { leafHash } from '../authority/tree.ts'
import { world } from '../authority/world.ts'
import { idOf } from '../sigstore/documents.ts'
import { attack, type Attack } from './attack.ts'

const { one, two } = world
const hash = leafHash(Buffer.from('x')).toString('base64')

const head = (name: string, code: ReasonCode, change: (text: string) => string): Attack =>
  attack(name, code, { entry: { head: change } })
const note = (name: string, code: ReasonCode, change: (note: string, text: string) => string): Attack =>
  attack(name, code, { entry: { note: change } })
const origin = (text: string): Attack =>
  head(`sigstore-js#1722: the origin ${text}`, 'checkpoint.origin', (own) => own.replace(two.origin, text))
const witness = sharedKey('ed25519', 'witness')
const witnessed = (text: string): string =>
  noteLine(witness, 'witness.test', witnessId(witness, 'witness.test'), text)
const lines = (count: number): string => `— w ${Buffer.alloc(6).toString('base64')}\n`.repeat(count)
const ownId = idOf({ key: two.key, origin: two.origin })
const textOf = (own: string): string => own.slice(0, own.indexOf('\n\n') + 2)

/** Heads of logs (C2SP checkpoints). */
export const checkpointAttacks: readonly Attack[] = [
  ...[
    '.*',
    'log-two.test.*',
    'log.two.test',
    'log-two',
    'test',
    'log-two.test.evil',
    'LOG-TWO.TEST',
    'log-two.test - x',
    '(a+)+$',
  ].map(origin),
  head('an empty origin', 'checkpoint.form', (own) => own.replace(two.origin, '')),
  head('a head of another tree that the log signed', 'log.root-differs', (own) =>
    own.replace(/\n[^\n]+\n$/, `\n${hash}\n`),
  ),
  head('a head of another size that the log signed', 'log.root-differs', (own) =>
    own.replace('\n9\n', '\n10\n'),
  ),
  head('a size with a zero in front', 'checkpoint.form', (own) => own.replace('\n9\n', '\n09\n')),
  head('a size with an exponent', 'checkpoint.form', (own) => own.replace('\n9\n', '\n9e0\n')),
  head('a size of 17 digits', 'checkpoint.form', (own) => own.replace('\n9\n', '\n90071992547409910\n')),
  head('a root of 31 bytes', 'checkpoint.form', (own) =>
    own.replace(/\n[^\n]+\n$/, `\n${Buffer.alloc(31).toString('base64')}\n`),
  ),
  head('line ends of Windows, signed so', 'checkpoint.form', (own) => own.replaceAll('\n', '\r\n')),
  note('line ends of Windows', 'checkpoint.form', (own) => own.replaceAll('\n', '\r\n')),
  note('a tab', 'checkpoint.form', (own) => own.replace('\n', '\t\n')),
  note('no line end at the end', 'checkpoint.form', (own) => own.slice(0, -1)),
  note('no blank line', 'checkpoint.form', (own) => own.replace('\n\n', '\n')),
  note('a hyphen instead of the dash', 'checkpoint.form', (own) => own.replace('—', '-')),
  note('lines of 70,000 characters', 'bundle.shape', (own) => `${'a'.repeat(70_000)}${own}`),
  note('a line of 60,000 characters', 'checkpoint.form', (own) => `${own}— ${'a'.repeat(60_000)} AAAAAAAA\n`),
  note('10,000 signature lines', 'bundle.shape', (own) => own + lines(10_000)),
  note('65 signature lines', 'checkpoint.form', (own) => own + lines(64)),
  note('a signature line with junk', 'checkpoint.form', (own) => `${own}— a b c\n`),
  note('a changed head', 'checkpoint.bad', (own) => own.replace('\n9\n', '\n10\n')),
  note('only a witness signed', 'checkpoint.unsigned', (own, text) => textOf(own) + witnessed(text)),
  note(
    'sixty witnesses and no log',
    'checkpoint.unsigned',
    (own, text) => textOf(own) + witnessed(text).repeat(60),
  ),
  note('the log’s signature under another name', 'checkpoint.unsigned', (own) =>
    own.replace('— log-two.test', '— log-three.test'),
  ),
  note(
    'another key under the log’s name and id',
    'checkpoint.bad',
    (own, text) => textOf(own) + noteLine(witness, two.name, ownId, text),
  ),
  note(
    'a false signature of the log after a good one',
    'checkpoint.bad',
    (own, text) => own + noteLine(witness, two.name, ownId, text),
  ),
  note('nothing signed', 'checkpoint.form', (own) => textOf(own)),
  attack('a head of v1 that another key signed under the log’s name', 'checkpoint.unsigned', {
    logs: [one],
    entry: {
      note: (own, text) => textOf(own) + noteLine(witness, one.name, witnessId(witness, one.name), text),
    },
  }),
  attack('a head of v1 that another key signed under the log’s name and id', 'checkpoint.bad', {
    logs: [one],
    entry: { note: (own, text) => textOf(own) + noteLine(witness, one.name, idOf({ key: one.key }), text) },
  }),
  attack('a head of v1 by another tree of the log', 'log.root-differs', {
    logs: [one],
    entry: { head: (own) => own.replace(/\n[^\n]+\n$/, `\n${hash}\n`) },
  }),
]
