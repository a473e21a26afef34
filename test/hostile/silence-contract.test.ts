import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { contract, type CallName } from '../../shared/contract.ts'
import { purposes } from '../../shared/calls/place.ts'
import { openSession, type Answer, type Session } from '../../main/desk/session.ts'
import { openGate, type GateRules } from '../../main/platform/network.ts'
import { done } from '../support/command-line.ts'
import { layProgram } from '../support/credential-program.ts'
import { decideBoth, makeBundle, makeCrossing, type Crossing } from '../support/desks.ts'
import { TestRegistry } from '../support/registry.ts'
import { inputsOf } from '../support/samples.ts'

/*
 * A high desk speaks to the registries that its policy names, to export, and to nobody else: held over every call of the
 * contract, with every way that its input has, so that a call that is added is held too.
 */

let crossing: Crossing
let accepted = ''
let named: TestRegistry
let strange: TestRegistry
let session: Session
/** What gates were asked for, and whether a request was made through them. */
const opened: { readonly call: string; readonly rules: GateRules }[] = []
const asked: { readonly call: string; readonly host: string }[] = []
let during = ''

beforeAll(async () => {
  crossing = await makeCrossing()
  // What the environment says of proxies is for low desks.
  vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9')
  named = await new TestRegistry().open()
  strange = await new TestRegistry().open()
  const { folder } = await makeBundle(crossing, 'stick')
  accepted = (await done(['verify', folder, '--desk', crossing.high], crossing.clock)).id
  await decideBoth(crossing, accepted, 'accept')
  const policy = join(crossing.folder, 'policy.yaml')
  const registries = `exportRegistries:\n  - { host: "${named.host}", allow: [plain-http] }\n`
  await writeFile(policy, `sallyport: policy/v1\nversion: 2\n${registries}`)
  await done(['policy', 'set', policy, '--desk', crossing.high], crossing.clock)
  session = openSession({
    clock: crossing.clock,
    network: (rules, options) => {
      opened.push({ call: during, rules })
      const gate = openGate(rules, options)
      return {
        request: (url, init) => {
          asked.push({ call: during, host: url.host })
          return gate.request(url, init)
        },
      }
    },
  })
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await session.close()
  await Promise.all([named.close(), strange.close()])
  await crossing.dispose()
})
beforeEach(async () => {
  opened.length = 0
  asked.length = 0
  named.heard.length = 0
  during = 'desk.open'
  // Calls close the desk, or open another: the next one is asked of this one again.
  await session.answer('desk.close', {})
  const place = session.place('desk', crossing.high)
  expect(await session.answer('desk.open', { place, mode: 'write' })).toMatchObject({ ok: true })
})

async function call(name: CallName, input: object): Promise<Answer> {
  during = name
  const answer = await session.answer(name, input)
  const job = answer.ok && 'result' in contract.calls[name] ? answer['job'] : undefined
  if (typeof job !== 'string') return answer
  const ended = await session.answer('job.wait', { job })
  return ended.ok && ended['state'] === 'done' ? answer : ({ ok: false, failure: ended['failure'] } as Answer)
}

const codeOf = (answer: Answer): string => (answer.ok ? 'done' : answer.failure.code)

describe('a high desk', () => {
  const texts = (): string[] => [
    `${strange.host}/secret/x:1`,
    strange.host,
    strange.origin,
    session.place('layout', crossing.folder),
    `sha256:${'a'.repeat(64)}`,
    'a'.repeat(64),
    'a'.repeat(16),
    accepted,
    '2026-11-22T09:14:00Z',
    '2026-12-04',
    '2026-12',
    'dave',
    'QUFB',
    '1',
  ]

  it('is asked with places that are right: still nothing', async () => {
    const places = Object.fromEntries(purposes.map((one) => [one, session.place(one, crossing.folder)]))
    const image = `${strange.host}/secret/x:1`
    const request = `sallyport: request/v1\nname: a\nreason: b\nrequester: dave\ndestinations: [${crossing.lowId}]\nchannel: a\nitems:\n  - image: ${image}\n    allow: [plain-http]\n`
    const file = session.place('artifact', crossing.passphrase)
    const sign = { file, statement: false, services: 'public', bundle: places['signature'], replace: true }
    const target = { kind: 'registry', host: strange.host, prefix: '' }
    const tried: [CallName, object, string][] = [
      ['evidence.show', { image, roots: [], keys: [], plainHttp: true }, 'wrong-side'],
      ['collect.start', { request: { text: request, folder: null } }, 'wrong-side'],
      [
        'package.make',
        { from: { url: strange.origin }, root: places['trusted-root'], to: places['package'] },
        'wrong-side',
      ],
      ['sign.start', { ...sign, by: { kind: 'browser' } }, 'network-refused'],
      ['sign.start', { ...sign, by: { kind: 'device' } }, 'network-refused'],
      ['sign.start', { ...sign, by: { kind: 'ambient' } }, 'network-refused'],
      ['sign.start', { ...sign, by: { kind: 'token', token: 'a.b.c' } }, 'network-refused'],
      ['export.start', { id: accepted, target }, 'network-refused'],
    ]
    for (const [name, input, code] of tried)
      expect([name, codeOf(await call(name, input))]).toEqual([name, code])
    expect(strange.heard).toEqual([])
    expect(named.heard).toEqual([])
  })

  it('exports to the registry that its policy names', async () => {
    const target = { kind: 'registry', host: named.host, prefix: 'in' }
    const programs = await layProgram(join(crossing.folder, 'programs'), 'spy', {})
    vi.stubEnv('PATH', programs)
    const config = join(crossing.folder, 'config.json')
    await writeFile(config, JSON.stringify({ credsStore: 'spy' }))
    const auth = session.place('auth', config)
    expect(codeOf(await call('export.start', { id: accepted, target, auth }))).toBe('done')
    // No program is run for a credential.
    expect(await readdir(programs)).toEqual(['docker-credential-spy'])
    expect(opened.filter(({ rules }) => rules.proxying)).toEqual([])
    const proxy = { url: strange.origin }
    expect(codeOf(await call('export.start', { id: accepted, target, proxy }))).toBe('network-refused')
    expect(named.heard.length).toBeGreaterThan(0)
    expect(strange.heard).toEqual([])
  })

  // Last, because some of them close the consignment.
  it.each(Object.keys(contract.calls) as CallName[])('%s: opens no connection', async (name) => {
    const inputs = inputsOf(name, texts())
    // That a call can be asked at all is what makes its silence say something.
    expect(inputs.length).toBeGreaterThan(0)
    for (const input of inputs) expect(codeOf(await call(name, input))).not.toBe('bad-input')
    expect(
      opened.filter(
        ({ rules }) =>
          rules.hosts === 'any' || rules.proxying || rules.hosts.some(({ host }) => host !== named.host),
      ),
    ).toEqual([])
    expect(asked).toEqual([])
    expect([named.heard, strange.heard]).toEqual([[], []])
  })
})
