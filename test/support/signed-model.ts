import { createHash } from 'node:crypto'
import { makeBundle, statement, type BundlePlan } from './authority/bundle.ts'

/* Models as `model_signing` signs them: a statement that lists the files of a folder. */

/** Files by their paths below the model. */
export type ModelFiles = Readonly<Record<string, string | Buffer>>

interface Resource {
  readonly name: string
  readonly algorithm: string
  readonly digest: string
}

/** What of an honest statement is another. */
export interface ModelPlan {
  readonly name?: string
  readonly root?: string
  readonly resources?: (honest: readonly Resource[]) => readonly unknown[]
  readonly serialization?: Readonly<Record<string, unknown>>
  readonly predicateType?: string
}

export const modelType = 'https://model_signing/signature/v1.0'
const hexOf = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex')

/** What the program leaves out unless it is told otherwise. */
export const ignored = ['model.sig', '.git', '.gitattributes', '.github', '.gitignore']

/** The resources of an honest statement: all files but those that are left out. */
export function resourcesOf(files: ModelFiles): Resource[] {
  return Object.entries(files)
    .filter(([name]) => !ignored.some((one) => name === one || name.startsWith(`${one}/`)))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, content]) => ({ name, algorithm: 'sha256', digest: hexOf(content) }))
}

/** The digest of the whole: over the digests of the resources, in their order. */
export function rootOf(resources: readonly { readonly digest?: string }[]): string {
  const digests = resources.map(({ digest = '' }) => Buffer.from(digest, 'hex'))
  return hexOf(Buffer.concat(digests))
}

/** An in-toto statement about a model. */
export function modelStatement(files: ModelFiles, plan: ModelPlan = {}): Buffer {
  const honest = resourcesOf(files)
  const resources = (plan.resources ?? ((same) => same))(honest)
  const sha256 = plan.root ?? rootOf(resources as readonly Resource[])
  return statement({
    subject: [{ name: plan.name ?? 'assistant', digest: { sha256 } }],
    predicateType: plan.predicateType ?? modelType,
    predicate: {
      resources,
      serialization: {
        ...{ method: 'files', hash_type: 'sha256', allow_symlinks: false, ignore_paths: ignored },
        ...plan.serialization,
      },
    },
  })
}

/** With a key, as `model_signing sign key` does it. */
export const withKey: BundlePlan = { signer: 'key', logs: [], stamps: [] }

/** The signature of a model, as the file that is written. */
export function signModel(files: ModelFiles, plan: ModelPlan = {}, how: BundlePlan = withKey): string {
  const payload = modelStatement(files, plan)
  return JSON.stringify(makeBundle({ payload, ...how, content: 'envelope' }).json)
}

/** The same with the certificate's chain beside it, as `model_signing sign certificate` writes it in a bundle 0.3. */
export function withChain(signed: string, above: readonly Buffer[]): string {
  const json = JSON.parse(signed) as ReturnType<typeof makeBundle>['json']
  const { certificate, ...material } = json.verificationMaterial
  if (certificate === undefined) throw new Error('signed with a key')
  const certificates = [certificate, ...above.map((one) => ({ rawBytes: one.toString('base64') }))]
  return JSON.stringify({
    ...json,
    verificationMaterial: { ...material, x509CertificateChain: { certificates } },
  })
}
