import { lstat } from 'node:fs/promises'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import type { SignedFile } from '../../../shared/calls/sign.ts'
import { Failure } from '../../platform/failure.ts'
import { readCapped, writeRecord } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { publicServices } from '../../sign/keyless/public-services.ts'
import { rulesTo } from '../../sign/keyless/service.ts'
import { signInByBrowser, signInByDevice, type SignIn } from '../../sign/keyless/sign-in.ts'
import {
  authorityOf,
  issuerOf,
  noServices,
  readSigningConfig,
  servicesOf,
  type Services,
} from '../../sign/keyless/signing-config.ts'
import { ambientToken, readToken } from '../../sign/keyless/token.ts'
import { signBundle, type SignedBy, type ToSign } from '../../sign/sign-bundle.ts'
import { Refusal } from '../../sigstore/refusal.ts'
import type { TrustedRoot } from '../../sigstore/trusted-root.ts'
import { provenView } from '../../evidence/proven-view.ts'
import { readWay, type Way } from '../work/access.ts'
import type { Context } from '../work/context.ts'
import { rootsFrom } from '../judging/evidence-trust.ts'
import { openBy } from './prove-key.ts'
import type { JobContext } from '../work/jobs.ts'
import { networkFor } from '../work/network.ts'
import { ambientPlace } from '../work/environment.ts'

type Input = CallInput<'sign.start'>

/** What is asked of services: which to use, who makes certificates, where people sign in. */
interface Asked extends Services {
  readonly authority: () => URL
  readonly issuer: () => URL
}

// The public root is built in, for the public services alone.
async function readRoots(context: Context, input: Input): Promise<readonly TrustedRoot[]> {
  if (input.root === undefined && input.services !== 'public') return []
  try {
    return await rootsFrom(context, input.root === undefined ? [] : [input.root])
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new Failure('root-form', { found: `${error.reason.found} (${error.reason.code})` }, error)
  }
}

async function readServices(context: Context, input: Input): Promise<Asked | null> {
  if (input.services === undefined) return null
  if (input.services === 'public') {
    const { url } = publicServices.authority
    const issuer = (): never => {
      throw new Failure('service-needed', { expected: 'a signing configuration to sign in by' })
    }
    return { ...publicServices, authority: () => url, issuer }
  }
  const path = context.places.path(input.services, 'services')
  const config = readSigningConfig(await readCapped(path, limits.signingConfigBytes))
  const now = context.ports.clock.now()
  return {
    ...servicesOf(config, now),
    authority: () => authorityOf(config, now).url,
    issuer: () => issuerOf(config, now).url,
  }
}

async function contentOf(context: Context, input: Input): Promise<ToSign> {
  const path = context.places.path(input.file, 'artifact')
  if (!input.statement) return { kind: 'file', path }
  return { kind: 'statement', payload: await readCapped(path, limits.statementBytes) }
}

interface Going {
  readonly context: Context
  readonly asked: Asked | null
  readonly way: Way
  readonly job: JobContext
}

async function tokenText(
  by: Exclude<Input['by'], { kind: 'key' }>,
  asked: Asked,
  going: Going,
): Promise<string> {
  const { context, way, job } = going
  const open: SignIn['open'] = (urls) => networkFor(context, rulesTo(urls, way)).gate
  if (by.kind === 'token') return by.token
  if (by.kind === 'ambient') {
    const place = ambientPlace()
    return ambientToken(place, open(place.kind === 'request' ? [place.url] : []), job.signal)
  }
  const show = context.ports.signIn
  if (show === undefined) throw new Failure('not-here', { expected: 'somebody who can sign in' })
  const { clock } = context.ports
  const signIn: SignIn = { issuer: asked.issuer(), clock, open, show, signal: job.signal }
  return by.kind === 'browser' ? signInByBrowser(signIn) : signInByDevice(signIn)
}

async function signedBy(input: Input, going: Going): Promise<SignedBy> {
  const { context, asked } = going
  const { by } = input
  if (by.kind === 'key') {
    return { kind: 'key', signer: await openBy(context, by.key) }
  }
  if (asked === null) throw new Failure('service-needed', { expected: 'a signing configuration' })
  const authority = asked.authority()
  const text = await tokenText(by, asked, going)
  return { kind: 'token', token: readToken(text, context.ports.clock.now()), authority }
}

// A high desk opens no connection, whatever it is asked to sign.
function checkSide(context: Context, input: Input): void {
  if (input.services === undefined || context.opened?.desk.state.card.side !== 'high') return
  throw new Failure('network-refused', { host: 'the signing services', expected: 'no connection at all' })
}

async function outputs(
  context: Context,
  input: Input,
): Promise<{ bundle: string; signature: string | null }> {
  const bundle = context.places.path(input.bundle, 'signature')
  const signature = input.signature === undefined ? null : context.places.path(input.signature, 'signature')
  for (const path of input.replace ? [] : [bundle, signature]) {
    if (path !== null && (await lstat(path).catch(() => null)) !== null)
      throw new Failure('file-exists', { path })
  }
  return { bundle, signature }
}

async function run(context: Context, input: Input, job: JobContext): Promise<SignedFile> {
  checkSide(context, input)
  const out = await outputs(context, input)
  const content = await contentOf(context, input)
  const roots = await readRoots(context, input)
  const asked = await readServices(context, input)
  const way = await readWay(context, input)
  job.step('identity')
  const by = await signedBy(input, { context, asked, way, job })
  const services = asked ?? noServices
  const urls = [...services.logs, ...services.timestamps].map(({ url }) => url)
  const all = by.kind === 'token' ? [by.authority, ...urls] : urls
  const gate = all.length === 0 ? null : networkFor(context, rulesTo(all, way)).gate
  job.step('sign')
  const made = await signBundle({ content, by, services, gate, roots, signal: job.signal })
  job.step('write')
  if (out.signature !== null) await writeRecord(out.signature, made.signature, 0o644)
  await writeRecord(out.bundle, made.bundle, 0o644)
  return { ...out, proven: provenView(made.proven, made.asked) }
}

/** `sign.start`. */
export async function start(context: Context, input: Input): Promise<CallOutput<'sign.start'>> {
  return {
    job: context.jobs.start('sign', ['read', 'identity', 'sign', 'write'], (job) => run(context, input, job)),
  }
}
