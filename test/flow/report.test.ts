import { spawnSync } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, sallyport, type Said } from '../support/command-line.ts'
import { decideBoth, makeBundle, makeCrossing, writeRequest, type Crossing } from '../support/desks.ts'

const hasTools = ['openssl', 'jq', 'sha256sum'].every((tool) => spawnSync('which', [tool]).status === 0)

describe.skipIf(!hasTools)(
  'a report, recomputed with standard tools (needs openssl, jq and sha256sum)',
  () => {
    let crossing: Crossing
    let folder: string
    let verified: Said
    let sent: string
    beforeAll(async () => {
      crossing = await makeCrossing()
      const made = await makeBundle(crossing, 'medium', { 'notes.txt': 'notes\n', 'b.txt': 'b' })
      folder = made.folder
      sent = made.id
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

    it('holds what people signed, which the printed commands verify without the station', async () => {
      shell('jq -r .dsseEnvelope.payload report.json | base64 -d > statement.json')
      const types = shell("jq -r '.predicate.statements[].type' statement.json").split('\n')
      expect(types).toEqual(['decision.signed', 'decision.signed'])
      const page = await readFile(join(crossing.folder, 'report.html'), 'utf8')
      const script = /What people signed.*?<pre>(.*?)<\/pre>/s.exec(page)?.[1] ?? ''
      const plain = script.replaceAll('&lt;', '<').replaceAll('&#39;', "'").replaceAll('&quot;', '"')
      expect(shell(plain.replaceAll('&gt;', '>').replaceAll('&amp;', '&'))).toBe('Verified OK')
      expect(shell('jq -r .predicate.outcome act.json')).toBe('accept')
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

    it('is a table with a row for each item, check, person, all with the digest of the record', async () => {
      const out = join(crossing.folder, 'report.csv')
      await done(
        ['report', verified.id, '--desk', crossing.high, '--format', 'csv', '--out', out],
        crossing.clock,
      )
      const [head = '', ...rows] = (await readFile(out, 'utf8')).split('\r\n').slice(0, -1)
      expect(head).toMatch(/^"row","record","transfer",/)
      const page = await readFile(join(crossing.folder, 'report.html'), 'utf8')
      const types: Record<string, number> = {}
      for (const row of rows) {
        const [, type = '', record = ''] = /^"([a-z]+)","(sha256:[0-9a-f]{64})",/.exec(row) ?? []
        types[type] = (types[type] ?? 0) + 1
        expect(page).toContain(record)
      }
      expect(types).toEqual({ crossing: 1, item: 2, inside: 4, check: verified.checks.length, person: 4 })
    })

    it('goes with sheets for the media that were written, and only for those', async () => {
      const sheet = (kind: string, id = sent, desk = crossing.low) =>
        sallyport(
          ['sheet', id, '--desk', desk, '--kind', kind, '--out', join(crossing.folder, `${kind}.html`)],
          crossing.clock,
        )
      expect((await sheet('label')).json.failure.code).toBe('consignment-state')
      await done(['readback', folder, '--desk', crossing.low], crossing.clock)
      const { ledger } = await done(['desk', 'show', '--desk', crossing.low], crossing.clock)
      expect((await sheet('label')).json.ok).toBe(true)
      expect((await sheet('custody')).json.ok).toBe(true)
      const custody = await readFile(join(crossing.folder, 'custody.html'), 'utf8')
      const sums = await readFile(join(folder, 'SHA256SUMS'), 'utf8')
      for (const name of ['bundle.tar', 'medium.json']) {
        const [sum = ''] =
          sums
            .split('\n')
            .find((line) => line.endsWith(`  ${name}`))
            ?.split(' ') ?? []
        expect(custody).toContain(`<code>sha256:${sum}</code>`)
      }
      const label = await readFile(join(crossing.folder, 'label.html'), 'utf8')
      expect(label).toMatch(/Transfer id<\/dt>\s*<dd>\s*<code>[0-9a-f]{16}<\/code>/)
      expect(label).toContain(`<code>${(ledger as { root: string }).root}</code>`)
      expect(label).not.toMatch(/payments|notes/)
      expect((await sheet('label')).json.failure.code).toBe('file-exists')
      expect((await sheet('other')).code).toBe(2)
      // A high desk has sheets for media that it handed on itself, and here it wrote none.
      expect((await sheet('custody', verified.id, crossing.high)).json.failure.code).toBe('consignment-state')
      const { id } = await done(
        ['collect', await writeRequest(crossing, ['file: ./notes.txt']), '--desk', crossing.low],
        crossing.clock,
      )
      await rm(join(crossing.folder, 'label.html'))
      expect((await sheet('label', id)).json.failure.code).toBe('consignment-state')
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
