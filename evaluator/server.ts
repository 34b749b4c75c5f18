import { buildServer } from './build-server.ts'
import { chooseProvider } from './choose-provider.ts'
import { readEvaluatorSettings } from './env.ts'
import { Evaluator } from './evaluator.ts'
import { describeLackOfMemory, machineMemoryBytes } from './machine-memory.ts'
import { makePrivateFolder } from './private-folder.ts'
import { stopOnSignal } from './stop-on-signal.ts'

const settings = readEvaluatorSettings()
const privateFolder = makePrivateFolder()
const provider = await chooseProvider(settings, privateFolder).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
})
const stopping = new AbortController()
const evaluator = new Evaluator(settings, provider, privateFolder, (stderr) =>
  server.log.warn({ stderr: stderr.slice(-500) }, 'an inference process ended'),
)
const server = buildServer(settings, evaluator, stopping.signal)
stopOnSignal(server, evaluator, stopping)
await server.listen({ host: settings.host, port: settings.port }).catch((error: Error) => {
  process.stderr.write(`The evaluator cannot listen on ${settings.host}:${settings.port}: ${error.message}\n`)
  process.exit(1)
})
const lack = describeLackOfMemory(settings.workerMemoryBytes, machineMemoryBytes())
if (lack !== null) server.log.warn(lack)
if (settings.memoryShortage !== null) server.log.warn(`The evaluator ${settings.memoryShortage}.`)
server.log.info({ provider, workers: settings.workers }, 'the evaluator is up')
