import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const cli = join(import.meta.dirname, '..', '..', 'out', 'main', 'cli.cjs')

/** What a command answered, as the demo uses it. */
export interface Answer {
  readonly code: number
  readonly value: {
    readonly id?: string
    readonly folder?: string
    readonly outcome?: string
    readonly waybill?: string
    readonly words?: readonly string[]
    readonly fingerprint?: { readonly hex: string; readonly words: readonly string[] }
    readonly checks?: readonly {
      readonly id: string
      readonly result: string
      readonly subject: string
      readonly found: string
      readonly means: string
    }[]
    readonly failure?: { readonly code: string; readonly happened: string }
  }
}

/** Runs the built command line, as a person would. */
export function sallyport(...words: string[]): Answer {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...words, '--json'], {
    encoding: 'utf8',
  })
  if (stdout === '') throw new Error(`sallyport ${words.join(' ')}: ${stderr}`)
  return { code: status ?? 1, value: JSON.parse(stdout) as Answer['value'] }
}

/** Runs it and insists on success. */
export function must(...words: string[]): Answer['value'] {
  const { code, value } = sallyport(...words)
  if (code !== 0) throw new Error(`sallyport ${words.join(' ')} ended with ${code}: ${JSON.stringify(value)}`)
  return value
}

/** A person of the demo with a key file of their own. */
export interface Person {
  readonly id: string
  readonly name: string
  readonly key: string
  readonly passphraseFile: string
  readonly hex: string
}

export async function makePerson(
  folder: string,
  id: string,
  name: string,
  algorithm: string,
): Promise<Person> {
  const key = join(folder, `${id}.key`)
  const passphraseFile = join(folder, `${id}.passphrase`)
  await writeFile(passphraseFile, `${randomBytes(12).toString('base64url')}\n`, { mode: 0o600 })
  const { fingerprint } = must(
    'key',
    'create',
    key,
    '--algorithm',
    algorithm,
    '--passphrase-file',
    passphraseFile,
  )
  return { id, name, key, passphraseFile, hex: fingerprint?.hex ?? '' }
}

export function signing(person: Person): string[] {
  return ['--person', person.id, '--key', person.key, '--passphrase-file', person.passphraseFile]
}
