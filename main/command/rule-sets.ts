import type { Arguments } from './arguments.ts'
import type { Host } from './command.ts'
import { absolute } from './paths.ts'

/** Files of rule sets that a policy names. */
export const regoOption = { value: 'FILE.wasm', many: true } as const

export const ruleSets = (host: Host, args: Arguments): string[] =>
  args.all('rego').map((path) => host.session.place('rule-set', absolute(path)))
