import { describeAttacks } from '../support/attacks/describe.ts'
import { bundleAttacks } from '../support/attacks/bundle.ts'

describeAttacks('bundles with parts missing, too many, or of another kind', bundleAttacks)
