import { startBackground } from '#lib/delivery/background/start.ts'
import { getService } from '#lib/platform/service/service.ts'

// The service's background loops in a process of their own, to be killed: settings come by the environment.
startBackground(getService())
process.send?.('ready')
