import { setTimeout as sleep } from 'node:timers/promises'
import { backOffMs } from '#lib/model/evaluator/back-off.ts'
import { faultForLog } from '#lib/platform/faults/fault-for-log.ts'
import { storageFault } from '#lib/platform/faults/storage-fault.ts'
import type { Service } from '#lib/platform/service/service.ts'
import { beginDemo } from './begin.ts'
import { DemoFault, demoContext, prepareDemo } from './prepare.ts'
import { setDemoState } from './state.ts'

/** Makes the demo's data behind the service, again and again until it is there; where that is wanted. */
export function startDemo(service: Service): { stop: () => Promise<void> } {
  const controller = new AbortController()
  const ended = service.settings.demo === 'on' ? untilDone(service, controller.signal) : Promise.resolve()
  return {
    stop: () => {
      controller.abort()
      return ended
    },
  }
}

async function untilDone(service: Service, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    if (failures > 0)
      await sleep(backOffMs(failures, Math.random()), undefined, { signal }).catch(() => undefined)
    try {
      await makeDemo(service, signal)
      return
    } catch (error) {
      if (signal.aborted) return
      const { step, cause } = error instanceof DemoFault ? error : { step: 'images' as const, cause: error }
      service.logger.error({ step, fault: faultForLog(cause) }, 'the demo could not be made; trying again')
      setDemoState({ state: 'failed', step, detail: sentence(cause) })
    }
  }
}

async function makeDemo(service: Service, signal: AbortSignal): Promise<void> {
  const { wanted, complete } = await beginDemo(demoContext(service))
  if (!wanted) return setDemoState({ state: 'off' })
  if (!complete) {
    service.logger.info('making the demo: images, model versions and their evaluation runs')
    await prepareDemo(service, signal, (step, detail) => setDemoState({ state: 'preparing', step, detail }))
    service.logger.info('the demo is complete')
  }
  setDemoState({ state: 'ready' })
}

/** For people: what they can do something about, without what a driver quotes. */
function sentence(error: unknown): string {
  const known = storageFault(error)
  if (known !== null) return known.message
  const { message } = faultForLog(error)
  return typeof message === 'string' ? message : 'See the log of the service.'
}
