import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import {
  bytes,
  fileReader,
  fileTensor,
  floats,
  hidden,
  integer,
  longTag,
  model,
  node,
  same,
  value,
  varint,
} from '#tests/support/onnx-bytes.ts'
import { findForbiddenOperators } from './allowed-operators.ts'
import { inspectOnnx, inspectOnnxFile } from './inspect-onnx.ts'
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

describe('inspectOnnxFile', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'inspect-onnx-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const inspectAsFile = (bytesOfModel: Buffer) => {
    writeFileSync(path.join(folder, 'model'), bytesOfModel)
    return inspectOnnxFile(path.join(folder, 'model'))
  }

  it('sees in pieces what there is in one, wherever a piece ends', () => {
    for (let shift = 0; shift < 40; shift++) {
      const weights = bytes(
        5,
        integer(1, 7),
        integer(2, 3),
        bytes(5, Buffer.alloc(256 * 1024 - 60 + shift, 1)),
      )
      const large = model(weights, node('Identity', ['input'], ['logits']), bytes(5, integer(2, 1)))
      expect(inspectAsFile(large)).toEqual(inspectOnnx(large))
      expect(inspectAsFile(large)).toMatchObject({ operators: new Set(['Identity']), parameters: 8 })
    }
  })
  it.each([
    ['nothing', Buffer.alloc(0)],
    [
      'a file that ends inside a field',
      model(bytes(5, bytes(9, Buffer.alloc(600_000)))).subarray(0, 500_000),
    ],
    [
      'a number behind the first piece that is longer than it needs to be',
      model(bytes(5, bytes(7, Buffer.alloc(600_000, 1), Buffer.from([0x81, 0])))),
    ],
    ['numbers that end inside one', model(bytes(5, bytes(7, Buffer.from([1, 0x81]))))],
    ['a number of more than 64 bits', model(bytes(5, bytes(7, Buffer.from([...Array(9).fill(0xff), 2]))))],
  ])('takes %s for no model', (_name, bytesOfModel) => {
    expect(() => inspectAsFile(bytesOfModel)).toThrow(RangeError)
  })
})

describe('what two readers could take differently', () => {
  const secret = { location: 'secret', length: 8 }
  const tensor = (disguise: (field: Buffer) => Buffer) => fileTensor('w', secret, disguise)
  const attribute = (...fields: Buffer[]) => bytes(5, bytes(1, 'value'), ...fields)
  const constant = (...fields: Buffer[]) => node('Constant', [], ['logits'], attribute(...fields))
  const [sparse, plain] = [
    (...fields: Buffer[]) => bytes(15, ...fields),
    (name: string) => floats(name, [1], [1]),
  ]
  const branch = (...graph: Buffer[]) =>
    node('If', ['c'], ['logits'], bytes(5, bytes(1, 'then_branch'), bytes(6, ...graph)))
  const loop = node('Loop', [], ['logits'])
  const valid = node('Identity', ['input'], ['logits'])

  it.each([
    ['a file under tags above 32 bits', fileReader(secret, hidden)],
    ['a file under tags that are longer than they need to be', fileReader(secret, longTag)],
    ['a file in a tensor of an attribute', model(constant(bytes(5, tensor(hidden))))],
    ['a file in a list of tensors of an attribute', model(constant(bytes(10, tensor(hidden))))],
    ['a file in the values of a sparse initializer', model(valid, sparse(bytes(1, tensor(hidden))))],
    ['a file in the values of a sparse attribute', model(constant(bytes(22, bytes(1, tensor(hidden)))))],
    ['an operator under a tag above 32 bits', model(hidden(loop))],
    ['an operator in a branch, under a tag above 32 bits', model(branch(hidden(loop)))],
    ['a graph under a tag above 32 bits', Buffer.concat([model(valid), hidden(bytes(7, loop))])],
    ['a graph that is there twice', Buffer.concat([model(valid), bytes(7, loop)])],
    [
      'a tensor of an attribute that is there twice',
      model(constant(bytes(5, plain('a')), bytes(5, plain('b')))),
    ],
    ['an operator with two names', model(node('Identity', ['input'], ['logits'], bytes(4, 'Loop')))],
    ['an operator with two domains', model(node('Identity', [], [], bytes(7, ''), bytes(7, 'acme')))],
    [
      'a place of values that becomes one when it is cut to 32 bits',
      model(valid, bytes(5, integer(14, 2 ** 32 + 1))),
    ],
    ['a place of values that ONNX does not have', model(valid, bytes(5, integer(14, 2)))],
    ['a type that exceeds 32 bits', model(valid, bytes(5, integer(2, 2 ** 32 + 1)))],
    ['a field that ONNX does not have', model(valid, bytes(3, 'x'))],
    ['a field with the number 0', model(valid, Buffer.from([2, 0]))],
    ['a field of another wire type', model(valid, integer(1, 7))],
    ['a group', Buffer.concat([model(valid), Buffer.from([0x13, 0x14])])],
    [
      'a length that is longer than it needs to be',
      Buffer.concat([model(valid), Buffer.from([0x32, 0x81, 0, 65])]),
    ],
    ['a length beyond the end', Buffer.concat([model(valid), Buffer.from([0x32, 2, 65])])],
    ['a length of 64 bits', Buffer.concat([model(valid), Buffer.from([0x32]), varint(2n ** 64n - 1n)])],
    [
      'a number of more than 64 bits',
      Buffer.concat([model(valid), Buffer.from([0x28, ...Array(9).fill(0xff), 2])]),
    ],
    [
      'a list of numbers, one longer than it needs to be',
      model(valid, bytes(5, bytes(1, Buffer.from([0x81, 0])))),
    ],
    ['a list of floats that is cut', model(valid, bytes(5, bytes(4, Buffer.alloc(6))))],
    ['a name that is not UTF-8', model(node('Identity', [], [], bytes(7, Buffer.from([0xff]))))],
    ['a domain with the sign that joins it to a name', model(node('b', [], [], bytes(7, 'a:b')))],
    [
      'the letters of the runtime’s own format',
      Buffer.concat([integer(1, 8), bytes(2, 'ORTM'), model(valid).subarray(2)]),
    ],
  ])('is refused: %s', (_name, bytesOfModel) => {
    expect(() => inspectOnnx(bytesOfModel)).toThrow(RangeError)
  })

  it('is seen where it is in plain view, wherever it is', () => {
    for (const open of [
      fileReader(secret, same),
      model(constant(bytes(5, tensor(same)))),
      model(constant(bytes(10, tensor(same)))),
      model(valid, sparse(bytes(1, plain('v')), bytes(2, tensor(same)))),
      model(branch(valid, bytes(5, tensor(same)))),
      Buffer.concat([model(valid), bytes(20, bytes(2, bytes(5, tensor(same))))]),
      Buffer.concat([model(valid), bytes(25, bytes(7, bytes(5, bytes(5, tensor(same)))))]),
      Buffer.concat([model(valid), bytes(25, bytes(11, bytes(5, tensor(same))))]),
    ])
      expect(inspectOnnx(open).externalData).toBe(true)
    for (const open of [
      model(branch(loop)),
      Buffer.concat([model(valid), bytes(25, bytes(1, 'f'), bytes(7, loop.subarray(2)))]),
    ])
      expect(inspectOnnx(open).operators).toContain('Loop')
  })

  it('leaves out what is plain: numbers one by one or as one list, negative ones, any order of fields', () => {
    const list = bytes(
      5,
      bytes(1, Buffer.from([2, 3])),
      integer(2, 1),
      bytes(8, 'a'),
      bytes(4, Buffer.alloc(24)),
    )
    const single = bytes(
      5,
      bytes(9, Buffer.alloc(24)),
      bytes(8, 'b'),
      integer(2, 1),
      integer(1, 2),
      integer(1, 3),
    )
    const negative = node('Identity', [], [], bytes(5, bytes(1, 'axis'), integer(3, -1), integer(20, 2)))
    const contents = inspectOnnx(model(list, single, negative, bytes(12, value('logits', ['N', 3]))))
    expect(contents).toMatchObject({ parameters: 12, externalData: false, operators: new Set(['Identity']) })
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
    const names = new Set([
      'Loop',
      'com.microsoft:BeamSearch',
      'com.microsoft.nchwc:Conv',
      'com.ms.internal.nhwc:Conv',
      'org.pytorch.aten:ATen',
    ])
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
