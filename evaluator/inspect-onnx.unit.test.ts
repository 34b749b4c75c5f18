import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findForbiddenOperators } from './allowed-operators.ts'
import { inspectOnnx } from './inspect-onnx.ts'
import { PROBE_MODEL } from './probe-model.ts'

describe('inspectOnnx', () => {
  it('reads what a model made by the onnx package contains', () => {
    expect(inspectOnnx(PROBE_MODEL)).toEqual({
      irVersion: 8,
      opsets: new Map([['', 17]]),
      operators: new Set(['MatMul']),
      functions: new Set(),
      externalData: false,
      parameters: 4,
    })
  })
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a web page', Buffer.from('<!doctype html><title>502 Bad Gateway</title>')],
    ['a pickle', Buffer.from('80049512000000000000008c086275696c74696e73', 'hex')],
    ['a zip', Buffer.from('PK\x03\x04\x14\x00\x00\x00\x08\x00', 'latin1')],
    ['half a model', PROBE_MODEL.subarray(0, 60)],
  ])('takes %s for no model', (_name, bytes) => {
    expect(() => inspectOnnx(bytes)).toThrow(RangeError)
  })
  it('throws nothing but RangeError, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(PROBE_MODEL.length - 1), (noise, at) => {
        const damaged = Buffer.concat([PROBE_MODEL.subarray(0, at), noise, PROBE_MODEL.subarray(at)])
        for (const bytes of [noise, damaged]) {
          try {
            inspectOnnx(bytes)
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError)
          }
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('findForbiddenOperators', () => {
  const contents = {
    operators: new Set(['Conv', 'com.microsoft:Attention', 'Loop', 'acme:Diagnose', 'own:Block']),
    functions: new Set(['own:Block']),
  }
  it('lets a branch pass: unlike a loop it ends', () => {
    const branching = { operators: new Set(['If', 'RoiAlign']), functions: new Set<string>() }
    expect(findForbiddenOperators(branching, { controlFlow: false })).toEqual([])
  })
  it('is not deceived by a function under the name of an operator that the runtime has', () => {
    const names = new Set(['Loop', 'com.microsoft:BeamSearch', 'com.microsoft.nchwc:Conv'])
    const deceiving = { operators: names, functions: names }
    expect(findForbiddenOperators(deceiving, { controlFlow: false })).toEqual([...names].sort())
  })
  it('names loops and foreign operators, not the functions of the model itself', () => {
    expect(findForbiddenOperators(contents, { controlFlow: false })).toEqual(['Loop', 'acme:Diagnose'])
  })
  it('lets control flow pass where the operator of the service allows it', () => {
    expect(findForbiddenOperators(contents, { controlFlow: true })).toEqual(['acme:Diagnose'])
  })
})
