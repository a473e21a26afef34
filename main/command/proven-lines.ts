import type { Opinion, ProvenView } from '../../shared/evidence.ts'
import type { ReasonView } from '../../shared/reason.ts'

/** A refusal of the core, for people. */
export function reasonLines(reason: ReasonView): string[] {
  return [
    `${reason.kind === 'unknown' ? 'Not checked' : 'Refused'} (${reason.code}): ${reason.means}`,
    `Expected: ${reason.expected}`,
    `Found:    ${reason.found}`,
    `Next:     ${reason.next}`,
  ]
}

/** What the second verifier says, for people. */
export function opinionLines(opinion: Opinion | null): string[] {
  if (opinion === null) return []
  const { answer, why } = opinion
  if (answer === 'agrees') return ['Two independent verifiers agree.']
  return answer === 'contradicts'
    ? [`CONTRADICTED by a second, independent verifier: ${why}`]
    : [`A second, independent verifier cannot judge it. ${why}`]
}

/** What a bundle proved, for people; what was not checked is said as loudly. */
export function provenLines(proven: ProvenView): string[] {
  const { signer } = proven
  return [
    ...(signer.kind === 'key'
      ? [`Signed with the ${signer.algorithm} key ${signer.fingerprint}`]
      : [
          `Signed by ${signer.name}`,
          `  for whom ${signer.issuer} vouched,`,
          `  with the certificate ${signer.fingerprint} of ${signer.authority}`,
          ...signer.extensions
            .filter(({ number }) => number > 8)
            .map(({ name, value }) => `  ${name}: ${value}`),
        ]),
    ...(proven.statement === null ? [] : [`Statement: ${proven.statement.predicateType}`]),
    ...proven.times.map(({ at, by }) => `Signed at ${at}, says ${by}`),
    ...proven.logs.map(({ log, index }) => `In the log ${log}, entry ${index}`),
    ...proven.certificateLogs.map(({ log, at }) => `Certificate seen by ${log} at ${at}`),
    ...proven.notChecked.map((sentence) => `NOT CHECKED: ${sentence}`),
  ]
}
