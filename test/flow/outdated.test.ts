import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, linesOf, sallyport } from '../support/command-line.ts'
import { makeBundle, makeCrossing, makePerson, type Crossing } from '../support/desks.ts'

describe('what was changed since a verdict', () => {
  let crossing: Crossing
  let folder: string
  let id: string
  beforeAll(async () => {
    crossing = await makeCrossing()
    ;({ folder } = await makeBundle(crossing, 'medium-1'))
    ;({ id } = await verify())
  })
  afterAll(() => crossing.dispose())

  const at = () => ['--desk', crossing.high]
  const verify = (): Promise<{ id: string }> => done(['verify', folder, ...at()], crossing.clock)
  async function outdated(): Promise<string[]> {
    const shown = await done(['consignment', 'show', id, ...at()], crossing.clock)
    return (shown.outdated as { what: string; at: string }[]).map(({ what }) => what)
  }

  it('is nothing right after it, and nothing by a person who is added', async () => {
    expect(await outdated()).toEqual([])
    const frank = await makePerson(crossing.folder, 'frank', 'Frank Ode', 'p256')
    const who = ['--id', 'frank', '--name', 'Frank Ode', '--role', 'witness', '--key', `${frank.key}.pub`]
    await done(['person', 'add', ...who, ...at()], crossing.clock)
    expect(await outdated()).toEqual([])
  })

  it('is each of policy, trust and revocations, until it is read again', async () => {
    const policy = join(crossing.folder, 'policy-2.yaml')
    await writeFile(policy, 'sallyport: policy/v1\nversion: 2\n')
    await done(['policy', 'set', policy, ...at()], crossing.clock)
    expect(await outdated()).toEqual(['policy'])
    const gina = await makePerson(crossing.folder, 'gina', 'Gina Hult', 'p256')
    const whom = ['--key', `${gina.key}.pub`, '--name', gina.name, '--fingerprint', gina.fingerprint]
    await done(['trust', 'add', ...whom, '--role', 'release', ...at()], crossing.clock)
    expect(await outdated()).toEqual(['policy', 'trust'])
    await done(['trust', 'revoke', gina.fingerprint, '--reason', 'Left', ...at()], crossing.clock)
    expect(await outdated()).toEqual(['policy', 'trust', 'revocations'])
    const lines = await linesOf(['consignment', 'show', id, ...at()], crossing.clock)
    const told = lines.filter((line) => line.startsWith('OUTDATED: since this verdict '))
    expect(told.map((line) => line.slice(29).replace(/ \(.*/, ''))).toEqual([
      'the policy was changed',
      'trust in a signer was added',
      'a key or a root was revoked',
    ])
    expect(lines.join('\n')).toContain(`judged again: sallyport judge ${id} --desk FOLDER`)
    await verify()
    expect(await outdated()).toEqual([])
  })

  it('is judged by the command that says so, without the medium, with the outcome as its exit code', async () => {
    await rm(folder, { recursive: true })
    await done(
      ['trust', 'revoke', crossing.people.bob.fingerprint, '--reason', 'Left', ...at()],
      crossing.clock,
    )
    const judged = await sallyport(['judge', id, ...at()], crossing.clock)
    expect(judged.code).toBe(3)
    expect(judged.json).toMatchObject({ id, outcome: 'failed' })
    expect(await outdated()).toEqual([])
    const low = await sallyport(['judge', id, '--desk', crossing.low], crossing.clock)
    expect(low.json.failure.code).toBe('wrong-side')
  })
})
