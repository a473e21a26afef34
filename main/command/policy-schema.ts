import type { Command } from './command.ts'

export const policySchema: Command = {
  about: 'The form of a policy as JSON Schema, for editors; or of what a rule set is asked about.',
  positional: [],
  options: { 'rego-input': { value: null } },
  async run(host, args) {
    const of = args.has('rego-input') ? 'rego-input' : 'policy'
    const { schema } = await host.call('policy.schema', { of })
    return { value: { schema }, lines: schema.trimEnd().split('\n') }
  },
}
