import type { CallInput, CallOutput, LongResult } from '../../../shared/contract.ts'
import type { Capacity } from '../../../shared/media.ts'
import { mayBeWritten } from '../../../shared/rules/media.ts'
import { compare, fill, type TestPlace } from '../../media/capacity/capacity.ts'
import {
  clearForTest,
  freeAt,
  makeTestFolder,
  removeTestFolder,
  slackOf,
} from '../../media/capacity/test-folder.ts'
import type { FoundDrive } from '../../media/drives/found.ts'
import { Failure } from '../../platform/failure.ts'
import { leftBehind } from '../../verify/left-behind.ts'
import type { Desk } from '../desk.ts'
import type { Medium } from '../state/register.ts'
import { registerOf } from '../views/register.ts'
import { writable, type Context } from '../work/context.ts'
import { registrable, watchOf } from '../work/drives.ts'
import type { JobContext } from '../work/jobs.ts'
import { mediumOf } from './media.ts'

type Result = LongResult<'capacity.start'>

interface Testing {
  readonly medium: Medium
  readonly drive: FoundDrive
  /** Where the drive's files are seen. */
  readonly root: string
}

/** The medium, its drive and the root of that: the whole is tested, never a folder in something. */
async function testingOf(context: Context, desk: Desk, input: CallInput<'capacity.start'>): Promise<Testing> {
  const medium = mediumOf(registerOf(desk), input.label)
  const { label, state, serial } = medium
  if (!mayBeWritten(state)) {
    const expected = 'registered, blank, written or sanitised'
    throw new Failure('media-state', { subject: label, found: state, expected })
  }
  const drive = await registrable(context, { place: input.at })
  if (drive.serial !== serial) {
    const expected = serial ?? 'no serial'
    throw new Failure('media-other', { subject: label, expected, found: drive.serial ?? 'no serial' })
  }
  const path = context.places.path(input.at, 'medium')
  const root = drive.mounted.find((point) => point === path)
  if (root === undefined) throw new Failure('media-no-drive', { path })
  return { medium, drive, root }
}

const capacityOf = (
  free: number,
  written: number,
  came: Pick<Capacity, 'right' | 'wrongAt' | 'error'>,
  out: Capacity['out'],
): Capacity => ({
  ...{ free, written, out, ...came },
  passed:
    came.error === null && came.wrongAt === null && came.right === written && written >= free - slackOf(free),
})

async function record(desk: Desk, { medium, drive }: Testing, capacity: Capacity): Promise<Result> {
  const { label } = medium
  const outcome = capacity.passed ? 'passed' : 'failed'
  await desk.record('media.tested', { label, serial: drive.serial, ...capacity }, { outcome })
  return { label, filled: null, capacity, device: drive.device }
}

/** Writes and reads at once, or only writes. */
async function fillRun(context: Context, testing: Testing, only: boolean, job: JobContext): Promise<Result> {
  const desk = writable(context)
  const { medium, drive, root } = testing
  const tools = toolsFor(context, job)
  await clearForTest(root, (name) => leftBehind(name) !== null)
  const free = await freeAt(root)
  const made = await makeTestFolder(root)
  let keep = false
  try {
    const { written, error } = await fill({ root, ...made }, free, tools)
    if (only) {
      const { label } = medium
      const facts = { label, serial: drive.serial, folder: made.name, key: made.key, free, written, error }
      await desk.record('media.filled', facts)
      watchOf(context).follow(made.name, drive)
      keep = true
      return { label, filled: written, capacity: null, device: drive.device }
    }
    const came = await compare({ root, ...made }, written, tools)
    job.step('record')
    return await record(
      desk,
      testing,
      capacityOf(free, written, { ...came, error: error ?? came.error }, null),
    )
  } finally {
    if (!keep) await removeTestFolder(root, made.name).catch(() => undefined)
  }
}

/** Reads what an earlier test wrote. */
async function readRun(
  context: Context,
  testing: Testing,
  filled: NonNullable<Medium['filled']>,
  job: JobContext,
): Promise<Result> {
  const desk = writable(context)
  const { drive, root } = testing
  const { folder: name, key, written, free, error } = filled
  const place: TestPlace = { root, name, key }
  await watchOf(context).look()
  const out = watchOf(context).level(name, drive)
  const came = await compare(place, written, toolsFor(context, job))
  job.step('record')
  const done = await record(
    desk,
    testing,
    capacityOf(free, written, { ...came, error: error ?? came.error }, out),
  )
  await removeTestFolder(root, name).catch(() => undefined)
  return done
}

const toolsFor = (context: Context, job: JobContext) => ({
  pool: context.pool(),
  signal: job.signal,
  step: (name: string, total?: number) => job.step(name, total),
  advance: (bytes: number) => job.advance(bytes),
})

/** `capacity.start`: whether a medium holds what it says. Where it was filled before, that is read now. */
export async function start(
  context: Context,
  input: CallInput<'capacity.start'>,
): Promise<CallOutput<'capacity.start'>> {
  const testing = await testingOf(context, writable(context), input)
  const { filled } = testing.medium
  const steps = filled !== null && !input.fill ? ['reread', 'record'] : ['fill', 'reread', 'record']
  const run = async (job: JobContext): Promise<Result> => {
    const sleep = context.ports.stayAwake?.()
    try {
      return filled !== null && !input.fill
        ? await readRun(context, testing, filled, job)
        : await fillRun(context, testing, input.fill, job)
    } finally {
      sleep?.()
    }
  }
  return { job: context.jobs.start('capacity', steps, run) }
}
