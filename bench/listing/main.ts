import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { classifyObject } from '#lib/data/snapshot/classify-object.ts'
import { openObjectStore } from '#lib/platform/object-store/open.ts'

/** `node bench/listing/main.ts --keys 1000000`: lists a bucket as a scan does, and shows what that takes. */
const { values } = parseArgs({ options: { keys: { type: 'string', default: '1000000' } } })
process.env.AWS_ACCESS_KEY_ID = 'key'
process.env.AWS_SECRET_ACCESS_KEY = 'secret'

const server = fork(path.join(import.meta.dirname, 'server.ts'), [values.keys])
const [port] = (await once(server, 'message')) as [number]
const store = openObjectStore(`s3://bucket/chest?endpoint=http://127.0.0.1:${port}`)
const begun = performance.now()
let candidates = 0
for await (const object of store.list()) if (typeof classifyObject(object) !== 'string') candidates += 1
const seconds = (performance.now() - begun) / 1000
await store.close()
server.disconnect()
if (candidates !== Number(values.keys)) throw new Error(`${candidates} of ${values.keys} keys were listed.`)
const peakMegabytes = process.resourceUsage().maxRSS / 1024
process.stdout.write(
  `${candidates} keys in ${seconds.toFixed(1)} s, ${peakMegabytes.toFixed(0)} MB of memory at most\n`,
)
