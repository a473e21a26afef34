import type { CallInput, CallName, CallOutput, Told } from './contract.ts'
import type { FailureView } from './failure.ts'

/** What a call answers with: never thrown. */
export type BridgeAnswer<Name extends CallName> =
  ({ readonly ok: true } & CallOutput<Name>) | { readonly ok: false; readonly failure: FailureView }

/** All that a page of the desktop app can reach: `window.bridge`, made by main/preload.ts. */
export interface Bridge {
  readonly call: <Name extends CallName>(name: Name, input: CallInput<Name>) => Promise<BridgeAnswer<Name>>
  /** Every event of the contract; gives the function that stops listening. */
  readonly on: (listener: (...told: Told) => void) => () => void
}
