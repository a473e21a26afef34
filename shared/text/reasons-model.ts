import { row, treatAsAttack } from './reason-row.ts'

const changedModel =
  'Use nothing of the model; compare its folder with what the signer published, and ask for it again.'

/** The words of reasons for which a signature of a model is refused (OpenSSF Model Signing). */
export const modelReasons = {
  'statement.not-read': row(
    'The signature lists the model in a form that is not read here: by another hash than SHA-256, or in pieces of files. It says nothing for or against it here.',
    'Check it with “model_signing verify”, or ask the signer to sign file by file with SHA-256, as that program does unless it is told otherwise.',
    'OpenSSF Model Signing 1.0, predicate.serialization',
    'unknown',
  ),
  'statement.root-digest': row(
    'The digest of the whole model in the signature is not that of the files that it lists.',
    treatAsAttack,
    'OpenSSF Model Signing 1.0, subject: SHA-256 over the digests of the resources, in their order',
  ),
  'statement.file-names': row(
    'The signature lists a file twice, or one that does not lie below the model.',
    treatAsAttack,
    'OpenSSF Model Signing 1.0, predicate.resources; CWE-22',
  ),
  'statement.file-differs': row(
    'A file of the model is not the one that was signed.',
    changedModel,
    'OpenSSF Model Signing 1.0, predicate.resources',
  ),
  'statement.file-missing': row(
    'A file that was signed with the model is not here, or has another name.',
    changedModel,
    'OpenSSF Model Signing 1.0, predicate.resources',
  ),
  'statement.file-unlisted': row(
    'There is a file in the model that its signature neither lists nor leaves out.',
    changedModel,
    'OpenSSF Model Signing 1.0, predicate.resources and ignore_paths',
  ),
} as const
