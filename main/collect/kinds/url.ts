import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isFileTitle, isWeb } from '../../../shared/names.ts'
import type { AskedUrl } from '../../../shared/request.ts'
import { fileManifest } from '../../oci/file-manifest.ts'
import { namesBeside } from '../../oci/file-evidence.ts'
import { emptyBytes } from '../../oci/kind.ts'
import { Failure } from '../../platform/failure.ts'
import { readCapped } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { realInside } from '../../source/inside.ts'
import { downloadWeb, type WebFile } from '../../source/web.ts'
import type { Draft } from '../draft.ts'
import { besideFile } from './file-evidence.ts'
import { keep, withIncoming } from './incoming.ts'
import { madeDraft } from './made-draft.ts'
import { keysIn, signedBy } from './signed-by.ts'
import type { CollectTools } from '../tools.ts'

/** The name that a file of the web travels under: the last step of its address. @throws Failure `file-title` */
function titleOf(url: URL): string {
  let title = ''
  try {
    title = decodeURIComponent(url.pathname.slice(url.pathname.lastIndexOf('/') + 1))
  } catch (error) {
    if (!(error instanceof URIError)) throw error
  }
  if (isFileTitle(title)) return title
  throw new Failure('file-title', {
    found: title === '' ? url.href : title,
    expected: 'letters, digits, blanks and . _ - + ~ , @ =',
  })
}

/** The name beside a file under which its signature is read: with the ending that it has where it lies. */
function signatureName(title: string, signature: string, { digest }: WebFile): string {
  const names = namesBeside(title, digest).map(([name]) => name)
  const endings = names.filter((name) => name.startsWith(title)).map((name) => name.slice(title.length))
  const known = endings
    .filter((ending) => ending !== '' && signature.endsWith(ending))
    .sort((a, b) => b.length - a.length)
  return `${title}${known[0] ?? '.sig'}`
}

/** Puts the signature beside the file. */
async function layBeside(
  asked: AskedUrl & { readonly signed: { readonly signature: string } },
  place: {
    readonly folder: string
    readonly incoming: string
    readonly title: string
    readonly file: WebFile
  },
  tools: CollectTools,
): Promise<void> {
  const { signature } = asked.signed
  const to = join(place.incoming, signatureName(place.title, signature, place.file))
  const most = limits.largeBundleBytes
  if (!isWeb(signature)) {
    const real = await realInside(place.folder, signature, asked.at)
    await writeFile(to, await readCapped(real, most), { flag: 'wx', mode: 0o600 })
    return
  }
  const { gate, credentials, signal } = tools
  await downloadWeb({
    url: new URL(signature),
    to,
    most,
    gate,
    credentials,
    signal,
    advance: () => undefined,
  })
}

/** Demands that a signature by a key that the request names holds. @throws Failure `url-unsigned` */
async function checkSigned(asked: AskedUrl, path: string, key: Buffer, tools: CollectTools): Promise<void> {
  const signed = await signedBy(path, key, tools)
  if ('signer' in signed) return
  throw new Failure('url-unsigned', {
    subject: asked.reference,
    expected: `a signature by the key in ${asked.signed?.key ?? ''}`,
    found: signed.found,
  })
}

/**
 * Takes a file of the web, once it is what the request says it must be: of its SHA-256, or signed by its key, or both.
 *
 * @throws Failure `file-title`, `web-differs`, `url-unsigned`, and those of `downloadWeb`
 */
export async function draftUrl(asked: AskedUrl, folder: string, tools: CollectTools): Promise<Draft> {
  const { reference, sha256, signed, evidence, at } = asked
  const { blobs, gate, credentials, signal } = tools
  const url = new URL(reference)
  const title = titleOf(url)
  return withIncoming(blobs, async (incoming) => {
    const to = join(incoming, title)
    const advance = (bytes: number): void => tools.items.advance(reference, bytes)
    const file = await downloadWeb({ url, to, most: limits.webFileBytes, gate, credentials, signal, advance })
    if (sha256 !== null && sha256 !== file.digest)
      throw new Failure('web-differs', { subject: reference, expected: sha256, found: file.digest })
    if (signed !== null) {
      const key = await keysIn(folder, signed.key, at)
      await layBeside({ ...asked, signed }, { folder, incoming, title, file }, tools)
      await checkSigned(asked, to, key, tools)
    }
    await keep(to, file.digest, blobs)
    await blobs.putBytes(emptyBytes)
    const draft = await madeDraft(asked, fileManifest({ title, ...file }), tools)
    const beside = { reference: basename(to), evidence, at }
    const spoken = await besideFile(beside, { root: draft.root, content: file.digest }, incoming, tools)
    return { ...draft, ...spoken }
  })
}
