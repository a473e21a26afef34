import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zRecord, type CrossingRecord } from '../../../main/report/record.ts'
import { parseEnvelope } from '../../../main/sigstore/envelope.ts'
import { transferIdOf } from '../../../shared/digest.ts'
import { decideBoth, release, writeFiles, writeRequest } from '../../support/desks.ts'
import { RegisterWorld } from '../../support/register-media.ts'
import { mayMount } from '../../support/volumes.ts'

/*
 * What practice asks of the record of a transfer, field by field (the union of ISM, NIST SP 800-53 and 800-88, BSI and
 * others), held against the records of one whole crossing, of both sides together.
 */

type Records = { readonly low: CrossingRecord; readonly high: CrossingRecord }
type Find = (records: Records) => unknown
/** Its number and name; where it stands; and what of it is not there, `null` where all is. */
type Field = readonly [number: number, name: string, find: Find, lacks: string | null]

const checks = ({ high }: Records, start: string): unknown =>
  high.verdict?.checks.filter(({ id }) => id.startsWith(start)).map(({ id, result }) => `${id} ${result}`)
const nowhere: Find = () => null

const fields: readonly Field[] = [
  [1, 'transfer id', ({ low }) => transferIdOf(low.waybill.digest), null],
  [2, 'procedure and policy', ({ low }) => low.custody.procedure, null],
  [3, 'change or ticket', nowhere, 'no field of its own: people write it into the reason'],
  [4, 'marking of the record', ({ low }) => low.marking, null],
  [5, 'requester', ({ low }) => low.waybill.request.requesterName, 'organisation and contact'],
  [6, 'reason, effective-by', ({ low }) => low.waybill.request.reason, 'an effective-by date'],
  [7, 'source system', ({ low }) => [low.desk.name, low.marking], null],
  [8, 'destination system', ({ high }) => [high.desk.name, high.desk.id], null],
  [9, 'direction and route', ({ low }) => [low.desk.side, low.waybill.channel, low.waybill.epoch], null],
  [10, 'classification, releasability, authority', ({ low }) => low.marking, 'releasability and authority'],
  [11, 'bundle: name, kind', ({ low }) => [low.consignment.name, low.items.map(({ kind }) => kind)], null],
  [12, 'files and bytes', ({ low }) => [low.content.carried, low.content.bytes], null],
  [13, 'manifest', ({ low }) => low.items.map(({ root }) => root.digest), null],
  [14, 'digests and platforms', ({ low }) => low.items.map(({ root, platforms }) => [root, platforms]), null],
  [15, 'signatures and attestations', ({ high }) => high.evidence?.items, null],
  [16, 'bill of materials', ({ high }) => pieces(high, 'sbom'), 'none was carried here'],
  [17, 'vulnerabilities', nowhere, 'no scanner of vulnerabilities is run or read'],
  [
    18,
    'previous, delta base',
    ({ low }) => low.waybill.destinations.map(({ sequence, previous }) => [sequence, previous]),
    'bundles are whole: there is no delta base',
  ],
  [19, 'digest as words and QR', ({ low }) => low.waybill.words, 'no QR code of it'],
  [20, 'scanners', nowhere, 'no scanner is run here'],
  [21, 'scanned and not scanned', nowhere, 'no scanner is run here'],
  [22, 'on the medium but not listed', (all) => checks(all, 'medium.set'), null],
  [23, 'read errors', (all) => checks(all, 'content.'), null],
  [
    24,
    'file types, active content, marks',
    ({ low }) => low.items.map(({ findings }) => findings.length),
    'no list of allowed types, no keywords',
  ],
  [25, 'human review', ({ high }) => high.decision.halves.map(({ name, outcome }) => [name, outcome]), null],
  [26, 'second scan', nowhere, 'no scanner is run here'],
  [
    27,
    'release authority',
    ({ low }) => low.signatures.filter(({ role }) => role === 'release'),
    'basis and end of the authority',
  ],
  [28, 'second person', ({ low }) => low.signatures.slice(1), null],
  [29, 'exceptions', ({ high }) => [high.verdict?.counts.overridden], null],
  [30, 'register number', ({ low }) => low.custody.register.map(({ label }) => label), null],
  [31, 'kind of medium', ({ low }) => low.custody.register.map(({ kind }) => kind), null],
  [32, 'maker, model, serial', ({ low }) => low.media.map(({ drive }) => drive), 'the ids of its USB device'],
  [
    33,
    'capacity claimed and tested',
    ({ low }) => low.custody.register.map(({ size, capacity }) => capacity && [size, capacity]),
    null,
  ],
  [
    34,
    'partitions, file system, volume',
    ({ low }) => low.media.map(({ drive }) => drive?.volume),
    'partitions and kind of file system',
  ],
  [35, 'label as printed', nowhere, 'labels are made from the record; that one was printed is not recorded'],
  [36, 'number in the set, copy', ({ low }) => low.media.map(({ copy }) => copy), null],
  [
    37,
    'seals and their condition',
    ({ low, high }) => [low.custody.handed[0]?.media[0]?.seal, high.custody.arrivals[0]?.seal],
    null,
  ],
  [38, 'write protection used', nowhere, 'no act asks for it'],
  [39, 'encryption of media', nowhere, 'media are not encrypted'],
  [
    40,
    'agent, workstation, account, version',
    ({ low }) => [
      low.signatures[0],
      low.desk.station,
      low.custody.writings[0]?.account,
      low.verifier.version,
    ],
    null,
  ],
  [
    41,
    'writing begun and ended',
    ({ low }) => low.custody.writings.flatMap(({ began, ended }) => [began, ended]),
    null,
  ],
  [
    42,
    'read-back',
    ({ low }) => low.media.map(({ readBack, out, parts }) => readBack && [readBack, out, parts]),
    null,
  ],
  [
    43,
    'hand-overs',
    ({ low }) => low.custody.handed.map(({ from, to, place, at }) => [from, to, place, at]),
    null,
  ],
  [44, 'purpose of the hand-over', ({ low }) => low.custody.handed[0]?.purpose, null],
  [45, 'expected by', ({ low }) => low.custody.handed[0]?.expected, null],
  [
    46,
    'receiving people, station, time',
    ({ high }) => [high.decision.halves, high.desk.station, high.verdict?.at],
    null,
  ],
  [
    47,
    'medium and seal as they should be',
    (all) => [checks(all, 'medium.drive'), checks(all, 'medium.seal'), checks(all, 'medium.registered')],
    null,
  ],
  [48, 'result by rule, keys', ({ high }) => [high.verdict?.checks, high.trust.signers], null],
  [49, 'no replay, no downgrade', (all) => checks(all, 'order.'), null],
  [50, 'where it went', ({ high }) => high.exports.map(({ target }) => target), null],
  [51, 'receipt', nowhere, 'no receipt goes back yet'],
  [52, 'disposition', ({ high }) => high.custody.register.map(({ disposition }) => disposition), null],
  [53, 'ledger', ({ high }) => [high.ledger.size, high.ledger.root, high.ledger.checkpoint], null],
  [54, 'kept until, owner', ({ low }) => low.custody.retainUntil, 'an owner of the record'],
  [55, 'monthly verification', nowhere, 'its sheet is signed by hand; the ledger does not record it'],
]

function pieces(record: CrossingRecord, what: 'sbom'): unknown {
  return record.evidence?.items.flatMap((item) => item.pieces.map((piece) => piece[what]))
}

function isFilled(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return false
  return !Array.isArray(value) || (value.length > 0 && value.every(isThere))
}

const isThere = (value: unknown): boolean => value !== null && value !== undefined && value !== ''

describe.skipIf(!mayMount())('the 55 fields of a transfer record (needs root: mount)', () => {
  let world: RegisterWorld
  let records: Records
  beforeAll(async () => {
    world = await RegisterWorld.make()
    records = await cross(world)
  })
  afterAll(() => world.end())

  it('stand where they are said to stand, or it is said what is not there', () => {
    const rows = fields.map(([number, name, find, lacks]) => {
      const filled = isFilled(find(records))
      return { number, name, state: filled ? (lacks === null ? 'filled' : 'partly') : 'none', lacks }
    })
    const count = (state: string): number => rows.filter((row) => row.state === state).length
    const told = rows.map(
      ({ number, name, state, lacks }) =>
        `${number} ${name}: ${state}${lacks === null ? '' : ` (${state === 'none' ? '' : 'not: '}${lacks})`}`,
    )
    console.log(
      [...told, `${count('filled')} of 55 filled, ${count('partly')} partly, ${count('none')} not`].join(
        '\n',
      ),
    )
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 55 }, (_, i) => i + 1))
    // Whatever is not there is said, and nothing else is missing.
    expect(rows.filter(({ state, lacks }) => state === 'none' && lacks === null)).toEqual([])
    expect([count('filled'), count('partly'), count('none')]).toEqual([34, 10, 11])
  })
})

async function recordOf(world: RegisterWorld, side: 'low' | 'high', id: string): Promise<CrossingRecord> {
  const out = join(world.crossing.folder, `${side}.json`)
  await world.must(['report', id, '--desk', world.crossing[side], '--format', 'json', '--out', out])
  const { payload } = parseEnvelope(await readFile(out))
  const { predicate } = JSON.parse(payload.toString('utf8')) as { predicate: unknown }
  return zRecord.parse(predicate)
}

/** One crossing in which everything is done that can be. */
async function cross(world: RegisterWorld): Promise<Records> {
  const { crossing } = world
  const policy = join(crossing.folder, 'policy.yaml')
  await writeFile(
    policy,
    'sallyport: policy/v1\nversion: 2\nmedia:\n  retainMonths: 30\n  procedure: SOP 12, version 3\n',
  )
  for (const side of ['low', 'high'] as const)
    await world.must(['policy', 'set', policy, '--desk', crossing[side]])
  const id = await release(crossing, await writeRequest(crossing, await writeFiles(crossing, { a: 'a' })))
  const stick = world.stick('S-1')
  const at = ['--at', stick]
  await world.must(
    world.low('register', '--label', 'M-0417', ...at, '--marking', 'OFFICIAL', '--owner', 'Hill-1'),
  )
  await world.must(world.low('test', 'M-0417', ...at))
  await world.must(['write', id, '--desk', crossing.low, '--to', stick])
  await world.must(['readback', stick, '--desk', crossing.low])
  const seal = ['--seal', '004417', '--to', 'Ray Tarn', '--place', 'Gate 2', '--purpose', 'To Delta-2']
  await world.must(world.low('handover', id, ...seal, '--expected', '2026-12-04'))
  const low = await recordOf(world, 'low', id)
  const typed = ['--sheet', '004417', '--bag', '004417', '--from', 'Ray Tarn']
  await world.must(world.high('register', '--label', 'H-1', ...at))
  await world.must(
    world.high('arrive', '--transfer', transferIdOf(low.waybill.digest), '--label', 'H-1', ...typed),
  )
  const verified = await world.must(['verify', stick, '--desk', crossing.high])
  await decideBoth(crossing, verified.id, 'accept')
  await world.must([
    'export',
    verified.id,
    '--to',
    `dir:${join(crossing.folder, 'out')}`,
    '--desk',
    crossing.high,
  ])
  const how = ['--method', 'shredded', '--tool', 'HSM 9', '--verified', 'seen by two', '--place', 'Room 4']
  await world.must(world.high('state', 'H-1', 'destroyed', '--reason', 'Done', ...how))
  return { low, high: await recordOf(world, 'high', verified.id) }
}
