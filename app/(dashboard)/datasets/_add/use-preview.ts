import { useEffect, useState } from 'react'
import type { PatternPreview } from './preview-pattern.ts'

const EMPTY: PatternPreview = { kind: 'empty' }

/** The preview of a pattern; its engine is fetched when there is a pattern to try. */
export function usePreview(pattern: string, fileName: string): PatternPreview {
  const [preview, setPreview] = useState(EMPTY)
  useEffect(() => {
    let isCurrent = true
    void loadPreview(pattern, fileName).then((made) => {
      if (isCurrent) setPreview(made)
    })
    return () => {
      isCurrent = false
    }
  }, [pattern, fileName])
  return preview
}

/** What is wrong with a pattern, as a sentence; null where nothing is, or where there is no pattern. */
export async function explainPattern(pattern: string): Promise<string | null> {
  const preview = await loadPreview(pattern, '')
  return preview.kind === 'fault' ? preview.says : null
}

async function loadPreview(pattern: string, fileName: string): Promise<PatternPreview> {
  if (pattern === '') return EMPTY
  const { previewPattern } = await import('./preview-pattern.ts')
  return previewPattern(pattern, fileName)
}
