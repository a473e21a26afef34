import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done } from '../support/command-line.ts'
import { decideBoth, makeBundle, makeCrossing, type Crossing } from '../support/desks.ts'

const tools = ['bash', 'openssl', 'jq', 'sha256sum', 'tar']
const hasTools = tools.every((tool) => spawnSync('which', [tool]).status === 0)

describe.skipIf(!hasTools)(`a report, recomputed number by number (needs ${tools.join(', ')})`, () => {
  let crossing: Crossing
  let bundle: string
  let page: string
  beforeAll(async () => {
    crossing = await makeCrossing()
    const { clock, folder, high } = crossing
    const made = await makeBundle(
      crossing,
      'medium',
      { 'notes.txt': 'notes\n', 'b.txt': Buffer.alloc(9000) },
      ['--part-size', '8192'],
    )
    bundle = made.folder
    const { id } = await done(['verify', bundle, '--desk', high], clock)
    await decideBoth(crossing, id, 'hold')
    await decideBoth(crossing, id, 'accept')
    for (const format of ['json', 'html'])
      await done(
        ['report', id, '--desk', high, '--format', format, '--out', join(folder, `report.${format}`)],
        clock,
      )
    const out = join(folder, 'low')
    for (const format of ['json', 'html'])
      await done(
        ['report', made.id, '--desk', crossing.low, '--format', format, '--out', `${out}.${format}`],
        clock,
      )
    for (const side of ['low', 'high'] as const) {
      const card = JSON.parse(readFileSync(join(crossing[side], 'desk.json'), 'utf8')) as { station: string }
      const pem = `-----BEGIN PUBLIC KEY-----\n${card.station.match(/.{1,64}/g)?.join('\n') ?? ''}\n-----END PUBLIC KEY-----\n`
      writeFileSync(join(folder, `${side}.pub`), pem)
    }
    page = readFileSync(join(folder, 'report.html'), 'utf8')
  })
  afterAll(() => crossing.dispose())

  const recompute = (print: string, json = 'report.json', key = 'high.pub') =>
    spawnSync(resolve('test/support/recompute.sh'), [print, json, bundle, key], {
      cwd: crossing.folder,
      encoding: 'utf8',
    })

  it('comes to the same on the high side', () => {
    const { status, stdout, stderr } = recompute('report.html')
    expect({ status, stderr, wrong: stdout.match(/WRONG.*/g) }).toEqual({
      status: 0,
      stderr: '',
      wrong: null,
    })
    expect(stdout).toMatch(
      /^[0-9]+ digests printed, [0-9]+ computed again, 1 as the waybill states; 19 figures, [0-9]+ sizes; 0 wrong$/m,
    )
  })

  it('comes to the same on the low side', () => {
    const { status, stdout, stderr } = recompute('low.html', 'low.json', 'low.pub')
    expect({ status, stderr, stdout }).toMatchObject({ status: 0, stderr: '' })
  })

  it('does not take the record of another station', () =>
    expect(recompute('report.html', 'report.json', 'low.pub').stdout).toContain('WRONG the signature'))

  it('finds every digit that is changed in a digest or a count', () => {
    const text = page.slice(page.indexOf('</style>'))
    const start = page.length - text.length
    const digits = [
      ...text.matchAll(/[0-9a-f]{64}/g),
      ...text.matchAll(
        /[0-9]+(?= (items?|blobs?|bytes|events?|failed|not checked|attention|passed|left out)\b)/g,
      ),
      ...text.matchAll(/(?<=<td><code>)[0-9]+(?=<\/code><\/td>)/g),
    ].map((found) => start + found.index)
    expect(digits.length).toBeGreaterThan(60)
    // Each ninth: every kind of number comes up, and the run stays short.
    const missed = digits
      .filter((_at, i) => i % 9 === 0)
      .filter((at) => {
        const other = page[at] === '7' ? '8' : '7'
        writeFileSync(join(crossing.folder, 'changed.html'), page.slice(0, at) + other + page.slice(at + 1))
        return recompute('changed.html').status === 0
      })
    expect(missed.map((at) => page.slice(at - 60, at + 80))).toEqual([])
  })

  it('is done by the very commands that it prints', () => {
    const plain = (html: string): string =>
      html
        .replace(/&quot;/g, '"')
        .replace(/&#39;/g, "'")
        .replace(/&lt;/g, '<')
        .replace(/&gt;/g, '>')
        .replace(/&amp;/g, '&')
    const last = page.slice(page.indexOf('How to recompute each number'))
    const shell = (script: string): string => {
      const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', script], {
        cwd: bundle,
        encoding: 'utf8',
      })
      if (status !== 0) throw new Error(`${script}: ${stderr}`)
      return stdout.trim()
    }
    writeFileSync(join(bundle, 'report.json'), readFileSync(join(crossing.folder, 'report.json')))
    writeFileSync(join(bundle, 'station.pub'), readFileSync(join(crossing.folder, 'high.pub')))
    const [before, signature, act, keys] = [...last.matchAll(/<pre>([^<]*)<\/pre>/g)].map((found) =>
      plain(found[1] ?? ''),
    )
    shell(before ?? 'false')
    expect(shell(signature ?? 'false')).toBe('Verified OK')
    expect(shell(act ?? 'false')).toBe('Verified OK')
    expect(shell(keys ?? 'false').split('\n')).toHaveLength(4)
    const rows = [
      ...last.matchAll(
        /<td>([^<]+)<\/td>\s*<td>\s*<code>([^<]+)<\/code>\s*<\/td>[^]*?<code\s+class="command"\s*>([^<]+)<\/code/g,
      ),
    ].map(([, name = '', value = '', command = '']) => ({
      name: plain(name),
      value,
      command: plain(command),
    }))
    expect(rows.length).toBe(20)
    for (const { name, value, command } of rows) {
      const [found = ''] = shell(command).split(' ')
      expect({ name, found }).toEqual({ name, found: value.replace('sha256:', '') })
    }
  })
})
