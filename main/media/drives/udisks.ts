import { Failure } from '../../platform/failure.ts'
import { limits } from '../../platform/limits.ts'
import type { DriveSystem, FoundDrive } from './found.ts'
import type { DrivePrograms } from './programs.ts'
import { said } from './said.ts'

const places = ['/usr/bin/udisksctl']

async function act(
  programs: DrivePrograms,
  what: 'mount' | 'unmount' | 'eject',
  words: readonly string[],
  subject: string,
): Promise<void> {
  // Nobody is there to type a password of an administrator, and nobody is asked for one.
  const ran = await programs.run(places, [...words, '--no-user-interaction'], limits.driveActTime)
  if (ran === null) throw new Failure('drive-by-hand', { what, expected: 'udisks (/usr/bin/udisksctl)' })
  if (ran.ended === 'code 0') return
  const found = said(ran.complaint.trim().split('\n').at(-1)) ?? ran.ended
  if (/busy/i.test(ran.complaint)) throw new Failure('drive-busy', { subject })
  throw new Failure('drive-failed', { what, subject, found })
}

/** Mounting and letting go of drives by udisks, for whoever sits at the computer: nothing runs as the administrator. */
export function udisks(
  programs: DrivePrograms,
): Pick<DriveSystem, 'handles' | 'mount' | 'unmount' | 'release'> {
  const on = ({ device }: FoundDrive): readonly string[] => ['--block-device', device]
  return {
    handles: async () => (await programs.at(places)) !== null,
    mount: (drive, readOnly) => {
      const options = readOnly
        ? ['--options', 'ro,noexec,nosuid,nodev']
        : ['--options', 'noexec,nosuid,nodev']
      return act(programs, 'mount', ['mount', ...on(drive), ...options], drive.device)
    },
    unmount: (drive) => act(programs, 'unmount', ['unmount', ...on(drive)], drive.device),
    release: ({ disk }) => act(programs, 'eject', ['power-off', '--block-device', disk], disk),
  }
}
