import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Multipart } from './endpoint.ts'
import { receiveMultipart, sweepAbandonedUploads, sweepUploadsAtStart, uploadFolderOf } from './multipart.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sr-multipart-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const spec: Multipart = {
  fields: z.strictObject({ findingClass: z.string().optional() }),
  files: { image: { required: true }, files: { required: false, maxCount: 3, maxBytes: 100 } },
}
async function receive(body: FormData | string | ReadableStream, headers: Record<string, string> = {}) {
  // A form becomes bytes first: the stream that `Request` makes of one does not take being cancelled.
  const encoded = body instanceof FormData ? new Response(body) : null
  const type = encoded?.headers.get('content-type') ?? ''
  const request = new Request('http://localhost/', {
    method: 'POST',
    body: encoded === null ? (body as string) : await encoded.arrayBuffer(),
    headers: encoded === null ? headers : { 'content-type': type },
    duplex: 'half',
  } as RequestInit)
  return receiveMultipart(request, spec, { folder, uploadLimitBytes: 10_000 })
}
function form(...parts: [string, string | Blob, string?][]): FormData {
  const data = new FormData()
  for (const [name, value, filename] of parts)
    if (typeof value === 'string') data.append(name, value)
    else data.append(name, value, filename)
  return data
}
const image = (size = 10) => new Blob([new Uint8Array(size).fill(7)])

describe('receiveMultipart', () => {
  it('stores files with size and hash, and keeps texts', async () => {
    const bytes = new Uint8Array(9_000).fill(7)
    const { fields, files } = await receive(
      form(['findingClass', 'röntgen'], ['image', new Blob([bytes]), '../é.png']),
    )
    expect(fields).toEqual({ findingClass: 'röntgen' })
    expect(files).toHaveLength(1)
    expect(files[0]).toMatchObject({
      field: 'image',
      sizeBytes: 9_000,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })
    expect(path.dirname(files[0]?.path ?? '')).toBe(folder)
    expect(readFileSync(files[0]?.path ?? '')).toEqual(Buffer.from(bytes))
  })
  it('takes several files of one name', async () => {
    const { files } = await receive(
      form(['image', image(), 'a'], ['files', image(1), 'b'], ['files', image(2), 'c']),
    )
    expect(files.map((file) => [file.field, file.filename, file.sizeBytes])).toEqual([
      ['image', 'a', 10],
      ['files', 'b', 1],
      ['files', 'c', 2],
    ])
  })

  const refusals: [string, () => FormData, string][] = [
    ['a missing file', () => form(['findingClass', 'x']), 'BAD_REQUEST'],
    [
      'a file part that is not described',
      () => form(['image', image(), 'a'], ['other', image(), 'b']),
      'BAD_REQUEST',
    ],
    [
      'a file called __proto__',
      () => form(['image', image(), 'a'], ['__proto__', image(), 'b']),
      'BAD_REQUEST',
    ],
    [
      'two files where one may be',
      () => form(['image', image(), 'a'], ['image', image(), 'b']),
      'BAD_REQUEST',
    ],
    [
      'a text twice',
      () => form(['image', image(), 'a'], ['findingClass', 'x'], ['findingClass', 'y']),
      'BAD_REQUEST',
    ],
    ['a NUL in a text', () => form(['image', image(), 'a'], ['findingClass', 'x\0']), 'BAD_REQUEST'],
    [
      'a file over its own limit',
      () => form(['image', image(), 'a'], ['files', image(101), 'b']),
      'TOO_LARGE',
    ],
    ['a file over the upload limit', () => form(['image', image(10_001), 'a']), 'TOO_LARGE'],
    [
      '10,000 text parts',
      () =>
        form(
          ['image', image(), 'a'],
          ...Array.from({ length: 10_000 }, (_, i): [string, string] => [`f${i}`, '']),
        ),
      'TOO_LARGE',
    ],
    [
      '1,000 file parts',
      () => form(...Array.from({ length: 1_000 }, (): [string, Blob, string] => ['files', image(1), 'a'])),
      'TOO_LARGE',
    ],
  ]
  it.each(refusals)('refuses %s', async (_what, body, kind) => {
    await expect(receive(body())).rejects.toMatchObject({ kind })
  })

  it('refuses a body without boundary, cut off, or of other text', async () => {
    const type = { 'content-type': 'multipart/form-data' }
    await expect(receive('x', type)).rejects.toMatchObject({ kind: 'BAD_REQUEST' })
    const bounded = { 'content-type': 'multipart/form-data; boundary=b' }
    await expect(receive('nothing of the kind', bounded)).rejects.toMatchObject({ kind: 'BAD_REQUEST' })
    const cut = '--b\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nhalf of'
    await expect(receive(cut, bounded)).rejects.toMatchObject({ kind: 'BAD_REQUEST' })
  })

  it('stops receiving a stream without length at the limit', async () => {
    let sent = 0
    const endless = new ReadableStream({
      start: (controller) =>
        controller.enqueue(
          Buffer.from('--b\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n'),
        ),
      pull: (controller) => {
        sent += 1000
        controller.enqueue(new Uint8Array(1000))
      },
    })
    await expect(
      receive(endless, { 'content-type': 'multipart/form-data; boundary=b' }),
    ).rejects.toMatchObject({
      kind: 'TOO_LARGE',
    })
    expect(sent).toBeLessThan(300_000)
  })
})

describe('sweepAbandonedUploads', () => {
  it('removes day-old folders and leaves younger ones', async () => {
    const [old, young] = [mkdtempSync(path.join(folder, 'old-')), mkdtempSync(path.join(folder, 'young-'))]
    const now = new Date('2026-11-02T00:00:01Z')
    utimesSync(old, now, new Date('2026-11-01T00:00:00Z'))
    utimesSync(young, now, new Date('2026-11-01T12:00:00Z'))
    await sweepAbandonedUploads(folder, now)
    expect(existsSync(old)).toBe(false)
    expect(readdirSync(folder)).toEqual([path.basename(young)])
  })
})

describe('sweepUploadsAtStart', () => {
  it('removes what ended processes of this machine left, and nothing that may be in use', async () => {
    const root = mkdtempSync(path.join(folder, 'start-'))
    const ended = spawnSync(process.execPath, ['--version']).pid
    const [own, dead, running, elsewhere, other] = [
      uploadFolderOf('1'),
      `${hostname()}.${ended}.1`,
      `${hostname()}.${process.ppid}.1`,
      `not-${hostname()}.${ended}.1`,
      'not ours',
    ] as const
    for (const name of [own, dead, running, elsewhere, other]) mkdirSync(path.join(root, name))
    await sweepUploadsAtStart(root, new Date())
    expect(readdirSync(root).sort()).toEqual([running, elsewhere, other].sort())
  })
})
