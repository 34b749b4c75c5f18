import { execFileSync } from 'node:child_process'
import {
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { collectObjects, describeObjectStore } from '#tests/support/object-store-contract.ts'
import { INCOMING_FOLDER } from './folder-listing.ts'
import { FolderStore } from './folder-store.ts'
import { openObjectStore } from './open.ts'

let base: string
beforeAll(async () => {
  base = await mkdtemp(`${tmpdir()}/folder store #1-`)
})
afterAll(async () => {
  await rm(base, { recursive: true })
})

describeObjectStore('a folder as object store', async () =>
  openObjectStore(`file:${base}/contract`, { create: true }),
)

test('a folder that was opened by its real path is not read once it has become a link', async () => {
  const folder = `${await realpath(base)}/named`
  await mkdir(folder)
  await writeFile(`${folder}/image`, 'ours')
  const store = openObjectStore(`file:${folder}`, { resolved: true })
  expect((await store.get('image')).toString()).toBe('ours')
  await rename(folder, `${folder}-moved`)
  await symlink(`${folder}-moved`, folder)
  await expect(store.get('image')).rejects.toMatchObject({ kind: 'UNAVAILABLE' })
  const following = openObjectStore(`file:${folder}`)
  expect((await following.get('image')).toString()).toBe('ours')
})

/** What a process of this user, or of a user without rights where this one is root, is refused below a folder. */
function refusalsBelow(folder: string): unknown {
  const script = `
    const { FolderStore } = await import('./lib/platform/object-store/folder-store.ts')
    if (process.getuid() === 0) process.seteuid(${NOBODY})
    const store = new FolderStore(process.argv[1])
    const kindOf = (work) => work.then(() => 'none', ({ kind }) => kind)
    const all = async () => { for await (const _ of store.list('')); }
    console.log(JSON.stringify([await kindOf(store.get('open.png')), await kindOf(store.get('closed.png')), await kindOf(all())]))`
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script, folder]).toString())
}
const NOBODY = 65_534

test('files and folders without rights for this user are refused by name, others are not', async () => {
  const folder = await mkdtemp(`${tmpdir()}/sr-rights-`)
  await chmod(folder, 0o755)
  await writeFile(`${folder}/open.png`, 'open', { mode: 0o644 })
  await writeFile(`${folder}/closed.png`, 'closed', { mode: 0 })
  expect(refusalsBelow(folder)).toEqual(['none', 'FORBIDDEN', 'none'])
  await mkdir(`${folder}/closed`, { mode: 0 })
  expect(refusalsBelow(folder)).toEqual(['none', 'FORBIDDEN', 'FORBIDDEN'])
  await rmdir(`${folder}/closed`)
  await rm(folder, { recursive: true })
})

describe('a folder with traps in it', () => {
  let folder: string
  let store: FolderStore

  beforeAll(async () => {
    folder = `${base}/traps`
    await mkdir(`${folder}/inside`, { recursive: true })
    await mkdir(`${base}/outside`)
    await writeFile(`${base}/outside/secret`, 'secret')
    await writeFile(`${folder}/inside/plain`, 'plain')
    await link(`${folder}/inside/plain`, `${folder}/inside/hard`)
    await symlink('/etc/passwd', `${folder}/passwd`)
    await symlink(`${base}/outside`, `${folder}/outside`)
    await symlink('inside', `${folder}/alias`)
    await symlink('.', `${folder}/inside/loop`)
    await symlink('nowhere', `${folder}/dangling`)
    execFileSync('mkfifo', [`${folder}/pipe`])
    await writeFile(`${folder}/back\\slash`, 'x')
    await writeFile(Buffer.concat([Buffer.from(`${folder}/latin-`), Buffer.from([0xe9])]), 'x')
    store = new FolderStore(folder)
  })

  test('lists links and special files without following them, and whatever has no key', async () => {
    const listed = await collectObjects(store.list())
    expect(listed.map(({ key, kind }) => [key, kind])).toEqual([
      ['alias', 'link'],
      ['back\\slash', 'special'],
      ['dangling', 'link'],
      ['inside/hard', 'object'],
      ['inside/loop', 'link'],
      ['inside/plain', 'object'],
      ['latin-\uFFFD', 'special'],
      ['outside', 'link'],
      ['passwd', 'link'],
      ['pipe', 'special'],
    ])
  })

  test('never reads, writes or deletes through a link, and never opens a pipe', async () => {
    for (const key of ['passwd', 'outside/secret', 'alias/plain', 'inside/loop/plain', 'dangling', 'pipe']) {
      await expect(store.get(key), key).rejects.toMatchObject({ kind: 'NOT_FOUND' })
      await expect(store.getRange(key, 0, 0), key).rejects.toMatchObject({ kind: 'NOT_FOUND' })
    }
    await expect(store.put('outside/new', Buffer.from('x'))).rejects.toMatchObject({ kind: 'FORBIDDEN' })
    await expect(store.put('dangling/new', Buffer.from('x'))).rejects.toMatchObject({ kind: 'CONFLICT' })
    await store.delete('outside/secret')
    expect(await readdir(`${base}/outside`)).toEqual(['secret'])
    expect(await collectObjects(store.list('outside/'))).toEqual([])
  })

  test('replaces a link by the object that is put there, not what it points to', async () => {
    await symlink(`${base}/outside/secret`, `${folder}/replaced`)
    await store.put('replaced', Buffer.from('new'))
    expect((await store.get('replaced')).toString()).toBe('new')
    expect((await new FolderStore(`${base}/outside`).get('secret')).toString()).toBe('secret')
    await store.delete('replaced')
  })

  test('cannot put an object where a folder stands, nor below another object', async () => {
    await expect(store.put('inside', Buffer.from('x'))).rejects.toMatchObject({ code: 'KEY_IS_FOLDER' })
    await expect(store.put('inside/plain/below', Buffer.from('x'))).rejects.toMatchObject({
      code: 'KEY_IS_OBJECT',
    })
    expect(await store.find('inside')).toBeNull()
  })
})

describe('a folder after a crash', () => {
  test('does not list unfinished writes, refuses keys there and removes old ones at the next write', async () => {
    const folder = `${base}/crashed`
    await mkdir(`${folder}/${INCOMING_FOLDER}`, { recursive: true })
    await writeFile(`${folder}/${INCOMING_FOLDER}/old`, 'half')
    await writeFile(`${folder}/${INCOMING_FOLDER}/new`, 'half')
    const yesterday = Date.now() / 1000 - 86_400
    await utimes(`${folder}/${INCOMING_FOLDER}/old`, yesterday, yesterday)
    const store = new FolderStore(folder)
    expect(await collectObjects(store.list())).toEqual([])
    await expect(store.get(`${INCOMING_FOLDER}/new`)).rejects.toMatchObject({ code: 'BAD_KEY' })
    await store.put('key', Buffer.from('x'))
    expect(await readdir(`${folder}/${INCOMING_FOLDER}`)).toEqual(['new'])
  })

  test('goes on where the folder for what is still being written was removed', async () => {
    const folder = `${base}/emptied`
    const emptied = new FolderStore(folder, { create: true })
    await emptied.put('before', Buffer.from('1'))
    await rm(folder, { recursive: true })
    await mkdir(folder)
    await emptied.put('after', Buffer.from('2'))
    expect((await collectObjects(emptied.list())).map(({ key }) => key)).toEqual(['after'])
  })
})

describe('a folder that is away', () => {
  test('is an error for every call, not an empty store', async () => {
    const store = new FolderStore(`${base}/missing`)
    const away = { kind: 'UNAVAILABLE' }
    await expect(store.check()).rejects.toMatchObject(away)
    await expect(store.get('key')).rejects.toMatchObject(away)
    await expect(store.find('key')).rejects.toMatchObject(away)
    await expect(store.put('key', Buffer.from('x'))).rejects.toMatchObject(away)
    await expect(collectObjects(store.list())).rejects.toMatchObject(away)
  })
})
