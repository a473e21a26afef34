import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done } from '../support/command-line.ts'
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
    await verify()
    expect(await outdated()).toEqual([])
  })
})
