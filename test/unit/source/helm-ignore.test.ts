import { describe, expect, it } from 'vitest'
import { BadRule, helmIgnore } from '../../../main/source/helm-ignore.ts'
import { BadPattern, pathMatches } from '../../../main/source/path-match.ts'

/* Rows of Go's own test of `filepath.Match` (1.26). */
const matching = `abc abc|* abc|*c abc|a* a|a* abc|a*/b abc/b|a*b*c*d*e*/f axbxcxdxe/f|a*b*c*d*e*/f axbxcxdxexxx/f
a*b?c*x abxbbxdbxebxczzx|ab[c] abc|ab[b-d] abc|ab[^e-g] abc|a\\*b a*b|a?b a☺b|a[^a]b a☺b|[a-ζ]* α|[\\]a] ]|[\\-] -
[x\\-] x|[x\\-] -|[\\-x] x|[\\-x] -|*x xxx|a[/]b a/b|*[*]* a*b`
const missing = `a* ab/c|a*/b a/c/b|a*b*c*d*e*/f axbxcxdxe/xxx/f|a*b*c*d*e*/f axbxcxdxexxx/fff|a*b?c*x abxbbxdbxebxczzy
ab[e-g] abc|ab[^c] abc|ab[^b-d] abc|a\\*b ab|a???b a☺b|a[^a][^a][^a]b a☺b|*[a-ζ] A|a?b a/b|a*b a/b|[x\\-] z|[\\-x] a
*[/a]*b xa/ab`
const broken = `[]a] ]|[-] -|[x-] x|[x-] z|[-x] x|[-x] a|\\ a|[a-b-c] a|[ a|[^ a|[^bc a|a[ a|a[ ab|a[ x|a/b[ x`
const rows = (text: string): [pattern: string, path: string][] =>
  text.split(/[|\n]/).map((row) => [row.slice(0, row.indexOf(' ')), row.slice(row.indexOf(' ') + 1)])

describe('patterns of paths', () => {
  it.each(rows(broken))('%s cannot be read for %s', (pattern, path) => {
    expect(() => pathMatches(pattern, path)).toThrow(BadPattern)
  })
  it.each(rows(missing))('%s does not fit %s', (pattern, path) => {
    expect(pathMatches(pattern, path)).toBe(false)
  })
  it.each(rows(matching))('%s fits %s', (pattern, path) => {
    expect(pathMatches(pattern, path)).toBe(true)
  })
  it('a star takes the first place that fits; what is behind a place that does not fit is not read', () => {
    expect(pathMatches(`${'*a'.repeat(1000)}*b`, 'a'.repeat(10_000))).toBe(false)
    expect(pathMatches('x*[', 'abc')).toBe(false)
  })
})

describe('what Helm leaves out', () => {
  it.each(['a/**', '**', 'foo[', '!bad[', '# fine\n\\'])(
    'a rule that Helm refuses is refused: %s',
    (text) => {
      expect(() => helmIgnore(text)).toThrow(BadRule)
    },
  )

  it.each([
    ['', 'templates/.hidden', false, true],
    ['', 'templates/sub/.hidden', false, false],
    ['', '.git', true, false],
    ['', 'charts/.gitkeep', false, true],
    ['', 'charts/_old/Chart.yaml', false, true],
    ['', 'charts/one/charts/.x', false, true],
    ['', 'charts/one/templates/charts/_x', false, false],
    ['', 'charts/_old.tgz.prov', false, false],
    ['helm.*', 'helm.txt', false, true],
    ['*.txt', 'cargo/a.txt', false, true],
    ['cargo/*.txt', 'mast/a.txt', false, false],
    ['cargo/', 'cargo', true, true],
    ['cargo/', 'deep/cargo', true, true],
    ['/cargo/', 'deep/cargo', true, false],
    ['cargo/', 'cargo', false, false],
    ['/a.txt', 'cargo/a.txt', false, false],
    ['!helm.txt', 'helm.txt', false, false],
    ['!helm.txt', 'tiller.txt', false, true],
    ['!cargo/', 'cargo', false, true],
    ['\ufeff*.bak', 'a.bak', false, true],
    ['  *.bak\t\r\n', 'a.bak', false, true],
    ['# *.bak\n\n', 'a.bak', false, false],
  ] as const)('of %j and %s (folder: %s): %s', (text, path, isFolder, leftOut) => {
    expect(helmIgnore(text)(path, isFolder)).toBe(leftOut)
  })
})
