import { createServer } from 'node:http'

/** Answers ListObjectsV2 for a bucket of as many keys as it is told, 1,000 a page; runs in a process of its own. */
const count = Number(process.argv[2])
const PAGE_KEYS = 1000

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const first = Number(url.searchParams.get('continuation-token') ?? 0)
  const size = Math.min(PAGE_KEYS, Number(url.searchParams.get('max-keys') ?? PAGE_KEYS), count - first)
  const keys = Array.from({ length: size }, (_, index) => {
    const number = first + index
    return `<Contents><Key>chest/class-${number % 9}/${number}.jpg</Key><Size>9000</Size><ETag>"${number}"</ETag></Contents>`
  })
  const next = first + size
  const more = next < count ? `<NextContinuationToken>${next}</NextContinuationToken>` : ''
  response.setHeader('content-type', 'application/xml')
  response.end(
    `<?xml version="1.0"?><ListBucketResult><EncodingType>url</EncodingType><IsTruncated>${next < count}</IsTruncated>${more}${keys.join('')}</ListBucketResult>`,
  )
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.(typeof address === 'object' ? address?.port : undefined)
})
process.on('disconnect', () => process.exit(0))
