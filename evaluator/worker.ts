import { offerToKernel, readWorkerSettings, serveTasks } from '#lib/platform/process-pool/serve-tasks.ts'
import { confineChild } from './confine-child.ts'
import { examineModel } from './examine-model.ts'
import { inferImage } from './infer-image.ts'
import { createSession, SessionCache } from './onnx-session.ts'
import { PROBE_MODEL } from './probe-model.ts'
import type { WorkerReply, WorkerSettings, WorkerTask } from './worker-tasks.ts'

/** The inference child: decodes hostile images and runs hostile models, so that the HTTP process never does. */
const settings = readWorkerSettings<WorkerSettings>()
offerToKernel() // before the user changes: afterwards that file is root's
confineChild(settings.privateFolder)
const sessions = new SessionCache(settings.provider, settings.sessionBudgetBytes)

serveTasks<WorkerTask, WorkerReply>(async (task, payload, enterStage) => {
  switch (task.type) {
    case 'probe':
      await createSession(PROBE_MODEL, settings.provider)
      return { type: 'probe' }
    case 'admit':
      return { type: 'admit', result: await examineModel(task.model, settings.provider, settings) }
    case 'evaluate':
      return { type: 'evaluate', result: await inferImage(payload, task.model, sessions, enterStage) }
  }
})
