import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { loopVolume, mayLoop } from '../support/volumes.ts'
import { line, median, must } from './measure.ts'
import { bundleOf, makeStage, request, sign, type Stage } from './stage.ts'

const gib = 1024 ** 3
/** What a stick on USB 3 takes in a second. */
const stick = 150_000_000
/** Where a kernel with the first kind of control groups is told how fast a device may be written. */
const throttle = '/sys/fs/cgroup/blkio/blkio.throttle.write_bps_device'

/** One bundle of 1 GiB and one of next to nothing, and a volume to write them to. */
interface Ready {
  readonly stage: Stage
  readonly volume: string
  readonly large: string
  readonly tiny: string
  /** The folder whose files `cp` takes. */
  readonly source: string
}

/** Seconds that a command line takes. */
function timed(words: string): number {
  const start = performance.now()
  const { status } = spawnSync('sh', ['-c', words], { stdio: 'ignore' })
  if (status !== 0) throw new Error(words)
  return (performance.now() - start) / 1000
}

async function tinyBundle(stage: Stage): Promise<string> {
  writeFileSync(join(stage.root, 'request', 'tiny.txt'), 'tiny\n')
  const path = await request(stage, 'tiny', ['file: ./tiny.txt'])
  const { value } = await must(0, 'collect', path, '--desk', stage.low)
  await sign(stage, value['id'] ?? '')
  return value['id'] ?? ''
}

// In turns, each round the other one first; the first round warms up.
async function rounds(ready: Ready, count: number): Promise<{ write: number; tiny: number; copy: number }[]> {
  const { stage, volume, large, tiny, source } = ready
  const clear = (): void => {
    spawnSync('sh', ['-c', `rm -rf ${volume}/* && sync -f ${volume}`])
  }
  const write = async (id: string): Promise<number> => {
    const { seconds } = await must(0, 'write', id, '--desk', stage.low, '--to', volume)
    clear()
    return seconds
  }
  const copy = (): number => {
    mkdirSync(join(volume, 'copy'))
    const seconds = timed(`cp ${source}/* ${volume}/copy/ && sync -f ${volume}`)
    clear()
    return seconds
  }
  const all: { write: number; tiny: number; copy: number }[] = []
  for (let round = 0; round <= count; round++) {
    const before = round % 2 === 0 ? copy() : null
    const [tinySeconds, seconds] = [await write(tiny), await write(large)]
    all.push({ write: seconds, tiny: tinySeconds, copy: before ?? copy() })
  }
  return all.slice(1)
}

async function measured(name: string, ready: Ready, count: number): Promise<void> {
  const all = await rounds(ready, count)
  const of = (ratio: (one: (typeof all)[number]) => number): string => median(all.map(ratio)).toFixed(2)
  line(`write 1 GiB to ${name}`, `${of(({ write, tiny, copy }) => copy / (write - tiny))} × cp and flush`)
  line('', `${of(({ write, copy }) => copy / write)} × with the start of the program, and its records`)
  line(
    '',
    `${of(({ write }) => write)} s; of next to nothing ${of(({ tiny }) => tiny)} s; cp ${of((one) => one.copy)} s`,
  )
}

/**
 * How fast a bundle gets to a medium, beside `cp` of the same bytes and the flush of them: on one ext4 file system on a loop
 * device, as fast as the disc below it and as fast as a stick. What a writing takes that is next to nothing is measured by
 * itself: it is the start of the program, two events of the ledger and the small files.
 */
export async function mediaBench(): Promise<void> {
  if (!mayLoop()) {
    line('write to a medium', 'not measured: needs root, losetup and mkfs.ext4')
    return
  }
  const stage = await makeStage()
  const volume = join(stage.root, 'volume')
  const { device, undo } = loopVolume(volume, 4 * gib, 'whole')
  const number = readFileSync(`/sys/block/${basename(device)}/dev`, 'utf8').trim()
  const limit = (bytes: number): void => writeFileSync(throttle, `${number} ${bytes}`)
  try {
    const { id, tar } = await bundleOf(stage, 1)
    const ready = { stage, volume, large: id, tiny: await tinyBundle(stage), source: dirname(tar) }
    await measured('a disc', ready, 7)
    if (!existsSync(throttle)) line('write 1 GiB to a stick', `not measured: needs ${throttle}`)
    else {
      limit(stick)
      await measured('a stick, 150 MB/s', ready, 3)
    }
  } finally {
    if (existsSync(throttle)) limit(0)
    undo()
    rmSync(stage.root, { recursive: true, force: true })
  }
}
