'use client'

import { Failure } from '#app/_shell/failure.tsx'

export default function PageFailure({ error }: { error: Error & { digest?: string } }) {
  return <Failure digest={error.digest} />
}
