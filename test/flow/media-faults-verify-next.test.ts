import { everyDamage } from '../support/failing/reading.ts'
import { testReading } from '../support/failing/reading.ts'

testReading(
  'verify-next',
  'verify',
  true,
  everyDamage.filter(({ kind }) => ['bit rot', 'missing file'].includes(kind)),
)
