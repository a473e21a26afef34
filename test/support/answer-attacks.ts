import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bytesArtifact } from '../../main/sigstore/artifact.ts'
import { readTrustedRoot } from '../../main/sigstore/trusted-root.ts'
import { readVerifierKey } from '../../main/sigstore/verifier-key.ts'
import { verifyBundle } from '../../main/sigstore/verify-bundle.ts'
import type { Question } from './attacks/questions.ts'

/*
 * Run as a program, by another runtime than the one that made the bundles: answers each question in a folder with its
 * reason, `accepted`, or what was thrown; one JSON line each.
 */

async function answer(folder: string, question: Question): Promise<string> {
  const { bundle, artifact, roots, key, rawEnvelope, ask } = question
  const read = (name: string): Buffer => readFileSync(join(folder, name))
  try {
    const verdict = await verifyBundle(read(bundle), bytesArtifact(read(artifact)), {
      ...ask,
      roots: roots.map((name) => readTrustedRoot(read(name))),
      key: key === null ? null : readVerifierKey(Buffer.from(key, 'base64')),
      ...(rawEnvelope === null ? {} : { rawEnvelope: Buffer.from(rawEnvelope, 'base64') }),
    })
    return verdict.ok ? 'accepted' : verdict.reason.code
  } catch (error) {
    return `threw ${String(error)}`
  }
}

async function answerAll(folder: string): Promise<void> {
  const questions = JSON.parse(readFileSync(join(folder, 'questions.json'), 'utf8')) as Question[]
  for (const question of questions) {
    process.stdout.write(`${JSON.stringify({ name: question.name, is: await answer(folder, question) })}\n`)
  }
}

void answerAll(process.argv[2] ?? '')
