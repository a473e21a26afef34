import { spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, type Said } from '../support/command-line.ts'
import { decideBoth, makeBundle, makeCrossing, type Crossing } from '../support/desks.ts'

const hasTools = ['openssl', 'jq', 'sha256sum'].every((tool) => spawnSync('which', [tool]).status === 0)

describe.skipIf(!hasTools)(
  'a report, recomputed with standard tools (needs openssl, jq and sha256sum)',
  () => {
    let crossing: Crossing
    let folder: string
    let verified: Said
    beforeAll(async () => {
      crossing = await makeCrossing()
      folder = (await makeBundle(crossing, 'medium', { 'notes.txt': 'notes\n', 'b.txt': 'b' })).folder
      verified = await done(['verify', folder, '--desk', crossing.high], crossing.clock)
      await decideBoth(crossing, verified.id, 'accept')
      for (const format of ['json', 'html']) {
        const out = join(crossing.folder, `report.${format}`)
        await done(
          ['report', verified.id, '--desk', crossing.high, '--format', format, '--out', out],
          crossing.clock,
        )
      }
    })
    afterAll(() => crossing.dispose())

    const shell = (script: string): string => {
      const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', script], {
        cwd: crossing.folder,
        encoding: 'utf8',
      })
      if (status !== 0) throw new Error(`${script}: ${stderr}`)
      return stdout.trim()
    }

    it('has the digest, the counts and the signature that its own instructions give', async () => {
      shell('jq -r .dsseEnvelope.payload report.json | base64 -d > statement.json')
      const digest = shell("jq -cS .predicate statement.json | tr -d '\\n' | sha256sum").split(' ')[0]
      const page = await readFile(join(crossing.folder, 'report.html'), 'utf8')
      expect(page).toContain(`sha256:${digest ?? ''}`)
      const counts = JSON.parse(
        shell(
          "jq '.predicate.verdict.checks | group_by(.result) | map({(.[0].result): length}) | add' statement.json",
        ),
      ) as Record<string, number>
      expect(counts['pass']).toBe(verified.counts.pass)
      expect(counts['warn']).toBe(verified.counts.warn)
      const card = JSON.parse(await readFile(join(crossing.high, 'desk.json'), 'utf8')) as { station: string }
      await writeFile(join(crossing.folder, 'station.der'), Buffer.from(card.station, 'base64'))
      shell("jq -r '.dsseEnvelope.signatures[0].sig' report.json | base64 -d > statement.sig")
      shell(
        '{ printf \'DSSEv1 28 application/vnd.in-toto+json %d \' "$(wc -c < statement.json)"; cat statement.json; } > statement.pae',
      )
      const said = shell(
        'openssl pkey -pubin -inform DER -in station.der -out station.pub && openssl dgst -sha256 -verify station.pub -signature statement.sig statement.pae',
      )
      expect(said).toBe('Verified OK')
    })

    it('names every item root contiguously, and people by id and name', async () => {
      const page = await readFile(join(crossing.folder, 'report.html'), 'utf8')
      const shown = await done(['consignment', 'show', verified.id, '--desk', crossing.high], crossing.clock)
      for (const item of shown['content'] as { root: { digest: string } }[])
        expect(page).toContain(item.root.digest)
      for (const person of [
        'Dave Okoro (dave)',
        'Erin Sand (erin)',
        'Bob Lind (bob)',
        'Carol Diaz (carol)',
        'Alice Moss (alice)',
      ]) {
        expect(page).toContain(person)
      }
      expect(page).toContain('desk.founding')
      expect(page).not.toMatch(/<script|<link|https?:\/\//)
    })

    it('is written nowhere but where it was asked for, and never over something', async () => {
      const before = shell('find high -type f | xargs sha256sum | sha256sum')
      const out = join(crossing.folder, 'again.json')
      await done(
        ['report', verified.id, '--desk', crossing.high, '--format', 'json', '--out', out],
        crossing.clock,
      )
      expect(shell('find high -type f | xargs sha256sum | sha256sum')).toBe(before)
    })
  },
)
