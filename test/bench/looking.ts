import { execFileSync } from 'node:child_process'
import { createCipheriv, createHash } from 'node:crypto'
import { closeSync, mkdirSync, mkdtempSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LayoutFolder } from './layout-folder.ts'
import { line, measure, sallyport, type Measured } from './measure.ts'

const mib = 1024 * 1024
const layerType = 'application/vnd.oci.image.layer.v1.tar'

/** A layer of so many bytes that do not compress, written piece by piece into a layout. */
function layer(layout: LayoutFolder, seed: number, bytes: number): object {
  const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16))
  const hash = createHash('sha256')
  const part = join(layout.path, 'part')
  const file = openSync(part, 'w')
  for (let done = 0; done < bytes; done += mib) {
    const piece = noise.update(Buffer.alloc(mib))
    hash.update(piece)
    writeSync(file, piece)
  }
  closeSync(file)
  const hex = hash.digest('hex')
  renameSync(part, join(layout.path, 'blobs', 'sha256', hex))
  return { mediaType: layerType, digest: `sha256:${hex}`, size: bytes }
}

/** A layout of eight layers as a tar. */
function archive(folder: string, gib: number): string {
  const layout = new LayoutFolder(join(folder, 'layout'))
  const layers = Array.from({ length: 8 }, (_, i) => layer(layout, i + 1, (gib * 1024 * mib) / 8))
  layout.name(layout.image({ layers }))
  const path = join(folder, `${gib}.tar`)
  execFileSync('tar', ['-C', layout.path, '-cf', path, 'blobs', 'index.json', 'oci-layout'])
  rmSync(layout.path, { recursive: true })
  return path
}

function said(name: string, { seconds, peak, code }: Measured, base: Measured): void {
  const ratio = (seconds / base.seconds).toFixed(2)
  line(
    name,
    `${seconds.toFixed(2)} s, ${ratio} x sha256sum, ${peak.toFixed(0)} MB at its highest, exit ${code}`,
  )
}

const has = (program: string): boolean => {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** What a look costs beside reading the same file by standard tools: whole processes, the file in the cache. */
export async function lookingBench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-looking-'))
  try {
    for (const gib of [1, 8]) {
      const tar = archive(folder, gib)
      const sums = await measure('sha256sum', [tar])
      said(`${gib} GiB: sha256sum`, sums, sums)
      said(`${gib} GiB: tar t`, await measure('tar', ['-tf', tar]), sums)
      if (has('skopeo')) {
        const to = join(folder, 'copied')
        mkdirSync(to)
        const words = ['--insecure-policy', 'copy', '-q', `oci-archive:${tar}`, `dir:${to}`]
        said(`${gib} GiB: skopeo, which unpacks it`, await measure('skopeo', words), sums)
        rmSync(to, { recursive: true })
      }
      said(`${gib} GiB: look`, await sallyport('look', tar), sums)
      const packers: readonly (readonly [string, string[]])[] = [
        ['zstd', ['-q', '-1', '--rm', tar]],
        ['gzip', ['-1', tar]],
      ]
      const [program, words] = packers.find(([name]) => has(name)) ?? ['gzip', ['-1', tar]]
      execFileSync(program, words)
      const packed = `${tar}.${program === 'zstd' ? 'zst' : 'gz'}`
      said(`${gib} GiB, ${program}: tar t`, await measure('tar', ['-tf', packed]), sums)
      said(`${gib} GiB, ${program}: look`, await sallyport('look', packed), sums)
      rmSync(packed)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
