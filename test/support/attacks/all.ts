import { algorithmAttacks } from './algorithms.ts'
import { bareAttacks } from './bare.ts'
import { bundleAttacks } from './bundle.ts'
import { certificateAttacks } from './certificates.ts'
import { checkpointAttacks } from './checkpoints.ts'
import { formAttacks } from './forms.ts'
import { jsonAttacks } from './json.ts'
import { logAttacks } from './log.ts'
import { modelAttacks } from './models.ts'
import { rootAttacks } from './roots.ts'
import { sctAttacks } from './scts.ts'
import { setAttacks } from './sets.ts'
import { statementAttacks } from './statements.ts'
import { timeAttacks } from './times.ts'
import { tokenAttacks } from './tokens.ts'
import { unknownAttacks } from './unknown.ts'

/** Every table of attacks. */
export const attackTables = {
  json: jsonAttacks,
  bare: bareAttacks,
  bundle: bundleAttacks,
  certificates: certificateAttacks,
  forms: formAttacks,
  scts: sctAttacks,
  algorithms: algorithmAttacks,
  times: timeAttacks,
  tokens: tokenAttacks,
  log: logAttacks,
  checkpoints: checkpointAttacks,
  sets: setAttacks,
  statements: statementAttacks,
  models: modelAttacks,
  roots: rootAttacks,
  unknown: unknownAttacks,
} as const
