import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KitItem } from '../../main/landing/kit/kit-facts.ts'
import { hasDockerRegistry } from '../support/docker-registry.ts'
import { buildPrograms, missingPrograms } from '../support/go-programs.ts'
import { missingAlone } from '../support/landing/alone.ts'
import { installNode, type Node } from '../support/landing/containerd.ts'
import { startFarSide, type FarSide } from '../support/landing/site.ts'

const needs = ['containerd', 'ctr'] as const
const missing =
  missingPrograms(needs) ??
  missingAlone ??
  (process.getuid?.() === 0 ? null : 'it must be root') ??
  (hasDockerRegistry ? null : 'there is no docker-registry')
if (missing !== null) console.log(`Not run: the kit for containerd with containerd, because ${missing}.`)

/*
 * Stands for `sallyport admit`: it writes down what it is asked and answers by a plain list of digests. The contract is
 * the same: words, descriptor on stdin, one line on stdout, 0 or 1.
 */
const standIn = `#!/bin/sh
folder="$(dirname "$0")"
echo "$*" >> "$folder/asked"
cat >> "$folder/asked"
while [ $# -gt 0 ]; do [ "$1" = -digest ] && digest="$2"; shift; done
if grep -q "$digest" "$folder/listed"; then echo "on the list"; exit 0; fi
echo "not on the list"; exit 1
`

describe.skipIf(missing !== null)('the kit for containerd, offline', () => {
  let far: FarSide
  let listed: KitItem
  let unlisted: KitItem
  let moved: KitItem
  beforeAll(async () => {
    buildPrograms(needs)
    far = await startFarSide([])
    listed = await far.land('team/listed')
    unlisted = await far.land('team/unlisted')
    const there = await far.land('team/there')
    moved = { ...there, from: 'registry.example/team/moved:v1', name: 'registry.example/team/moved' }
  }, 1_800_000)
  afterAll(() => far.close())

  const facts = () =>
    far.facts([listed, unlisted, moved], {
      kind: 'landing',
      keys: [{ name: 'landing', pem: '', fingerprint: 'a'.repeat(64) }],
    })
  let installed = 0
  function node(): Node & { readonly asked: () => string } {
    const programs = join(far.folder, `programs-${(installed += 1)}`)
    mkdirSync(programs)
    writeFileSync(join(programs, 'sallyport'), standIn)
    chmodSync(join(programs, 'sallyport'), 0o755)
    writeFileSync(join(programs, 'listed'), `${listed.digest}\n${moved.digest}\n`)
    const asked = join(programs, 'asked')
    return {
      ...installNode(far, far.install('containerd', facts()), programs),
      asked: () => (existsSync(asked) ? readFileSync(asked, 'utf8') : ''),
    }
  }
  const old = ({ name, digest }: KitItem): string => `${name}@${digest}`
  const here = ({ repository, digest }: KitItem): string => `${repository}@${digest}`

  it('takes what is listed and refuses what is not, by the old name and by the new', async () => {
    const { pull, asked, folder } = node()
    const [first, second, third, fourth] = await pull([
      old(listed),
      old(unlisted),
      here(listed),
      here(unlisted),
    ])
    expect(first).toMatchObject({ taken: true })
    expect(second?.said).toContain('rejected image (exit code 1): not on the list')
    expect(second).toMatchObject({ taken: false })
    expect(third).toMatchObject({ taken: true })
    expect(fourth?.said).toContain('rejected image (exit code 1): not on the list')
    expect(fourth).toMatchObject({ taken: false })
    const words = asked()
    expect(words).toContain(
      `admit --list ${folder}/admit.list.json --key ${folder}/landing.pub --state ${folder}/state/admit.state -name ${old(listed)} -digest ${listed.digest} -stdin-media-type application/vnd.oci.descriptor.v1+json`,
    )
    expect(words).toContain(`"digest":"${listed.digest}"`)
  })

  it('does not find by its old name what moved to another path, as its page says', async () => {
    const { pull } = node()
    const [first, second] = await pull([old(moved), here(moved)])
    expect(first?.said).toContain('not found')
    expect(first).toMatchObject({ taken: false })
    expect(second).toMatchObject({ taken: true })
  })

  it('blocks nothing without its program, and asks nothing for a local pull: both stand in the steps', async () => {
    const local = node()
    expect(await local.pull([old(unlisted)], ['--local'])).toMatchObject([{ taken: true }])
    expect(local.asked()).toBe('')
    const without = node()
    renameSync(join(without.folder, 'bin/sallyport-admit'), join(without.folder, 'away'))
    expect(await without.pull([old(unlisted)])).toMatchObject([{ taken: true }])
  })

  it('refuses everything where the program cannot be run', async () => {
    const { pull, folder } = node()
    chmodSync(join(folder, 'bin/sallyport-admit'), 0o644)
    const [first] = await pull([old(listed)])
    expect(first?.said).toContain('failed to call verifier')
    expect(first).toMatchObject({ taken: false })
  })
})
