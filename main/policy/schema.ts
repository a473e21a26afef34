import { z } from 'zod'
import { zPolicyDocument } from '../../shared/policy.ts'
import { zRegoInput } from '../../shared/rego-input.ts'
import { policyMembers } from '../../shared/text/policy-members.ts'

interface Node {
  description?: string
  properties?: Readonly<Record<string, Node>>
  items?: Node
  anyOf?: readonly Node[]
}

/** Writes beside each member what it is for; gives the paths that were met. */
function describe(node: Node, path: string, met: Set<string>): void {
  for (const [name, member] of Object.entries(node.properties ?? {})) {
    const at = path === '' ? name : `${path}.${name}`
    met.add(at)
    const words = policyMembers[at]
    if (words !== undefined) member.description = words
    describe(member, at, met)
  }
  if (node.items !== undefined) describe(node.items, path, met)
  for (const one of node.anyOf ?? []) describe(one, path, met)
}

function described(): { readonly schema: object; readonly members: ReadonlySet<string> } {
  const schema = z.toJSONSchema(zPolicyDocument, { io: 'input', unrepresentable: 'any' })
  const members = new Set<string>()
  describe(schema as Node, '', members)
  const title = 'Policy of a Sallyport desk'
  return { schema: { $schema: schema.$schema, title, ...schema }, members }
}

/** Every member that a policy may have, by its path. */
export const schemaMembers = (): ReadonlySet<string> => described().members

/** The form of a policy as JSON Schema, each member with what it is for. What it cannot say, reading a policy still does. */
export const policySchema = (): string => `${JSON.stringify(described().schema, null, 2)}\n`

/** The form of what a rule set is asked about. */
export function regoInputSchema(): string {
  const schema = z.toJSONSchema(zRegoInput)
  const title = 'What Sallyport asks a rule set about'
  return `${JSON.stringify({ $schema: schema.$schema, title, ...schema }, null, 2)}\n`
}
