import type { Digest } from './digest.ts'

/** Where in the request's file something stands, from 1. */
export interface RequestPlace {
  readonly line: number
  readonly column: number
}

/** What every thing that is asked for has. */
interface Asked {
  /** As asked. */
  readonly reference: string
  /** How many pieces of evidence are carried with it at most. */
  readonly evidence: number
  /** Where it stands in the file. */
  readonly at: RequestPlace
}

/** What becomes of the images that something names: they are told to the signers, or collected too. */
export type NamedImages = 'list' | 'take'

/** Content of a registry, or of an OCI layout in the request's folder. */
export interface AskedContent extends Asked {
  readonly kind: 'image' | 'artifact'
  /** `null`: all. Each `os[(version)]/architecture[/variant]`. */
  readonly platforms: readonly string[] | null
  /** Plain http, for a registry on this computer. */
  readonly plainHttp: boolean
  /** A repository that holds its signatures beside its own; `null`: none. */
  readonly signatures: { readonly host: string; readonly repository: string } | null
  /** What it must be, besides what its kind says. */
  readonly must: 'package' | 'chart' | 'model' | null
  readonly images: NamedImages
  /** Of a chart: files of values in the request's folder with which it is rendered too. */
  readonly values: readonly string[]
}

/** A file of the request's folder. */
export interface AskedFile extends Asked {
  readonly kind: 'file'
  /** It is looked into before it is carried: whatever it is, or a Zarf package and nothing else; `null`: it is not. */
  readonly archive: 'any' | 'zarf' | null
}

/** A file of the web, and what proves that it is the right one. */
export interface AskedUrl extends Asked {
  readonly kind: 'url'
  readonly sha256: Digest | null
  /** Where its signature is (an address, or a path in the request's folder), and the file with the key. */
  readonly signed: { readonly signature: string; readonly key: string } | null
  readonly plainHttp: boolean
}

/** A chart of Helm that is in no registry: packed or as a folder in the request's folder, or in a repository of the web. */
export interface AskedChart extends Asked {
  readonly kind: 'chart'
  /** `null`: the reference is a path in the request's folder. */
  readonly repository: { readonly url: string; readonly name: string; readonly version: string } | null
  readonly sha256: Digest | null
  readonly plainHttp: boolean
  readonly images: NamedImages
  readonly values: readonly string[]
}

/** A file or folder of manifests for Kubernetes, in the request's folder. */
export interface AskedManifests extends Asked {
  readonly kind: 'manifests'
  readonly images: NamedImages
}

/** A folder of the request's folder, file by file. */
export interface AskedFolder extends Asked {
  readonly kind: 'folder'
  /** A file with the keys that count for the release of a package repository; `null`: nobody is asked. */
  readonly key: string | null
}

/** A folder of a model, file by file. */
export interface AskedModel extends Asked {
  readonly kind: 'model'
  /** A file in the request's folder with its signature (OpenSSF Model Signing); `null`: only `model.sig` in it counts. */
  readonly signature: string | null
}

/** A repository of git at one commit, from the web or from the request's folder. */
export interface AskedGit extends Asked {
  readonly kind: 'git'
  readonly url: string | null
  /** The commit itself, or a tag that somebody of the keys in a file signed. */
  readonly revision: { readonly commit: string } | { readonly tag: string; readonly key: string }
  readonly plainHttp: boolean
}

/** An archive of which what is inside becomes items, each under its own digest. */
export interface AskedInside extends Asked {
  readonly kind: 'inside'
}

/** One thing that is asked for as it is carried: what is inside of something is asked for one by one. */
export type CarriedItem =
  AskedContent | AskedFile | AskedUrl | AskedChart | AskedManifests | AskedFolder | AskedModel | AskedGit

/** One thing that is asked for. */
export type RequestItem = CarriedItem | AskedInside

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
