import { describe, expect, it } from 'vitest'
import { isBanned, needsBanned, readExpression } from '../../../../main/policy/components/licence.ts'

/* SPDX licence expressions: what is one, and what of it a ban reaches. */

function needs(bans: readonly string[], text: string): boolean | null {
  const expression = readExpression(text)
  const banned = bans.flatMap((ban) => {
    const read = readExpression(ban)
    return read?.kind === 'licence' ? [read.licence] : []
  })
  expect(banned).toHaveLength(bans.length)
  return expression === null
    ? null
    : needsBanned(expression, (licence) => banned.some((ban) => isBanned(ban, licence)))
}

describe('an expression', () => {
  it.each([
    'MIT',
    'mit',
    'GPL-2.0+',
    'LicenseRef-x',
    'DocumentRef-a:LicenseRef-b',
    'MIT OR (Apache-2.0 AND BSD-3-Clause)',
    'GPL-2.0-only WITH Classpath-exception-2.0',
    'MIT or Apache-2.0',
  ])('%s is one', (text) => expect(readExpression(text)).not.toBeNull())
  it.each([
    '',
    ' ',
    'NOASSERTION',
    'NONE',
    'MIT OR',
    'OR MIT',
    'MIT AND AND MIT',
    '(MIT',
    'MIT)',
    '()',
    'The MIT License',
    'MIT/Apache-2.0',
    'MIT WITH',
    'MIT WITH OR',
    'GPL v2',
    'MIT, BSD',
    '('.repeat(40) + 'MIT' + ')'.repeat(40),
    'MIT OR '.repeat(1000) + 'MIT',
    'a'.repeat(5000),
  ])('%s is none', (text) => expect(readExpression(text)).toBeNull())
})

describe('a ban', () => {
  it.each([
    [['AGPL-3.0-only'], 'AGPL-3.0-only', true],
    [['AGPL-3.0-only'], 'agpl-3.0-ONLY', true],
    [['AGPL-3.0-only'], 'AGPL-3.0', true],
    [['AGPL-3.0-only'], 'AGPL-3.0-or-later', true],
    [['AGPL-3.0-only'], 'AGPL-1.0-or-later', true],
    [['AGPL-3.0-only'], 'AGPL-1.0-only', false],
    [['AGPL-1.0-only'], 'AGPL-3.0-or-later', false],
    [['AGPL-1.0-or-later'], 'AGPL-3.0-only', true],
    [['GPL-2.0+'], 'GPL-3.0-only', true],
    [['GPL-3.0-only'], 'LGPL-3.0-only', false],
    [['GPL-2.0-only'], 'GPL-2.0-only WITH Classpath-exception-2.0', true],
    [['GPL-2.0-only WITH Classpath-exception-2.0'], 'GPL-2.0-only', false],
    [['MIT'], 'MIT-0', false],
    [['SSPL-1.0'], 'SSPL-1.0+', true],
    [['MIT'], 'MIT OR Apache-2.0', false],
    [['MIT', 'Apache-2.0'], 'MIT OR Apache-2.0', true],
    [['MIT'], 'MIT AND Apache-2.0', true],
    [['MIT'], 'BSD-3-Clause AND (Apache-2.0 OR MIT)', false],
    [['MIT'], 'Apache-2.0 OR MIT AND BSD-3-Clause', false],
    [['LicenseRef-x'], 'LicenseRef-x', true],
    [['MIT'], 'the MIT licence', null],
  ] as const)('of %s reaches %s: %s', (bans, text, answer) => {
    expect(needs(bans, text)).toBe(answer)
  })
})
