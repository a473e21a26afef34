import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { digestOf } from '../../../main/platform/hash.ts'
import type { Ask } from '../../../main/sigstore/verify-bundle.ts'
import { rootBytes } from '../authority/world.ts'
import { attackTables } from './all.ts'
import type { Given } from './attack.ts'
import { honestBundles } from './honest.ts'

/** What a verifier is asked, as files that another runtime can read. */
export interface Question {
  readonly name: string
  readonly bundle: string
  readonly artifact: string
  readonly roots: readonly string[]
  /** SPKI in base64. */
  readonly key: string | null
  readonly rawEnvelope: string | null
  readonly ask: Omit<Ask, 'roots' | 'key' | 'rawEnvelope'>
}

/** Writes every honest bundle and every attack on bundles into a folder; gives what each must come to. */
export function writeQuestions(folder: string): ReadonlyMap<string, string> {
  const put = (bytes: Buffer): string => {
    const name = digestOf(bytes).slice(7)
    writeFileSync(join(folder, name), bytes)
    return name
  }
  const question = (name: string, { bytes, artifact, ask }: Given): Question => {
    const { roots, key, rawEnvelope, ...rest } = ask
    return {
      name,
      bundle: put(bytes),
      artifact: put(artifact),
      roots: roots.map((root) => put(rootBytes(root))),
      key: key?.spki.toString('base64') ?? null,
      rawEnvelope: rawEnvelope?.toString('base64') ?? null,
      ask: rest,
    }
  }
  const expected = new Map<string, string>()
  const questions: Question[] = []
  const add = (name: string, given: (() => Given) | null, code: string): void => {
    if (given === null) return
    expected.set(name, code)
    questions.push(question(name, given()))
  }
  for (const { name, given } of honestBundles) add(`honest: ${name}`, given, 'accepted')
  for (const [table, attacks] of Object.entries(attackTables)) {
    for (const { name, given, code } of attacks) add(`${table}: ${name}`, given, code)
  }
  writeFileSync(join(folder, 'questions.json'), JSON.stringify(questions))
  return expected
}
