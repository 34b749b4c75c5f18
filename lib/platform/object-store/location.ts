import { normalize } from 'node:path'
import { ServiceError } from '#lib/platform/errors.ts'
import { findKeyFault } from './object-key.ts'

export type FolderLocation = { kind: 'folder'; folder: string }
export type S3Location = {
  kind: 's3'
  bucket: string
  /** Empty, or ends with `/`. */
  prefix: string
  /** Null: the AWS SDK's own (AWS_ENDPOINT_URL, else Amazon's). */
  endpoint: string | null
  /** Null: us-east-1, which servers other than Amazon's take for granted. */
  region: string | null
}
export type Location = FolderLocation | S3Location

/** Letters and `_` are beyond Amazon's rule, but Swift and old buckets have them. */
const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{1,62}$/
const REGION = /^[a-z0-9-]{1,40}$/

function badLocation(location: string, fault: string): ServiceError {
  const shown = JSON.stringify(location.slice(0, 300))
  return new ServiceError('BAD_REQUEST', `The location ${shown} ${fault}.`, { code: 'BAD_LOCATION' })
}

/**
 * `file:/folder` is taken literally, so that any folder name can be written down; `file:///folder` is a
 * URL, percent-encoded. `s3://bucket/prefix?endpoint=…&region=…`: bucket and prefix are taken literally.
 */
export function parseLocation(location: string): Location {
  if (location.startsWith('file:')) return parseFolder(location)
  if (location.startsWith('s3://')) return parseS3(location)
  throw badLocation(location, 'is neither file:<absolute folder> nor s3://<bucket>/<prefix>')
}

function parseFolder(location: string): FolderLocation {
  let folder = location.slice('file:'.length)
  if (folder.startsWith('//')) {
    folder = folder.slice(2)
    if (!folder.startsWith('/')) throw badLocation(location, 'names a host; write file:/folder')
    if (/[?#]|%2f|%5c/i.test(folder)) throw badLocation(location, 'is not the URL of a folder')
    try {
      folder = decodeURIComponent(folder)
    } catch {
      throw badLocation(location, 'is wrongly percent-encoded')
    }
  }
  if (!folder.startsWith('/')) throw badLocation(location, 'is not absolute')
  if (folder.includes('\0')) throw badLocation(location, 'holds a NUL character')
  if (folder.split('/').some((segment) => segment === '.' || segment === '..')) {
    throw badLocation(location, 'has a segment . or ..')
  }
  const plain = normalize(folder).replace(/\/$/, '')
  if (plain === '') throw badLocation(location, 'is the root of the file system')
  return { kind: 'folder', folder: plain }
}

function parseS3(location: string): S3Location {
  const [path = '', query = ''] = splitOnce(location.slice('s3://'.length), '?')
  const [bucket = '', rest = ''] = splitOnce(path, '/')
  if (!BUCKET.test(bucket)) throw badLocation(location, 'has no valid bucket name')
  const prefix = rest.endsWith('/') ? rest.slice(0, -1) : rest
  const fault = prefix === '' ? null : findKeyFault(prefix)
  if (fault !== null) throw badLocation(location, `has a prefix that ${fault}`)

  const parameters = new URLSearchParams(query)
  for (const name of parameters.keys()) {
    if (name !== 'endpoint' && name !== 'region')
      throw badLocation(location, `has an unknown parameter ${name}`)
    if (parameters.getAll(name).length > 1) throw badLocation(location, `states ${name} twice`)
  }
  const endpoint = parameters.get('endpoint')
  if (endpoint !== null && !isEndpoint(endpoint)) {
    throw badLocation(location, 'has an endpoint that is not http(s)://host without credentials')
  }
  const region = parameters.get('region')
  if (region !== null && !REGION.test(region)) throw badLocation(location, 'has no valid region')
  return { kind: 's3', bucket, prefix: prefix === '' ? '' : `${prefix}/`, endpoint, region }
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator)
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  const web = url.protocol === 'http:' || url.protocol === 'https:'
  return web && url.username === '' && url.password === '' && url.search === '' && url.hash === ''
}

export function formatLocation(location: Location): string {
  if (location.kind === 'folder') return `file:${location.folder}`
  const parameters = new URLSearchParams()
  if (location.endpoint !== null) parameters.set('endpoint', location.endpoint)
  if (location.region !== null) parameters.set('region', location.region)
  const query = parameters.size === 0 ? '' : `?${parameters}`
  const path = location.prefix === '' ? location.bucket : `${location.bucket}/${location.prefix.slice(0, -1)}`
  return `s3://${path}${query}`
}

/**
 * Where a dataset's location really is. `s3://bucket/prefix` without an endpoint is a bucket of the server
 * that the service's own store lives on, so that people need not repeat it and cannot point us elsewhere.
 */
export function resolveLocation(location: Location, ownStore: Location): Location {
  if (location.kind !== 's3' || ownStore.kind !== 's3' || location.endpoint !== null) return location
  return { ...location, endpoint: ownStore.endpoint, region: location.region ?? ownStore.region }
}

/** The location of everything below `prefix` of a store. */
export function locationBelow(store: Location, prefix: string): Location {
  if (store.kind === 'folder') return { kind: 'folder', folder: `${store.folder}/${prefix}` }
  return { ...store, prefix: `${store.prefix}${prefix}/` }
}
