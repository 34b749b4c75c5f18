import { describe, expect, test } from 'vitest'
import { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import { makeBatches } from './make-batches.ts'
import { runUpload, type Send } from './run-upload.ts'
import { NOTHING_CHOSEN, nextUploadState, type UploadState, uploadProgress } from './upload-state.ts'

type Sized = { size: number }

/** Five requests of one file each. */
const BATCHES = makeBatches(
  ['a', 'b', 'c', 'd', 'e'].map((findingClass) => ({
    path: `${findingClass}/1.png`,
    name: '1.png',
    findingClass,
    file: { size: 100 },
  })),
  1000,
)
const failure = (status: number) => new ApiFailure(status, { code: 'X', message: `status ${status}` })

/** An upload in which a request of the finding class answers with the status, once or always. */
function upload(faults: Record<string, number>, signal = new AbortController().signal) {
  let state = nextUploadState<Sized>(NOTHING_CHOSEN, { type: 'begin', batches: BATCHES, refused: [] })
  const asked: (string | null)[] = []
  const send: Send<Sized> = async ({ findingClass }, { onProgress }) => {
    asked.push(findingClass)
    onProgress(0.5)
    const status = faults[findingClass ?? '']
    if (status !== undefined) throw failure(status)
    return { stored: 1, skipped: [], notes: [{ code: 'OUTER_FOLDER_REMOVED', message: 'said once' }] }
  }
  const run = () =>
    runUpload({
      batches: state.batches.flatMap(({ batch, status }, index) =>
        status === 'sent' ? [] : [{ index, batch }],
      ),
      send,
      tell: (action) => {
        state = nextUploadState(state, action)
      },
      signal,
    })
  return { run, asked, faults, current: (): UploadState<Sized> => state }
}

describe('runUpload', () => {
  test('goes on after a request that failed, and sends only that one again', async () => {
    const it = upload({ b: 500 })
    await it.run()
    expect(it.asked).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(it.current()).toMatchObject({ phase: 'finished', stored: 4 })
    expect(it.current().batches[1]).toMatchObject({ status: 'failed', fault: 'status 500' })
    delete it.faults.b
    await it.run()
    expect(it.asked.slice(5)).toEqual(['b'])
    expect(it.current()).toMatchObject({ phase: 'finished', stored: 5, notes: ['said once'] })
  })

  test('stops after two failures in a row, and keeps the rest for later', async () => {
    const it = upload({ b: 0, c: 0 })
    await it.run()
    expect(it.asked).toEqual(['a', 'b', 'c'])
    expect(it.current().phase).toBe('stopped')
    expect(it.current().batches.map(({ status }) => status)).toEqual([
      'sent',
      'failed',
      'failed',
      'waiting',
      'waiting',
    ])
  })

  test.each([401, 403, 404, 409, 507])('stops at once at status %i', async (status) => {
    const it = upload({ a: status })
    await it.run()
    expect(it.asked).toEqual(['a'])
    expect(it.current().phase).toBe('stopped')
  })

  test('stops between two requests when cancelled', async () => {
    const cancel = new AbortController()
    cancel.abort()
    const it = upload({}, cancel.signal)
    await it.run()
    expect(it.asked).toEqual(['a'])
    expect(it.current()).toMatchObject({ phase: 'stopped', stored: 1 })
  })
})

describe('uploadProgress', () => {
  test('counts bytes that have left and files that have arrived', () => {
    let state = nextUploadState<Sized>(NOTHING_CHOSEN, { type: 'begin', batches: BATCHES, refused: [] })
    state = nextUploadState(state, { type: 'sent', index: 0, stored: 1, skipped: [], notes: [] })
    state = nextUploadState(state, { type: 'progress', index: 1, ratio: 0.25 })
    expect(uploadProgress(state)).toEqual({ files: 1, totalFiles: 5, bytes: 125, totalBytes: 500 })
  })

  test('takes back the bytes of a request that was cut off', () => {
    let state = nextUploadState<Sized>(NOTHING_CHOSEN, { type: 'begin', batches: BATCHES, refused: [] })
    state = nextUploadState(state, { type: 'progress', index: 0, ratio: 0.9 })
    state = nextUploadState(state, { type: 'stop' })
    expect(uploadProgress(state).bytes).toBe(0)
    expect(state.batches[0]?.status).toBe('waiting')
  })

  test('keeps the refused files of all requests', () => {
    let state = nextUploadState<Sized>(NOTHING_CHOSEN, {
      type: 'begin',
      batches: BATCHES,
      refused: [{ path: 'x/.DS_Store', code: 'SYSTEM_FILE' }],
    })
    state = nextUploadState(state, {
      type: 'sent',
      index: 0,
      stored: 0,
      skipped: [{ file: 'a/1.png', code: 'NOT_AN_IMAGE' }],
      notes: [],
    })
    expect(state.refused.map(({ path, code }) => `${path} ${code}`)).toEqual([
      'x/.DS_Store SYSTEM_FILE',
      'a/1.png NOT_AN_IMAGE',
    ])
  })
})
