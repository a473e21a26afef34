import type { Bridge } from '../shared/bridge.ts'
import type { CallInput, CallName, CallOutput } from '../shared/contract.ts'
import type { FailureView } from '../shared/failure.ts'

declare global {
  interface Window {
    readonly bridge: Bridge
  }
}

/** What a call came to, for the page that made it. */
export type Result<Name extends CallName> =
  | { readonly ok: true; readonly value: CallOutput<Name> }
  | { readonly ok: false; readonly failure: FailureView }

/** Makes a call of the contract. Never throws. */
export async function call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<Result<Name>> {
  const answer = await window.bridge.call(name, input)
  return answer.ok ? { ok: true, value: answer } : { ok: false, failure: answer.failure }
}
