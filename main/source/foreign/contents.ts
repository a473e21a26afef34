import type { Digest } from '../../../shared/digest.ts'
import type { Tree, TreeFile } from '../../archive/tree.ts'
import type { ReadManifest } from '../source.ts'

/** Formats that are read, as `look` names them. */
export const foreignFormats = [
  'oci-layout',
  'cosign-save',
  'docker-archive',
  'docker-oci-hybrid',
  'docker-dir',
  'zarf',
  'uds-bundle',
  'haul',
  'imgpkg',
  'oc-mirror',
  'helm-chart',
  'tar',
  'folder',
  'file',
] as const
export type ForeignFormat = (typeof foreignFormats)[number]

/** The questions that a reader answers about the container. Who signed it is asked of what it names in `signed`. */
export type ContainerCheck = 'container.sums' | 'container.complete' | 'container.agreement'

/** Something that the container says and that is not so. `reason` is a closed word of `shared/text/look-reasons.ts`. */
export interface ForeignProblem {
  readonly check: ContainerCheck
  readonly reason: string
  readonly subject: string
  readonly expected: string
  readonly found: string
}

/** What lies in a container under a name or digest of its own. */
export interface ForeignItem {
  readonly kind: 'image' | 'chart' | 'file' | 'folder' | 'package' | 'bundle' | 'artifact'
  /** As the container says it; `null` where it says none. */
  readonly name: string | null
  readonly version: string | null
  /** Every name that it goes by, as they stand there. */
  readonly references: readonly string[]
  /** The manifest or index; of formats without them, the config. A chart, package or file alone: its bytes. */
  readonly digest: Digest
  readonly mediaType: string
  readonly platforms: readonly string[]
  /** Bytes of everything that belongs to it and is here. */
  readonly size: number
  /** What speaks for it, and for what is below it: by what it speaks for. */
  readonly evidence: readonly { readonly subject: Digest; readonly manifest: ReadManifest }[]
  /** How it is signed by files of its own; `whole`: by what signs the container, whose content it is. */
  readonly signing?: Signing | 'whole'
  /** Items of which it is a part: where one of them is signed to its last byte, so is this. */
  readonly partOf?: readonly Digest[]
}

/** An image that something in the container names, and whether the container carries it. */
export interface NamedImage {
  readonly reference: string
  /** Files in which it is named. */
  readonly where: readonly string[]
  readonly carried: boolean
}

/** A signature over a file of the container, or over the whole. */
export interface ContainerSignature {
  /** The file that holds it: in the container, or beside the whole. */
  readonly path: string
  readonly bytes: Buffer
  /** Its form, as a media type of evidence (`oci/file-evidence.ts`). */
  readonly type: string
  /** What was signed: a file of the container whose sums lead to all others; `null`: the whole, as it lies there. */
  readonly over: string | null
}

/** Whether and how a container is signed as a whole. */
export interface Signing {
  readonly signatures: readonly ContainerSignature[]
  /** What the container itself says and its signatures do not bear out (says that it is signed, and none is there). */
  readonly contradicts: { readonly expected: string; readonly found: string; readonly reason: string } | null
  /** What the signed bytes do not reach, in a sentence; `null`: they lead to every byte. */
  readonly reaches: string | null
  /** What is wrong as long as nobody is proven to have signed it: then its own word excuses nothing. */
  readonly unlessProven?: readonly ForeignProblem[]
}

/** What a reader found. */
export interface Contents {
  readonly format: ForeignFormat
  readonly items: readonly ForeignItem[]
  /** Files that are no content of an item under a digest. */
  readonly files: readonly Pick<TreeFile, 'path' | 'size' | 'digest'>[]
  readonly named: readonly NamedImage[]
  /** What was compared, in words with figures ("14 blobs with the digests in their names"); `null`: there is nothing to compare. */
  readonly compared: Readonly<Record<ContainerCheck, string | null>>
  readonly problems: readonly ForeignProblem[]
  /** What somebody should know and what is no fault, as checks that warn. */
  readonly warnings: readonly ForeignProblem[]
  /** `null`: the format has no place for a signature of the whole. */
  readonly signing: Signing | null
  /** Whether items may be signed one by one. */
  readonly itemsSigned: boolean
  /** Blobs of evidence, by digest. */
  readonly blobs: BlobSource | null
}

/** Where blobs that items name are had. */
export interface BlobSource {
  has(digest: Digest): boolean
  /** @throws Failure, ArchiveProblem */
  read(digest: Digest, most: number): Promise<Buffer>
  lend: <Found>(
    digest: Digest,
    use: (through: (take: (piece: Buffer) => void) => Promise<void>) => Promise<Found>,
  ) => Promise<Found>
}

/** A reader of one format: `null` for what is not in it. By what is there, never by a file's name. */
export type ForeignReader = (tree: Tree) => Promise<Contents | null>

/** At most so many problems are said; the rest is counted by nobody. */
const mostProblems = 200

/** Collects problems, each about something once. */
export class Problems {
  readonly found: ForeignProblem[] = []
  private readonly seen = new Set<string>()

  add(check: ContainerCheck, reason: string, subject: string, expected: string, found: string): void {
    const mark = `${check} ${reason} ${subject}`
    if (this.seen.has(mark) || this.found.length >= mostProblems) return
    this.seen.add(mark)
    this.found.push({ check, reason, subject, expected, found })
  }

  /** Takes those that were found in a part, under what that is called. */
  take(more: readonly ForeignProblem[], part = ''): void {
    for (const { check, reason, subject, expected, found } of more) {
      this.add(check, reason, `${part}${subject}`, expected, found)
    }
  }
}
