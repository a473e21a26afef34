import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AskedGit } from '../../../shared/request.ts'
import type { Finding } from '../../../shared/waybill.ts'
import { Failure } from '../../platform/failure.ts'
import { realInside } from '../../source/inside.ts'
import { plain } from '../../source/reading.ts'
import type { Draft } from '../draft.ts'
import { GitRepository } from './git-repository.ts'
import { withIncoming } from './incoming.ts'
import { keysIn, signedBy } from './signed-by.ts'
import { sshSigned } from './ssh-tag.ts'
import { draftTree, titleOf } from './tree-item.ts'
import type { CollectTools } from '../tools.ts'

const armors = { openPgp: '-----BEGIN PGP SIGNATURE-----', ssh: '-----BEGIN SSH SIGNATURE-----' } as const
const commitForm = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/

function refuse(asked: AskedGit, expected: string, found: string): never {
  throw new Failure('git-refused', { subject: asked.reference, expected, found: found.slice(0, 300) })
}

/** A tag of git with its signature, taken apart (git, `Documentation/gitformat-signature`). @throws Failure `git-refused` */
function readTag(
  asked: AskedGit,
  tag: string,
  bytes: Buffer,
): { commit: string; text: Buffer; signature: Buffer; ssh: boolean } {
  const [openPgp, ssh] = [bytes.indexOf(armors.openPgp), bytes.indexOf(armors.ssh)]
  const at = openPgp < 0 || (ssh >= 0 && ssh < openPgp) ? ssh : openPgp
  if (at < 0) return refuse(asked, `a signature of OpenPGP or SSH in the tag ${tag}`, 'none')
  const text = bytes.subarray(0, at)
  const [, commit = '', name = ''] =
    /^object ([0-9a-f]+)\ntype commit\ntag ([^\n]+)\n/.exec(text.toString('utf8')) ?? []
  if (!commitForm.test(commit))
    return refuse(asked, `a tag of a commit`, `${tag}, which is of something else`)
  // A signed tag put under another name would be a genuine signature over another version.
  if (name !== tag) return refuse(asked, `a tag that calls itself ${tag}`, `one that calls itself ${name}`)
  return { commit, text, signature: bytes.subarray(at), ssh: at === ssh }
}

/** Demands that somebody of the keys in the request's file signed the tag. @throws Failure `git-refused` */
async function signedTag(
  asked: AskedGit,
  { tag, key }: { readonly tag: string; readonly key: string },
  repository: GitRepository,
  place: { readonly folder: string; readonly incoming: string },
  tools: CollectTools,
): Promise<{ readonly commit: string; readonly signer: string }> {
  const bytes = await repository.tag(tag)
  if (bytes === null)
    return refuse(asked, `the tag ${tag}, with a message and a signature`, 'none of that name')
  const { commit, text, signature, ssh } = readTag(asked, tag, bytes)
  const keys = await keysIn(place.folder, key, asked.at)
  const path = join(place.incoming, 'tag')
  await writeFile(path, text, { flag: 'wx', mode: 0o600 })
  await writeFile(`${path}.asc`, signature, { flag: 'wx', mode: 0o600 })
  const signed = ssh ? await sshSigned(text, signature, keys) : await signedBy(path, keys, tools)
  if ('found' in signed) return refuse(asked, `the tag ${tag} signed by somebody of ${key}`, signed.found)
  return { commit, signer: signed.signer }
}

/** What of a commit is only a name for something elsewhere. */
async function elsewhere(asked: AskedGit, commit: string, repository: GitRepository): Promise<Finding[]> {
  const subject = asked.reference
  const modules = await repository.file(commit, '.gitmodules')
  const named = [...(modules?.toString('utf8') ?? '').matchAll(/^\s*url\s*=\s*(\S+)/gm)].map(
    ([, url = '']) => url,
  )
  const submodules = named.slice(0, 50).map((url): Finding => {
    const detail = plain(
      `It names the submodule ${url}, which is not carried. Ask for it as an item of its own.`,
    )
    return { code: 'git-submodule', subject, detail }
  })
  const attributes = await repository.file(commit, '.gitattributes')
  if (attributes === null || !/filter=lfs/.test(attributes.toString('utf8'))) return submodules
  const detail = 'It keeps large files with Git LFS: they are named here, and their content is not carried.'
  return [...submodules, { code: 'git-lfs', subject, detail }]
}

/**
 * Takes a repository of git at one commit, with all its history, as a bundle that git itself makes.
 *
 * @throws Failure `git-missing`, `git-refused`, `git-failed`, `path-outside`, `not-found`
 */
export async function draftGit(asked: AskedGit, folder: string, tools: CollectTools): Promise<Draft> {
  const { reference, revision, url, at } = asked
  return withIncoming(tools.blobs, async (incoming) => {
    const from = url ?? pathToFileURL(await realInside(folder, reference, at)).href
    const repository = await GitRepository.open({ from, reference, incoming }, tools)
    const signed =
      'tag' in revision ? await signedTag(asked, revision, repository, { folder, incoming }, tools) : null
    const commit = signed?.commit ?? ('commit' in revision ? revision.commit : '')
    if (!(await repository.has(commit)))
      refuse(asked, `the commit ${commit}`, 'none that a branch or tag leads to')
    const tag = 'tag' in revision ? revision.tag : null
    const name = titleOf(url === null ? reference : new URL(url).pathname).replace(/\.git$/, '')
    const place = await repository.bundle(commit, tag, join(incoming, `${name}.bundle`))
    const files = [{ path: `${name}.bundle`, place, size: (await stat(place)).size }]
    const draft = await draftTree(asked, { title: name, version: tag ?? commit, files }, tools)
    tools.items.change(reference, { note: commit })
    if (signed !== null) {
      const detail = plain(`The tag ${tag ?? ''} is the commit ${commit}. It is signed: ${signed.signer}.`)
      draft.findings.push({ code: 'git-tag', subject: reference, detail })
    }
    draft.findings.push(...(await elsewhere(asked, commit, repository)))
    return draft
  })
}
