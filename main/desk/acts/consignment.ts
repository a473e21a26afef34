import { createHash } from 'node:crypto'
import { zConsignmentQuestion } from '../../../shared/consignments.ts'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import type { Digest } from '../../../shared/digest.ts'
import { Failure } from '../../platform/failure.ts'
import { writable, type Context } from '../work/context.ts'
import { evidenceOf, readerOf } from '../judging/evidence.ts'
import { consignmentPage } from '../views/consignment-list.ts'
import { consignmentView } from '../views/consignment.ts'
import { checkText } from './input.ts'

/** `consignment.list`: a window of those that match, the newest first unless another order is asked for. */
export async function list(
  context: Context,
  input: CallInput<'consignment.list'>,
): Promise<CallOutput<'consignment.list'>> {
  return consignmentPage(context.desk(), zConsignmentQuestion.parse(input))
}

/** `consignment.show`. */
export async function show(
  context: Context,
  input: CallInput<'consignment.show'>,
): Promise<CallOutput<'consignment.show'>> {
  const desk = context.desk()
  return consignmentView(desk, desk.consignment(input.id))
}

/** `consignment.drop`: gives it up. What was released is voided: the next waybill of its streams says so. */
export async function drop(
  context: Context,
  input: CallInput<'consignment.drop'>,
): Promise<CallOutput<'consignment.drop'>> {
  const desk = writable(context)
  desk.need('low')
  const one = desk.consignment(input.id)
  if (one.dropped !== null)
    throw new Failure('consignment-state', { found: 'dropped', expected: 'one that was not dropped' })
  checkText('the reason', input.reason)
  await desk.record('consignment.dropped', {
    consignment: one.id,
    reason: input.reason,
    voided: one.releasedAt !== null,
  })
  return { id: one.id }
}

const finished = new Set(['written', 'read-back', 'accepted', 'rejected', 'exported'])

/** `consignment.close`: once it was written here, or decided here. What was recorded stays. */
export async function close(
  context: Context,
  input: CallInput<'consignment.close'>,
): Promise<CallOutput<'consignment.close'>> {
  const desk = writable(context)
  const one = desk.consignment(input.id)
  if (!finished.has(one.state)) {
    throw new Failure('consignment-state', { found: one.state, expected: 'written, accepted or rejected' })
  }
  if (context.jobs.running()) throw new Failure('job-running', { found: 'work that has not ended' })
  await desk.record('consignment.closed', { consignment: one.id })
  return { id: one.id }
}

/** `consignment.evidence`: what this desk judged of each item of a consignment. */
export async function evidence(
  context: Context,
  input: CallInput<'consignment.evidence'>,
): Promise<CallOutput<'consignment.evidence'>> {
  const desk = context.desk()
  return { evidence: await evidenceOf(desk, desk.consignment(input.id)) }
}

const shownBytes = 256 * 1024

/**
 * `consignment.blob`: one piece of evidence as it was carried, to be looked at. Only what was judged can be asked for.
 *
 * @throws Failure `not-found`
 */
export async function blob(
  context: Context,
  input: CallInput<'consignment.blob'>,
): Promise<CallOutput<'consignment.blob'>> {
  const desk = context.desk()
  const one = desk.consignment(input.id)
  const kept = await evidenceOf(desk, one)
  const known = kept?.items.some((item) => item.pieces.some((piece) => piece.layer === input.blob)) === true
  if (!known) throw new Failure('not-found', { subject: input.blob, status: 0 })
  const digest = input.blob as Digest
  const blobs = await readerOf(desk, one.id)
  const bytes = Buffer.alloc(shownBytes)
  const hash = createHash('sha256')
  let size = 0
  await blobs.lend(digest, 0, (through) =>
    through((piece) => {
      hash.update(piece)
      if (size < shownBytes) piece.copy(bytes, size)
      size += piece.length
    }),
  )
  const found = `sha256:${hash.digest('hex')}`
  if (found !== digest) throw new Failure('content-damaged', { subject: digest, expected: digest, found })
  // What is looked at comes from outside: line ends and tabs stay, other controls are written as code points.
  const text = bytes
    .subarray(0, size)
    .toString('utf8')
    .replace(/[^\P{C}\n\t]/gu, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`)
  return { text, size, cut: size > shownBytes }
}
