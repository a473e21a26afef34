import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const quiet = { stdio: 'ignore' } as const

/** Whether this process may mount a small file system of its own. */
export function mayMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], quiet)
    execFileSync('umount', [folder], quiet)
    return true
  } catch {
    return false
  } finally {
    rmdirSync(folder)
  }
}

export function has(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], quiet)
    return true
  } catch {
    return false
  }
}

/** A file system of `size` bytes in memory, mounted at a new folder; gives how to take it away. */
export function memoryVolume(folder: string, size: number): () => void {
  mkdirSync(folder, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], quiet)
  return () => execFileSync('umount', ['-l', folder], quiet)
}

/**
 * A block device of a file of `size` bytes, with a file system of its own, mounted; gives both, and how to take them away.
 *
 * @param room whether the file takes its room only as it is written, or has it from the beginning
 * @param options of mkfs.ext4
 */
export function loopVolume(
  folder: string,
  size: number,
  room: 'sparse' | 'whole' = 'sparse',
  options: readonly string[] = [],
): { readonly device: string; readonly undo: () => void } {
  mkdirSync(folder, { recursive: true })
  const image = `${folder}.img`
  writeFileSync(image, '')
  truncateSync(image, size)
  if (room === 'whole') execFileSync('fallocate', ['-l', String(size), image], quiet)
  execFileSync('mkfs.ext4', ['-q', '-F', ...options, image], quiet)
  const device = execFileSync('losetup', ['--find', '--show', image], { encoding: 'utf8' }).trim()
  execFileSync('mount', [device, folder], quiet)
  return {
    device,
    undo: () => {
      execFileSync('umount', ['-l', folder], quiet)
      execFileSync('losetup', ['--detach', device], quiet)
    },
  }
}

/** Whether this process may make block devices of files. */
export function mayLoop(): boolean {
  return mayMount() && has('losetup') && has('mkfs.ext4') && existsSync('/dev/loop-control')
}

/** A FAT32 volume in a file of `size` bytes (sparse), mounted by fusefat. */
export function fatVolume(folder: string, size: number): () => void {
  mkdirSync(folder, { recursive: true })
  const image = `${folder}.img`
  writeFileSync(image, '')
  truncateSync(image, size)
  execFileSync('mkfs.vfat', ['-F', '32', image], quiet)
  execFileSync('fusefat', ['-o', 'rw+', image, folder], quiet)
  return () => execFileSync('umount', ['-l', folder], quiet)
}

/** An exFAT volume in a file of `size` bytes on a block device, mounted by exfat-fuse. */
export function exfatVolume(
  folder: string,
  size: number,
): { readonly device: string; readonly undo: () => void } {
  mkdirSync(folder, { recursive: true })
  const image = `${folder}.img`
  writeFileSync(image, '')
  truncateSync(image, size)
  execFileSync('mkfs.exfat', [image], quiet)
  const device = execFileSync('losetup', ['--find', '--show', image], { encoding: 'utf8' }).trim()
  execFileSync('mount.exfat-fuse', [device, folder], quiet)
  return {
    device,
    undo: () => {
      execFileSync('umount', ['-l', folder], quiet)
      execFileSync('losetup', ['--detach', device], quiet)
    },
  }
}

/** Whether this kernel has a file system of its own for that. */
export function kernelHas(fileSystem: string): boolean {
  return new RegExp(`\\t${fileSystem}$`, 'm').test(readFileSync('/proc/filesystems', 'utf8'))
}

/** An image of a disc, mounted to read: by the kernel where it can, else by fuseiso. Gives how to take it away. */
export function discVolume(image: string, folder: string, kind: 'iso9660' | 'udf'): () => void {
  mkdirSync(folder, { recursive: true })
  if (kernelHas(kind)) execFileSync('mount', ['-t', kind, '-o', 'loop,ro', image, folder], quiet)
  else execFileSync('fuseiso', [image, folder], quiet)
  return () => execFileSync('umount', ['-l', folder], quiet)
}
