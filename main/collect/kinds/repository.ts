import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AskedFolder } from '../../../shared/request.ts'
import type { Finding } from '../../../shared/waybill.ts'
import { ArchiveProblem } from '../../archive/problem.ts'
import { Failure } from '../../platform/failure.ts'
import { plain } from '../../source/reading.ts'
import { aptRepository } from '../../source/repositories/apt.ts'
import { dnfRepository } from '../../source/repositories/dnf.ts'
import { npmRepository } from '../../source/repositories/npm.ts'
import { pypiRepository } from '../../source/repositories/pypi.ts'
import type {
  Index,
  Release,
  Repository,
  RepositoryFiles,
  Unread,
} from '../../source/repositories/listing.ts'
import { clearText, signedLines } from '../../source/repositories/clear-signed.ts'
import { speakingIn, type Speaking } from '../../source/repositories/speaking.ts'
import { withIncoming } from './incoming.ts'
import { keysIn, signedBy } from './signed-by.ts'
import type { CollectTools } from '../tools.ts'

type Tell = (code: string, subject: string, detail: string) => void

function lies(asked: AskedFolder, path: string, index: Index, expected: string, found: string): never {
  throw new Failure('folder-lies', { path: `${asked.reference}/${path}`, index: index.path, expected, found })
}

/** Holds every file that an index lists and that is here against what it says. @throws Failure `folder-lies` */
async function checkIndex(
  asked: AskedFolder,
  index: Index,
  files: RepositoryFiles,
  tell: Tell,
): Promise<Speaking[]> {
  const absent: string[] = []
  const speaking: Speaking[] = []
  let count = 0
  let bare = 0
  let mute = 0
  for await (const listed of index.listed()) {
    const { path, sha256, size, sha512 } = listed
    const at = `${index.root}${path}`
    const file = files.paths.get(at)
    if (file === undefined) {
      count += 1
      if (absent.length < 3) absent.push(path)
      continue
    }
    if (sha256 !== null && sha256 !== file.digest) lies(asked, at, index, sha256, file.digest)
    if (size !== null && size !== file.size) lies(asked, at, index, `${size} bytes`, `${file.size} bytes`)
    if (sha512 !== undefined && sha512.found !== sha512.stated)
      lies(asked, at, index, `sha512-${sha512.stated}`, `sha512-${sha512.found ?? ''}`)
    if (sha256 === null && sha512 === undefined) bare += 1
    const said = speakingIn(listed, { of: at, list: index.path }, files)
    speaking.push(...said.found)
    if (said.absent) mute += 1
  }
  const said = `${absent.join(', ')}${count > absent.length ? ', …' : ''}`
  // A release lists forms of its lists that mirrors leave out; what a list of packages names is what people install.
  if (count > 0 && !/(?:^|\/)(?:In)?Release$/.test(index.path))
    tell('repository-incomplete', index.path, `It lists ${count} files that are not carried: ${said}.`)
  if (bare > 0)
    tell(
      'repository-unread',
      index.path,
      `It states no sum that is compared for ${bare} files, which nothing else says to be right.`,
    )
  if (mute > 0)
    tell('repository-incomplete', index.path, `Of ${mute} files it names evidence that is not carried.`)
  return speaking
}

/** Whether somebody of the keys in the request's file signed a release. @throws Failure `folder-unsigned` */
async function checkSignature(
  asked: AskedFolder,
  release: Release,
  files: RepositoryFiles,
  keys: Buffer,
  tools: CollectTools,
): Promise<void> {
  const refuse = (found: string): never => {
    const expected = `${release.path} signed by somebody of ${asked.key ?? ''}`
    throw new Failure('folder-unsigned', { path: asked.reference, expected, found })
  }
  if (release.around === true) {
    const text = await files.text(release.path)
    const signed = await tools.foreign.signedText(Buffer.from(text, 'utf8'), keys)
    if ('found' in signed) return refuse(signed.found)
    // What is read is what was signed, also where the two are taken out of their frame by different hands.
    if (signedLines(signed.text) !== signedLines(clearText(text) ?? ''))
      return refuse('another text than is read')
    return
  }
  const [document, signature] = [files.place(release.path), files.place(release.signature ?? '')]
  if (document === null || signature === null) return refuse('no signature beside it')
  await withIncoming(tools.blobs, async (incoming) => {
    const path = join(incoming, 'release')
    await copyFile(document, path)
    await copyFile(signature, `${path}.asc`)
    const signed = await signedBy(path, keys, tools)
    if ('found' in signed) refuse(signed.found)
  })
}

function unsigned({ releases }: Repository, tell: Tell): void {
  for (const { path, signature } of releases) {
    const detail =
      signature === null
        ? 'Nothing beside it signs it.'
        : 'It has a signature, which nobody was asked about: “key:” in the request says whose counts.'
    tell('repository-unsigned', path, detail)
  }
}

/**
 * Checks a folder that is a repository of packages, by what was taken of it: its release by the key that the request names,
 * and each file that is here by the lists that lead to it. Other folders have nothing to check.
 *
 * @returns what the signers must know, and what the lists have or name as evidence of files
 * @throws Failure `folder-lies`, `folder-unsigned`
 */
export async function checkRepository(
  asked: AskedFolder,
  folder: string,
  files: RepositoryFiles,
  tools: CollectTools,
): Promise<{ readonly findings: Finding[]; readonly speaking: readonly Speaking[] }> {
  const findings: Finding[] = []
  const speaking: Speaking[] = []
  const tell: Tell = (code, subject, detail) =>
    findings.push({ code, subject: `${asked.reference}: ${subject}`.slice(0, 500), detail: plain(detail) })
  const found = [
    aptRepository(files),
    await dnfRepository(files),
    pypiRepository(files),
    await npmRepository(files),
  ]
  const releases = found.flatMap((one) => one.releases)
  const unread: Unread[] = found.flatMap((one) => [...one.unread])
  if (asked.key !== null) {
    if (releases.length === 0)
      throw new Failure('folder-unsigned', {
        path: asked.reference,
        expected: 'a repository of apt or dnf, whose release is signed',
        found: 'none',
      })
    const keys = await keysIn(folder, asked.key, asked.at)
    for (const one of releases) await checkSignature(asked, one, files, keys, tools)
  } else for (const one of found) unsigned(one, tell)
  for (const index of found.flatMap((one) => one.indexes)) {
    try {
      speaking.push(...(await checkIndex(asked, index, files, tell)))
    } catch (error) {
      if (!(error instanceof ArchiveProblem)) throw error
      unread.push({ path: index.path, why: `${error.found}; expected ${error.expected}` })
    }
  }
  for (const { path, why } of unread)
    tell('repository-unread', path, `What it lists was not held against the files: ${why}.`)
  return { findings, speaking }
}
