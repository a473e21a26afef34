import { Failure } from '../../main/platform/failure.ts'

/** The failure that an act ends with; one that goes through, or ends otherwise, fails the test. */
export async function failureOf(act: Promise<unknown>): Promise<Failure> {
  const error = await act.then(
    () => new Error('it went through'),
    (reason: unknown) => reason,
  )
  if (error instanceof Failure) return error
  throw error as Error
}
