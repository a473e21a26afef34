/** Where in the request's file something stands, from 1. */
export interface RequestPlace {
  readonly line: number
  readonly column: number
}

/**
 * One thing that is asked for. `reference` is as asked; `evidence` how many pieces are carried with it at most; `at` is
 * where it stands in the file.
 */
export type RequestItem =
  | {
      readonly kind: 'image' | 'artifact'
      readonly reference: string
      /** `null`: all. Each `os/architecture[/variant]`. */
      readonly platforms: readonly string[] | null
      /** Plain http, for a registry on this computer. */
      readonly plainHttp: boolean
      readonly evidence: number
      /** A repository that holds its signatures beside its own; `null`: none. */
      readonly signatures: { readonly host: string; readonly repository: string } | null
      /** It must be a Zarf package. */
      readonly package: boolean
      readonly at: RequestPlace
    }
  | {
      readonly kind: 'file'
      readonly reference: string
      /** It is looked into before it is carried: whatever it is, or a Zarf package and nothing else; `null`: it is not. */
      readonly archive: 'any' | 'zarf' | null
      readonly evidence: number
      readonly at: RequestPlace
    }
  | {
      /** What is inside becomes items, each under its own digest. */
      readonly kind: 'inside'
      readonly reference: string
      readonly evidence: number
      readonly at: RequestPlace
    }

/** One thing that is asked for as it is carried: what is inside of something is asked for one by one. */
export type CarriedItem = Exclude<RequestItem, { kind: 'inside' }>

/** A request, checked in form: what is wanted, why, for whom. People, desks and times are checked where they are known. */
export interface Request {
  readonly name: string
  readonly reason: string
  /** Id of a person of this desk. */
  readonly requester: string
  /** Ids of desks: 64 hex digits. */
  readonly destinations: readonly string[]
  readonly channel: string
  readonly marking: string | null
  /** RFC 3339, UTC; `null`: as long as the policy allows. */
  readonly expires: string | null
  readonly items: readonly RequestItem[]
}
