import type { CallInput } from '../../../shared/contract.ts'
import type { Found, Ground } from '../../evidence/survey.ts'
import { openLayout } from '../../oci/layout.ts'
import {
  parseLayoutReference,
  parseReference,
  parseRepository,
  type RegistryReference,
} from '../../oci/reference.ts'
import { Registry } from '../../oci/registry.ts'
import { isLoopback } from '../../platform/hop.ts'
import { Failure } from '../../platform/failure.ts'
import { realPath } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { SharedLayout } from '../../source/layout-evidence.ts'
import { layoutSource } from '../../source/layout-source.ts'
import { registrySource } from '../../source/registry-source.ts'
import type { Named, ReadManifest, Source } from '../../source/source.ts'
import { withSignatures } from '../../source/with-signatures.ts'
import { credentialsFrom, readAccess } from './access.ts'
import type { Context } from './context.ts'
import { networkFor } from './network.ts'

/* An image that somebody wants to ask about, wherever it lies, for acts that keep nothing of it. */

/** What such an act is given. */
export type Asked = Pick<
  CallInput<'evidence.show'>,
  'image' | 'signatures' | 'plainHttp' | 'auth' | 'ca' | 'clients' | 'certs' | 'proxy'
>

async function inLayout(context: Context, layout: string, name: string): Promise<Source> {
  const path = await realPath(context.places.path(layout, 'layout'))
  const opened = new SharedLayout(await openLayout(path, path))
  return layoutSource(opened, { ...parseLayoutReference(`oci:./layout${name}`), path }, `${path}${name}`)
}

/** Repositories of registries, opened with what the act was given. */
async function registriesOf(
  context: Context,
  input: Asked,
  asked: readonly RegistryReference[],
  signal: AbortSignal,
): Promise<(one: RegistryReference) => Source> {
  const plainHttp = input.plainHttp ? asked.map(({ host }) => host).filter(isLoopback) : []
  const access = await readAccess(context, input)
  const { gate, rules } = networkFor(context, { hosts: 'any', plainHttp, ...access.way })
  const credentials = await credentialsFrom(context, access, asked, signal)
  return (one) => registrySource(new Registry(one.host, { gate, rules, credentials, signal }), one)
}

/** Opens where it lies. @throws Failure */
export async function openAsked(context: Context, input: Asked, signal: AbortSignal): Promise<Source> {
  const { image, signatures } = input
  const item =
    typeof image === 'string' ? parseReference(image) : await inLayout(context, image.layout, image.name)
  const beside = signatures === undefined ? [] : [{ ...parseRepository(signatures), tag: null, digest: null }]
  const asked = 'repository' in item ? [item, ...beside] : beside
  // A layout alone asks nobody.
  const open = asked.length === 0 ? null : await registriesOf(context, input, asked, signal)
  const own = 'repository' in item ? open?.(item) : item
  const [other] = beside
  if (own === undefined) throw new Failure('internal', { found: 'a registry that was not opened' })
  return other === undefined || open === null ? own : withSignatures(own, open(other))
}

/** A manifest as a survey takes it. */
export const foundOf = (read: ReadManifest): Found => ({ ...read, size: read.bytes.length })

/** Where a survey looks; it ends with `signal`. */
export function groundOf(source: Source, signal: AbortSignal): Ground {
  // A layout asks nobody, so nothing else ends the reading of a large one.
  const goOn = (): void => {
    if (signal.aborted) throw new Failure('cancelled')
  }
  return {
    manifest: async (named: Named) => {
      goOn()
      return foundOf(await source.manifest(named))
    },
    evidence: async (subject) => {
      goOn()
      const answer = await source.evidence(subject)
      return {
        evidence: answer.evidence.map(foundOf),
        findings: answer.findings.map(({ detail }) => detail),
      }
    },
    blobs: {
      read: async (digest, size) => {
        goOn()
        return source.blob(digest, Math.min(size, limits.sigstoreBundleBytes))
      },
      lend: async (digest, size, use) => {
        goOn()
        return source.lend(digest, size, (through) =>
          use((take) =>
            through((piece) => {
              goOn()
              take(piece)
            }),
          ),
        )
      },
    },
  }
}
