import { lab } from './lab.ts'
import type { Pack } from './pack.ts'
import { publicSector } from './public-sector.ts'
import { strict } from './strict.ts'
import { vendor } from './vendor.ts'

/** The policies to begin with. */
export const packs: readonly Pack[] = [strict, vendor, publicSector, lab]
