import { basename } from 'node:path'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { hexOf } from '../../../shared/digest.ts'
import { isFreeText } from '../../../shared/names.ts'
import { Failure } from '../../platform/failure.ts'
import { readCapped } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import { limits } from '../../platform/limits.ts'
import { publicGoodRoot } from '../../trust/public-good.ts'
import { rootsToInstall } from '../../sigstore/root-forms.ts'
import { compareTyped, wordsOf } from '../../trust/fingerprint.ts'
import { contentOfRoot, RootError, type RootContent } from '../../trust/root.ts'
import { rootView } from '../views/trust.ts'
import { writable, type Context } from '../work/context.ts'
import { checkName, checkTyped } from './input.ts'
import { makeChange } from './make-change.ts'

/** `root.add`: only with the whole fingerprint of the file, typed from paper. */
export async function add(context: Context, input: CallInput<'root.add'>): Promise<CallOutput<'root.add'>> {
  const desk = writable(context)
  const { name } = input
  checkName('the name', name)
  const { bytes: file, origin } = await rootFrom(context, input.place)
  const bytes = meant(file, input.fingerprint)
  const source = bytes.toString('utf8')
  checkTyped(input.fingerprint, hexOf(digestOf(bytes)))
  checkRoot(bytes)
  const root = { name, digest: digestOf(bytes), source, origin, tuf: null }
  const { pending } = await makeChange(context, { kind: 'root.add', root }, input.officer)
  const installed = desk.state.roots.find((one) => one.name === name)
  return { ...rootView(installed ?? { ...root, at: null, by: [] }), pending }
}

/** Of several roots in one file the one whose fingerprint was typed: comparing is typing here too. */
function meant(file: Buffer, typed: string): Buffer {
  const found = rootsToInstall(file).find((one) => compareTyped(typed, hexOf(digestOf(one))) === 'same')
  return found ?? file
}

/** `root.show`: what a file of trusted roots holds, root by root. Nothing is installed. */
export async function show(
  context: Context,
  input: CallInput<'root.show'>,
): Promise<CallOutput<'root.show'>> {
  const path = context.places.path(input.place, 'trusted-root')
  const file = await readCapped(path, limits.trustedRootBytes)
  const roots = rootsToInstall(file).filter((one) => one.at(-1) !== newLine || one.length === file.length)
  return {
    roots: roots.map((bytes) => {
      const hex = hexOf(digestOf(bytes))
      const { authorities, unusable } = checkRoot(bytes)
      return {
        fingerprint: { hex, words: wordsOf(hex) },
        authorities: [...authorities],
        unusable: [...unusable],
      }
    }),
  }
}

const newLine = 0x0a

async function rootFrom(
  context: Context,
  place: string | null,
): Promise<{ readonly bytes: Buffer; readonly origin: string }> {
  if (place === null)
    return { bytes: Buffer.from(publicGoodRoot, 'utf8'), origin: 'the copy that is built in' }
  const path = context.places.path(place, 'trusted-root')
  const label = basename(path)
  const origin = isFreeText(label) ? `file ${label}` : 'a file'
  return { bytes: await readCapped(path, limits.trustedRootBytes), origin }
}

function checkRoot(bytes: Buffer): RootContent {
  try {
    return contentOfRoot(bytes)
  } catch (error) {
    if (error instanceof RootError) throw new Failure('root-form', { found: error.message }, error)
    throw error
  }
}
