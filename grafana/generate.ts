import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { modelQualityDashboard } from './model-quality.ts'

// Writes the dashboards that Grafana imports: `node grafana/generate.ts` after a change to their builders.

const FOLDER = path.join(import.meta.dirname, 'dashboards')

mkdirSync(FOLDER, { recursive: true })
const file = path.join(FOLDER, 'model-quality.json')
writeFileSync(file, `${JSON.stringify(modelQualityDashboard(), null, 2)}\n`)
console.log(path.relative(process.cwd(), file))
