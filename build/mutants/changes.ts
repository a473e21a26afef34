import ts from 'typescript'

/* The changes that somebody might make to source by mistake, or on purpose: each of them a test should notice. */

/** What is done to a place. */
export type Kind =
  | 'comparison'
  | 'bound'
  | 'equality'
  | 'condition'
  | 'logic'
  | 'not'
  | 'every'
  | 'guard'
  | 'literal'
  | 'filter'
  | 'fallback'

/** One change of one file. */
export interface Change {
  readonly file: string
  readonly kind: Kind
  readonly from: number
  readonly to: number
  readonly replacement: string
  /** From 1. */
  readonly line: number
  /** The line's text, without its indentation. */
  readonly text: string
  /** What was there, in one line. */
  readonly was: string
}

type Token = ts.SyntaxKind
const negated = new Map<Token, string>([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [ts.SyntaxKind.LessThanToken, '>='],
  [ts.SyntaxKind.LessThanEqualsToken, '>'],
  [ts.SyntaxKind.GreaterThanToken, '<='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '<'],
])
const shifted = new Map<Token, string>([
  [ts.SyntaxKind.LessThanToken, '<='],
  [ts.SyntaxKind.LessThanEqualsToken, '<'],
  [ts.SyntaxKind.GreaterThanToken, '>='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>'],
])
const swapped = new Map<Token, string>([
  [ts.SyntaxKind.AmpersandAmpersandToken, '||'],
  [ts.SyntaxKind.BarBarToken, '&&'],
])
// Names of what two things are held together by: there it matters that both outcomes are seen.
const identities = /digest|fingerprint|person|waybill|desk|hash|root|\bid\b|\bkey\b/i
const guards = /^(check|must|need|hold|require|assert|damaged)/

// A whole condition is made constant, both ways: what notices that notices its contrary as well.
const isCondition = (node: ts.Node): boolean =>
  (ts.isIfStatement(node.parent) && node.parent.expression === node) ||
  (ts.isConditionalExpression(node.parent) && node.parent.condition === node)

type Add = (kind: Kind, node: ts.Node, replacement: string) => void

function ofBinary(node: ts.BinaryExpression, source: ts.SourceFile, add: Add): void {
  const { operatorToken: operator, right } = node
  const bound = shifted.get(operator.kind)
  if (bound !== undefined) add('bound', operator, bound)
  const logic = swapped.get(operator.kind)
  if (logic !== undefined) add('logic', operator, logic)
  const equality = operator.kind === ts.SyntaxKind.EqualsEqualsEqualsToken
  const inequality = operator.kind === ts.SyntaxKind.ExclamationEqualsEqualsToken
  const other = negated.get(operator.kind)
  if ((equality || inequality) && identities.test(node.getText(source))) {
    add('equality', node, 'true')
    add('equality', node, 'false')
  } else if (other !== undefined && !isCondition(node)) add('comparison', operator, other)
  if (operator.kind === ts.SyntaxKind.QuestionQuestionToken) add('fallback', node, right.getText(source))
}

function ofCall(node: ts.CallExpression, source: ts.SourceFile, add: Add): void {
  if (!ts.isPropertyAccessExpression(node.expression)) return
  const { name, expression } = node.expression
  if (name.text === 'every') add('every', name, 'some')
  if (name.text === 'some') add('every', name, 'every')
  if (name.text === 'equals') {
    add('equality', node, 'true')
    add('equality', node, 'false')
  }
  if (['filter', 'sort', 'toSorted'].includes(name.text)) add('filter', node, expression.getText(source))
}

const leaves = (node: ts.Statement): boolean =>
  ts.isThrowStatement(node) ||
  ts.isReturnStatement(node) ||
  ts.isContinueStatement(node) ||
  ts.isBreakStatement(node) ||
  (ts.isBlock(node) && node.statements.length === 1 && leaves(node.statements[0]!))

function ofStatement(node: ts.Node, source: ts.SourceFile, add: Add): void {
  if (ts.isIfStatement(node)) {
    add('condition', node.expression, 'true')
    const guard = node.elseStatement === undefined && leaves(node.thenStatement)
    if (guard) add('guard', node, ';')
    else add('condition', node.expression, 'false')
  }
  if (ts.isThrowStatement(node) && !ts.isIfStatement(node.parent) && !ts.isBlock(node.parent)) {
    add('guard', node, ';')
  }
  if (!ts.isExpressionStatement(node)) return
  const called = ts.isAwaitExpression(node.expression) ? node.expression.expression : node.expression
  if (!ts.isCallExpression(called)) return
  const name = ts.isPropertyAccessExpression(called.expression) ? called.expression.name : called.expression
  if (guards.test(name.getText(source))) add('guard', node, ';')
}

function ofNode(node: ts.Node, source: ts.SourceFile, add: Add): void {
  ofStatement(node, source, add)
  if (ts.isBinaryExpression(node)) ofBinary(node, source, add)
  else if (ts.isCallExpression(node)) ofCall(node, source, add)
  else if (ts.isConditionalExpression(node)) {
    add('condition', node.condition, 'true')
    add('condition', node.condition, 'false')
  } else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    if (!isCondition(node)) add('not', node, `(${node.operand.getText(source)})`)
  } else if (node.kind === ts.SyntaxKind.TrueKeyword) add('literal', node, 'false')
  else if (node.kind === ts.SyntaxKind.FalseKeyword) add('literal', node, 'true')
}

/** Every change of a file's text, each result once, in the order of their places. */
export function changesOf(file: string, text: string): Change[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const changes: Change[] = []
  const results = new Set<string>()
  const add: Add = (kind, node, replacement) => {
    const from = node.getStart(source)
    const to = node.getEnd()
    const result = `${from} ${to} ${replacement}`
    if (results.has(result)) return
    results.add(result)
    const { line } = source.getLineAndCharacterOfPosition(from)
    const whole = text.split('\n')[line] ?? ''
    const was = text.slice(from, to).replaceAll(/\s+/g, ' ')
    changes.push({ file, kind, from, to, replacement, line: line + 1, text: whole.trim(), was })
  }
  const walk = (node: ts.Node): void => {
    // What is only a type is gone before anything runs.
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return
    ofNode(node, source, add)
    ts.forEachChild(node, walk)
  }
  walk(source)
  return changes.sort((a, b) => a.from - b.from)
}

/** A file's text with one change. */
export const changed = (text: string, { from, to, replacement }: Change): string =>
  `${text.slice(0, from)}${replacement}${text.slice(to)}`
