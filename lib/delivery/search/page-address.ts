/** Where the dashboard shows an object. */
export const pageOfModelVersion = (id: string) => `/model-versions/${id}`
export const pageOfEvaluationRun = (id: string) => `/evaluation-runs/${id}`
export const pageOfDataset = (name: string) => `/datasets/${encodeURIComponent(name)}`
export const pageOfImage = (id: number | string) => `/images/${id}`
