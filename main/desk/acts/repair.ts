import { lstat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { CallInput, CallOutput, LongResult } from '../../../shared/contract.ts'
import { locate, type Located } from '../../bundle/locate.ts'
import { folderNameOf } from '../../bundle/medium.ts'
import type { FoundDrive } from '../../media/drives/found.ts'
import { repairParts } from '../../media/parity.ts'
import { repairMedium, type Repaired } from '../../media/repair.ts'
import { inspectTarget } from '../../media/target.ts'
import { Failure } from '../../platform/failure.ts'
import { provenMedium } from '../../verify/proven-medium.ts'
import type { Desk } from '../desk.ts'
import { checkOutside } from '../disk/outside.ts'
import { groundOf, ownGround } from '../judging/ground.ts'
import { writable, type Context } from '../work/context.ts'
import { driveName, driveUnder } from '../work/drives.ts'
import type { JobContext } from '../work/jobs.ts'
import { needPar2, withPar2 } from '../work/par2.ts'
import { toolsOf } from '../work/tools.ts'
import { consignmentOf } from '../state/state.ts'

type Proven = Awaited<ReturnType<typeof provenMedium>>

interface Planned extends Proven {
  readonly from: string
  readonly to: string
  readonly drive: FoundDrive | null
}

/** Bytes for the small files and the file system's own needs. */
const spare = 32 * 1024 * 1024

async function targetFor(desk: Desk, path: string, { made, medium }: Proven): Promise<string> {
  const target = await inspectTarget(path)
  await checkOutside(desk, target.path)
  const needed = [...medium.parts, ...(medium.parity ?? [])].reduce((sum, { size }) => sum + size, spare)
  if (target.free !== null && target.free < needed)
    throw new Failure('medium-full', { expected: needed, found: target.free })
  const to = join(target.path, folderNameOf(made.digest))
  for (const one of [to, `${to}.part`])
    if ((await lstat(one).catch(() => null)) !== null)
      throw new Failure('medium-exists', { found: basename(to) })
  return to
}

async function record(
  desk: Desk,
  plan: Planned,
  repaired: Repaired,
  program: string,
): Promise<string | null> {
  const { made, medium, to, drive } = plan
  const known = consignmentOf(desk.state, made.digest)
  const { number, of, copy, run } = medium
  const about = { consignment: known?.id ?? null, waybill: made.digest, run, number, of, copy }
  await desk.record(
    'repair.done',
    {
      ...about,
      folder: to,
      damaged: [...repaired.damaged],
      program: program as Proven['made']['digest'],
      silent: repaired.silent ?? false,
      drive: driveName(drive),
    },
    { subjects: [made.digest], outcome: 'repaired' },
  )
  return known?.id ?? null
}

async function run(context: Context, plan: Planned, job: JobContext): Promise<LongResult<'repair.start'>> {
  const desk = writable(context)
  const { from, to, medium } = plan
  return withPar2(desk, async (program) => {
    const tools = toolsOf(context, job)
    const { signal } = tools
    const repair = (folder: string, files: readonly string[]) =>
      repairParts(folder, files, { program, signal })
    const repaired = await repairMedium({ from, to, medium, repair }, tools)
    job.step('record')
    const id = await record(desk, plan, repaired, program.digest)
    const { number: n, of, copy, run: written } = medium
    const { damaged, silent } = repaired
    return { id, folder: basename(to), medium: { n, of, copy, run: written }, damaged: [...damaged], silent }
  })
}

const isMedium = (located: Located): located is Extract<Located, { scope: 'medium' }> =>
  located.scope === 'medium'

/** `repair.start`: a copy of a damaged medium, its parts repaired by the program that the policy names. */
export async function start(
  context: Context,
  input: CallInput<'repair.start'>,
): Promise<CallOutput<'repair.start'>> {
  const desk = writable(context)
  needPar2(desk)
  const path = context.places.path(input.medium, 'medium')
  const located = await locate(path)
  if (!isMedium(located)) throw new Failure('parity-none')
  const ground = desk.state.card.side === 'low' ? ownGround(desk) : groundOf(desk)
  const proven = await provenMedium(located, ground)
  if (proven.medium.parity === undefined) throw new Failure('parity-none')
  const to = await targetFor(desk, context.places.path(input.to, 'medium'), proven)
  const plan = { ...proven, from: located.folder, to, drive: await driveUnder(context, located.folder) }
  const steps = ['copy', 'through', 'repair', 'record']
  return { job: context.jobs.start('repair', steps, (job) => run(context, plan, job)) }
}
