import { spawnSync } from 'node:child_process'
import { access, chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseNameMap } from '../../main/export/name-map.ts'
import { parseRequest } from '../../main/request/parse.ts'
import { buildFile } from '../support/build-file.ts'

/*
 * The examples that are marked to run, as they are printed, by a shell in one folder. The test is the person: it types
 * the passphrase where a command would ask for it, and what is to be read off a paper or a screen.
 */

const pages = ['README.md', 'signatures', 'officers', 'looking'].map((name) =>
  name.endsWith('.md') ? name : `shared/text/manual/${name}.md`,
)

interface Example {
  readonly page: string
  readonly command: string
  readonly code: number
  /** Of a refusal: its code, the check that failed, or the reason. */
  readonly says: string
}

/** The commands of a page's `sh run` fences: a line, with those that continue it or that it reads. */
function examplesOf(page: string, text: string): Example[] {
  return [...text.matchAll(/^```sh run\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) => {
    const commands = block.match(/^.*<<END\n[\s\S]*?^END$|^(?:.*\\\n)*.*[^\\\n]$/gm) ?? []
    return commands.map((command) => {
      const [, code = '0', says = ''] = /# exit (\d+), ([\w.-]+)/.exec(command) ?? []
      return { page, command, code: Number(code), says }
    })
  })
}

describe('the examples of README and manual', () => {
  let folder = ''
  const seen: Record<string, string> = {}
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-readme-'))
    const cli = join(folder, 'bin', 'cli.cjs')
    await buildFile('main/cli.ts', cli)
    await buildFile('main/worker.ts', join(folder, 'bin', 'worker.cjs'))
    await writeFile(join(folder, 'bin', 'passphrase'), 'correct horse battery staple\n')
    const asks = `case " $* " in (*" key create "*|*" --person "*|*" sign-file "*) set -- "$@" --passphrase-file "${folder}/bin/passphrase";; esac`
    await writeFile(
      join(folder, 'bin', 'sallyport'),
      `#!/bin/sh\n${asks}\nexec "${process.execPath}" "${cli}" "$@"\n`,
    )
    await chmod(join(folder, 'bin', 'sallyport'), 0o755)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** Keeps what a person would write down: desk ids, words of keys, ids of consignments. */
  function remember(command: string, said: string): void {
    const keep = (name: string, found: string | undefined): void => {
      if (found !== undefined) seen[name] ??= found
    }
    if (command.includes('desk create low')) keep('LOW', /Desk id: (\w+)/.exec(said)?.[1])
    if (command.includes('desk create high')) keep('HIGH', /Desk id: (\w+)/.exec(said)?.[1])
    const words = /fingerprint:\n((?:\s+[a-z]+)+)/.exec(said)?.[1]?.trim().replace(/\s+/g, ' ')
    for (const one of ['bob', 'carol'])
      if (command.includes(`key create ${one}`)) keep(one.toUpperCase(), words)
    const id = /Consignment: (\S+)/.exec(said)?.[1]
    if (command.startsWith('sallyport collect')) keep('SENT', id)
    if (command.startsWith('sallyport verify ')) keep('CAME', id)
  }

  it('end as they say, each as printed and in their order', async () => {
    const texts = await Promise.all(pages.map((page) => readFile(page, 'utf8')))
    const examples = pages.flatMap((page, i) => examplesOf(page, texts[i]!))
    const printed = texts
      .join('\n')
      .split('\n')
      .filter((line) => line.startsWith('sallyport ')).length
    const path = `${join(folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`
    for (const { page, command, code, says } of examples) {
      const env = { ...process.env, ...seen, PATH: path, HOME: folder }
      const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
        cwd: folder,
        env,
        encoding: 'utf8',
      })
      const found = { page, command, code: status, why: status === code ? '' : `${stdout}${stderr}` }
      expect(found).toEqual({ page, command, code, why: '' })
      if (command.includes('# exit')) expect(says).not.toBe('')
      expect(`${stdout}${stderr}`).toContain(says)
      remember(command, stdout)
    }
    const run = examples.filter((one) => one.command.startsWith('sallyport ')).length
    console.log(`${run} of ${printed} printed commands of sallyport ran, ${examples.length} lines in all`)
    expect(run).toBeGreaterThan(40)
    expect(await readFile(join(folder, 'release', 'files', 'notes.txt'), 'utf8')).toBe('what changed\n')
    // Dozens of starts of the program, one after the other.
  }, 180_000)

  it('link to what is there', async () => {
    const text = await readFile('README.md', 'utf8')
    const links = [...text.matchAll(/\]\(([^)#]+)/g)].map(([, path = '']) => path)
    expect(links.length).toBeGreaterThan(8)
    for (const path of links) await expect(access(path), path).resolves.toBeUndefined()
  })

  it('of a request in full can be read as one', async () => {
    const text = await readFile(resolve('shared/text/manual/requests.md'), 'utf8')
    const request = /^```yaml request\n([\s\S]*?)^```$/m.exec(text)?.[1] ?? ''
    expect(parseRequest(Buffer.from(request)).items).toHaveLength(19)
  })

  it('of a map of names can be read as one', async () => {
    const text = await readFile(resolve('shared/text/manual/exports.md'), 'utf8')
    const map = /^```yaml map\n([\s\S]*?)^```$/m.exec(text)?.[1] ?? ''
    expect(parseNameMap(Buffer.from(map))).toHaveLength(2)
  })
})
