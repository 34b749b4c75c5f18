import { describe, expect, it } from 'vitest'
import { methodsOfPath, patternOfUrl } from './match-path.ts'

const endpoints = [
  { method: 'GET', path: '/api/evaluation-runs' },
  { method: 'POST', path: '/api/evaluation-runs' },
  { method: 'GET', path: '/api/evaluation-runs/{id}' },
  { method: 'POST', path: '/api/evaluation-runs/{id}/cancel' },
  { method: 'GET', path: '/api/audit-events/verify' },
  { method: 'GET', path: '/api/audit-events/{seq}' },
]

describe('patternOfUrl', () => {
  it('replaces ids by the placeholder and drops the query', () => {
    expect(patternOfUrl(endpoints, '/api/evaluation-runs/7?x=1')).toBe('/api/evaluation-runs/{id}')
    expect(patternOfUrl(endpoints, '/api/evaluation-runs/')).toBe('/api/evaluation-runs')
  })
  it('prefers the literal path to the placeholder', () => {
    expect(patternOfUrl(endpoints, '/api/audit-events/verify')).toBe('/api/audit-events/verify')
  })
  it('knows nothing of other addresses', () => {
    expect(patternOfUrl(endpoints, '/api/evaluation-runs//cancel')).toBeNull()
    expect(patternOfUrl(endpoints, '/overview')).toBeNull()
  })
})

describe('methodsOfPath', () => {
  it('adds HEAD where GET is', () => {
    expect(methodsOfPath(endpoints, '/api/evaluation-runs')).toEqual(['GET', 'POST', 'HEAD'])
    expect(methodsOfPath(endpoints, '/api/evaluation-runs/7/cancel')).toEqual(['POST'])
  })
})
