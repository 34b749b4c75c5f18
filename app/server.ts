import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import next from 'next'
import { startBackground } from '#lib/delivery/background/start.ts'
import { startDemo } from '#lib/delivery/demo/start.ts'
import { refuseRequest } from '#lib/delivery/endpoints/refuse-request.ts'
import { observeRequest } from '#lib/delivery/metrics/http-requests.ts'
import { closeImageRenderer } from '#lib/imaging/decoding/service-renderer.ts'
import { sweepUploadsAtStart, uploadRoot } from '#lib/platform/api/multipart.ts'
import { announceSetupLink } from '#lib/platform/auth/announce-setup-link.ts'
import { writeFirstCredentials } from '#lib/platform/auth/write-first-credentials.ts'
import { configureNext, getSettingsOrExit } from '#lib/platform/env/env.ts'
import { answerBrokenRequest } from '#lib/platform/http/answer-broken-request.ts'
import { proxiesOf, stateClientAddress } from '#lib/platform/http/client-address.ts'
import { whileClientWaits } from '#lib/platform/http/client-signal.ts'
import { setContentSecurityPolicy } from '#lib/platform/http/content-security-policy.ts'
import { guardBody } from '#lib/platform/http/guard-body.ts'
import { guardReader } from '#lib/platform/http/guard-reader.ts'
import { setSecurityHeaders } from '#lib/platform/http/set-security-headers.ts'
import { getService } from '#lib/platform/service/service.ts'

/** How long requests in flight may take to end when the process is asked to stop. */
const DRAIN_MS = 4_000
const HEADERS_TIMEOUT_MS = 20_000
/** A large model over a slow line; what trickles, `guardBody` has ended long before. */
const REQUEST_TIMEOUT_MS = 3_600_000
/** How often the two above are looked at. */
const TIMEOUT_CHECK_MS = 5_000

configureNext()
const settings = getSettingsOrExit()
const service = getService()
const proxies = proxiesOf(settings.trustedProxies)
await writeFirstCredentials(service)
await announceSetupLink(service)
const nextApp = next({ dev: false, dir: process.cwd(), hostname: settings.host, port: settings.port })
await nextApp.prepare()
await sweepUploadsAtStart(uploadRoot(settings), new Date())
const background = startBackground(service)
let demo: ReturnType<typeof startDemo> | undefined
const handle = nextApp.getRequestHandler()

const server = createServer(
  {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: settings.keepAliveSeconds * 1000,
    connectionsCheckingInterval: TIMEOUT_CHECK_MS,
  },
  (request, response) => {
    observeRequest(request, response)
    guardBody(request, response)
    guardReader(response)
    setSecurityHeaders(response, settings)
    if (refuseRequest(request, response, settings)) return
    stateClientAddress(request, proxies)
    setContentSecurityPolicy(request, response)
    whileClientWaits(response, () => {
      handle(request, response).catch((error: unknown) => answerFault(request, response, error))
    })
  },
)
server.on('clientError', answerBrokenRequest)
server.on('upgrade', (_request, socket) => socket.destroy()) // no WebSocket is served: nothing to hand over
server.on('error', (error) => {
  process.stderr.write(`Web cannot listen on ${settings.host}:${settings.port}: ${error.message}\n`)
  process.exit(1)
})
server.listen(settings.port, settings.host, () => {
  service.logger.info({ url: settings.baseUrl }, 'web is listening')
  process.send?.({ ready: true, url: settings.baseUrl })
  demo = startDemo(service)
})

function answerFault(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  service.logger.error({ method: request.method, error: String(error) }, 'a request failed outside its route')
  if (response.headersSent) response.destroy()
  else response.writeHead(500, { 'Content-Type': 'application/json' }).end('{"error":{"code":"INTERNAL"}}')
}

let stopping = false
async function stop(reason: string): Promise<void> {
  if (stopping) return
  stopping = true
  service.logger.info({ reason }, 'web is stopping')
  const closed = closeServer(server)
  await Promise.all([background.stop(), demo?.stop()])
  await closed
  await Promise.all([closeImageRenderer(), service.close()])
  process.exit(0)
}

/** Stops listening, lets requests in flight end, then cuts what is left (event streams above all). */
async function closeServer(http: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => http.close(() => resolve()))
  const idle = setInterval(() => http.closeIdleConnections(), 100)
  const cut = setTimeout(() => http.closeAllConnections(), DRAIN_MS)
  await closed
  clearInterval(idle)
  clearTimeout(cut)
}

process.on('SIGTERM', () => void stop('SIGTERM'))
process.on('SIGINT', () => void stop('SIGINT'))
process.on('disconnect', () => void stop('the supervisor ended'))
