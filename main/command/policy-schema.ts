import type { Command } from './command.ts'

export const policySchema: Command = {
  about: 'The form of a policy as JSON Schema, for editors.',
  positional: [],
  options: {},
  async run(host) {
    const { schema } = await host.call('policy.schema', {})
    return { value: { schema }, lines: schema.trimEnd().split('\n') }
  },
}
