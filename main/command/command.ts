import type { CallInput, CallName, CallOutput, LongName, LongResult } from '../../shared/contract.ts'
import type { Session } from '../desk/session.ts'
import type { Arguments, CommandSpec } from './arguments.ts'
import type { PassphraseSource } from './passphrase.ts'

/** What a command works with. */
export interface Host {
  readonly session: Session
  readonly passphrase: PassphraseSource
  /** Starts long work, shows its progress and gives its result. @throws Failure */
  work<Name extends LongName>(name: Name, input: CallInput<Name>): Promise<LongResult<Name>>
  call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>>
  /** Says something before the command ends, beside its result: what a person should read before going on. */
  tell(lines: readonly string[]): void
  /** Opens the desk of `--desk`. */
  open(args: Arguments, mode: 'read' | 'write'): Promise<CallOutput<'desk.open'>>
}

/** What a command found out: the value for `--json`, the lines for people, the exit code. */
export interface Outcome {
  readonly value: Readonly<Record<string, unknown>>
  readonly lines: readonly string[]
  readonly exit?: number
}

export interface Command extends CommandSpec {
  /** One line of what it is for. */
  readonly about: string
  run(host: Host, args: Arguments): Promise<Outcome>
}

export const deskOption = { desk: { value: 'FOLDER', required: true } } as const
export const signerOptions = {
  person: { value: 'ID', required: true },
  key: { value: 'FILE', required: true },
  'passphrase-file': { value: 'FILE' },
} as const
/** Who asks for a change of a sealed desk; not given while it is founding. */
export const officerOptions = {
  person: { value: 'OFFICER' },
  'passphrase-file': { value: 'FILE' },
} as const
/** How an act goes out. The environment names a proxy as well (HTTPS_PROXY, ALL_PROXY, NO_PROXY). */
export const wayOptions = {
  ca: { value: 'HOST=FILE', many: true },
  'client-cert': { value: 'HOST=FILE,KEY', many: true },
  'certs-dir': { value: 'FOLDER' },
  proxy: { value: 'URL' },
  'proxy-auth-file': { value: 'FILE' },
} as const
export const accessOptions = { 'auth-file': { value: 'FILE' }, ...wayOptions } as const
/** The same where the command has no other key. */
export const officerKeyOptions = { ...officerOptions, key: { value: 'FILE' } } as const
