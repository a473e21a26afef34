import { z } from 'zod'
import { Failure } from '../../platform/failure.ts'
import { parseStrict } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import type { DrivePrograms } from './programs.ts'

const places = ['/usr/bin/lsblk', '/bin/lsblk']
/** Where drives are mounted and what swaps is asked of the kernel: older programs have no column for all of it. */
const columns = 'KNAME,TYPE,MAJ:MIN,VENDOR,MODEL,SERIAL,TRAN,SIZE,FSTYPE,LABEL,UUID,RO,RM,HOTPLUG'

const zText = z.string().nullable()
// Before util-linux 2.33 numbers and flags are texts.
const zCount = z
  .union([z.number().int().min(0).max(Number.MAX_SAFE_INTEGER), z.string().regex(/^\d{1,15}$/)])
  .transform(Number)
const zFlag = z.union([z.boolean(), z.enum(['0', '1'])]).transform((flag) => flag === true || flag === '1')

const zNode = z.strictObject({
  /** The kernel's own name: it becomes a path. An `!` stands for a slash. */
  kname: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.!-]{0,63}$/),
  type: z.string().max(32),
  'maj:min': z.string().regex(/^\d{1,7}:\d{1,7}$/),
  vendor: zText,
  model: zText,
  serial: zText,
  tran: zText,
  size: zCount,
  fstype: zText,
  label: zText,
  uuid: zText,
  ro: zFlag,
  rm: zFlag,
  hotplug: zFlag,
  children: z.array(z.unknown()).max(limits.driveNodes).optional(),
})

/** A block device as `lsblk` tells it, with what lies in it. */
export interface BlockNode extends Omit<z.output<typeof zNode>, 'children'> {
  readonly children: readonly BlockNode[]
}

class Nodes {
  private count = 0

  read(value: unknown, depth: number): BlockNode {
    this.count += 1
    if (this.count > limits.driveNodes) throw new Error(`more than ${limits.driveNodes} devices`)
    if (depth > limits.driveDepth) throw new Error(`devices more than ${limits.driveDepth} deep`)
    const { children = [], ...node } = zNode.parse(value)
    return { ...node, children: children.map((child) => this.read(child, depth + 1)) }
  }
}

/** Reads what `lsblk -J -b` prints. @throws Error where it has another form, or too much of it */
export function parseLsblk(bytes: Uint8Array): readonly BlockNode[] {
  if (bytes.length > limits.driveListBytes) throw new Error(`more than ${limits.driveListBytes} bytes`)
  const { blockdevices } = z.strictObject({ blockdevices: z.array(z.unknown()) }).parse(parseStrict(bytes))
  const nodes = new Nodes()
  return blockdevices.map((one) => nodes.read(one, 1))
}

/** Asks `lsblk` for all block devices. @throws Failure `drives-unreadable` */
export async function askLsblk(programs: DrivePrograms): Promise<readonly BlockNode[]> {
  const expected = places.join(' or ')
  const ran = await programs.run(places, ['-J', '-b', '-o', columns], limits.driveTime)
  if (ran === null) throw new Failure('drives-unreadable', { found: 'there is no lsblk', expected })
  // 64: some devices could not be asked; what is told of the others stands (lsblk(8), “EXIT STATUS”).
  if (ran.ended !== 'code 0' && ran.ended !== 'code 64')
    throw new Failure('drives-unreadable', { found: `lsblk: ${ran.ended}`, expected })
  try {
    return parseLsblk(ran.output)
  } catch (error) {
    throw new Failure(
      'drives-unreadable',
      { found: 'lsblk answers in a form that is not known', expected },
      error,
    )
  }
}
