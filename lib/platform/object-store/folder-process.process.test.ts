import { execFileSync, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { endChild } from '#tests/support/child-process.ts'
import { collectObjects } from '#tests/support/object-store-contract.ts'
import { waitUntil } from '#tests/support/wait-until.ts'
import type { FolderCall, FolderMessage } from './folder-calls.ts'
import { resolveFolderApart } from './folder-processes.ts'
import { FolderStore } from './folder-store.ts'
import { openObjectStore } from './open.ts'

let folder: string
beforeAll(async () => {
  folder = await realpath(await mkdtemp(`${tmpdir()}/sr-apart-`))
  await mkdir(`${folder}/a`)
  for (let number = 0; number < 600; number++) await writeFile(`${folder}/a/${number}`, `bytes of ${number}`)
  await writeFile(`${folder}/a/large`, Buffer.alloc(5_000_000, 'x'))
  await writeFile(`${folder}/empty`, '')
  await symlink('/etc/passwd', `${folder}/link`)
})
afterAll(() => rm(folder, { recursive: true }))

const apart = () => openObjectStore(`file:${folder}`, { apartFor: folder })

it('gives what the folder itself gives, listing and bytes and refusals', async () => {
  const direct = new FolderStore(folder)
  const store = apart()
  expect(await collectObjects(store.list())).toEqual(await collectObjects(direct.list()))
  expect(await store.find('a/7')).toEqual(await direct.find('a/7'))
  const options = { sizeBytes: 5_000_000, maxBytes: 6_000_000, headBytes: 100 }
  expect(await store.digest('a/large', options)).toEqual(await direct.digest('a/large', options))
  expect(await store.digest('empty', options)).toEqual(await direct.digest('empty', options))
  expect((await store.get('a/large')).equals(await direct.get('a/large'))).toBe(true)
  expect((await store.getRange('a/7', 0, 4)).toString()).toBe('bytes')
  await expect(store.get('a/none')).rejects.toMatchObject({ kind: 'NOT_FOUND' })
  await expect(store.get('link')).rejects.toMatchObject({ kind: 'NOT_FOUND' })
  await expect(store.get('../up')).rejects.toMatchObject({ code: 'BAD_KEY' })
  await expect(store.get('a/large', { maxBytes: 9 })).rejects.toMatchObject({ kind: 'TOO_LARGE' })
  await expect(store.put('a/new', Buffer.from('x'))).rejects.toMatchObject({ kind: 'FORBIDDEN' })
})

it('tells progress with every piece that it reads, so that a slow read is no hang', async () => {
  const child = fork(`${import.meta.dirname}/folder-worker.ts`, { serialization: 'advanced' })
  const calls: FolderCall[] = [
    { name: 'get', input: { key: 'a/large', maxBytes: undefined } },
    { name: 'getRange', input: { key: 'a/large', start: 1_000_000, end: 4_999_999 } },
    { name: 'digest', input: { key: 'a/large', sizeBytes: 5_000_000, maxBytes: 6_000_000, headBytes: 9 } },
  ]
  const pieces = calls.map(() => 0)
  const answered = Promise.withResolvers<void>()
  let open = calls.length
  child.on('message', (message: FolderMessage) => {
    if (message.type === 'ready') {
      for (const [id, call] of calls.entries()) child.send({ id, folder, options: {}, call })
    } else if (message.type === 'progress') pieces[message.id] = (pieces[message.id] ?? 0) + 1
    else if (message.type !== 'value') answered.reject(new Error(message.message))
    else if (--open === 0) answered.resolve()
  })
  await answered.promise
  expect(pieces).toEqual([5, 4, 5])
  await endChild(child, 'SIGKILL')
})

it('is away for every call where the folder is missing', async () => {
  const store = openObjectStore(`file:${folder}-none`, { apartFor: `${folder}-none` })
  for (const call of [() => store.check(), () => store.get('a'), () => collectObjects(store.list())])
    await expect(call()).rejects.toMatchObject({ kind: 'UNAVAILABLE' })
})

it('resolves links, and does not tell what lies outside the roots', async () => {
  await mkdir(`${folder}/roots/inside`, { recursive: true })
  await symlink(`${folder}/roots/inside`, `${folder}/roots/alias`)
  await symlink(`${folder}/a`, `${folder}/roots/escape`)
  const roots = [`${folder}/roots`]
  expect(await resolveFolderApart(`${folder}/roots/alias`, roots)).toEqual({
    folder: `${folder}/roots/inside`,
  })
  expect(await resolveFolderApart(`${folder}/roots/escape`, roots)).toEqual({ fault: 'outside' })
  expect(await resolveFolderApart(`${folder}/roots/none`, roots)).toEqual({ fault: 'missing' })
  expect(await resolveFolderApart(`${folder}/none`, roots)).toEqual({ fault: 'outside' })
})

it('lets a listing end before its end, and another go on meanwhile', async () => {
  const store = apart()
  for await (const _object of store.list()) break
  const both = await Promise.all([collectObjects(store.list('a/')), collectObjects(store.list('a/'))])
  expect(both.map((objects) => objects.length)).toEqual([601, 601])
})

it('ends with the process that asked, however that ends, and does not keep it from ending', async () => {
  const script = `
    import { openObjectStore } from '#lib/platform/object-store/open.ts'
    await openObjectStore('file:${folder}', { apartFor: '${folder}' }).check()
    console.log('checked')`
  const run = ['--input-type=module', '-e']
  expect(execFileSync(process.execPath, [...run, script], { timeout: 60_000 }).toString()).toBe('checked\n')

  const parent = spawn(process.execPath, [...run, `${script}\nsetInterval(() => {}, 1e6)`])
  await once(parent.stdout, 'data')
  const child = Number(readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8'))
  expect(isRunning(child)).toBe(true)
  await endChild(parent, 'SIGKILL')
  await waitUntil('the child has ended too', () => !isRunning(child))
})

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`)
}
