import assert from 'node:assert/strict'
import { it } from 'node:test'
import { busyShare, describeReport, fuzz } from './fuzz/run.ts'

// `npm run fuzz` makes thousands, with another seed every time.
it(
  'modules of a fuzzer do with every combination of features what they do without',
  { timeout: 120_000 },
  async (t) => {
    const report = await fuzz(20_260_721, 200)
    t.diagnostic(describeReport(report))
    assert.deepEqual(report.failures, [])
    assert.equal(report.modules, 200)
    assert(busyShare(report) >= 0.6, 'too few modules ran more than 100 instructions for this to mean anything')
    assert(report.nan < 10 && report.overflows < 10, 'too many modules were not compared to the last bit')
  },
)
