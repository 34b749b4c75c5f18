import { describe, expect, it } from 'vitest'
import { faultForLog } from './fault-for-log.ts'

describe('faultForLog', () => {
  it('keeps values of a failed statement out of the log', () => {
    const driver = Object.assign(new Error('duplicate key: (name)=(Meier)'), {
      severity: 'ERROR',
      code: '23505',
      constraint: 'datasets_name',
      detail: 'Key (name)=(Meier) already exists.',
    })
    const fault = faultForLog(
      new Error('Failed query: insert into datasets values ($1)\nparams: Meier', { cause: driver }),
    )
    expect(JSON.stringify(fault)).not.toContain('Meier')
    expect(fault).toMatchObject({
      message: 'Failed query: insert into datasets values ($1)',
      cause: { code: '23505', constraint: 'datasets_name' },
    })
  })
  it('keeps the message and the place of a programming mistake', () => {
    const fault = faultForLog(new TypeError('x is undefined'))
    expect(fault).toMatchObject({ name: 'TypeError', message: 'x is undefined' })
    expect(fault.stack).toContain('fault-for-log.unit.test.ts')
  })
})
