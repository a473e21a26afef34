import { containerd } from './containerd.ts'
import { crio } from './crio.ts'
import { flux } from './flux.ts'
import type { Engine } from './kit-facts.ts'
import { kyverno } from './kyverno.ts'
import { lock } from './lock.ts'
import { openshift } from './openshift.ts'
import { policyController } from './policy-controller.ts'
import { rke2 } from './rke2.ts'

/** Every engine that a kit can be made for, by the name of its folder. */
export const engines = {
  containerd,
  crio,
  rke2,
  openshift,
  'policy-controller': policyController,
  kyverno,
  flux,
  lock,
} as const satisfies Readonly<Record<string, Engine>>

export type EngineName = keyof typeof engines
