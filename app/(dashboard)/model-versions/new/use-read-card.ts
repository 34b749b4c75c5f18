import { useEffect, useState } from 'react'
import { readCard } from './read-card.ts'

type ReadCard = Awaited<ReturnType<typeof readCard>> | null

const UNREADABLE = { faults: [{ path: '', message: 'The file could not be read. Choose it again.' }] }

/** The card is read as soon as it is chosen; null until then. */
export function useReadCard(file: File | null): ReadCard {
  const [read, setRead] = useState<ReadCard>(null)
  useEffect(() => {
    let latest = true
    setRead(null)
    file
      ?.text()
      .then(readCard)
      .catch(() => UNREADABLE)
      .then((result) => latest && setRead(result))
    return () => {
      latest = false
    }
  }, [file])
  return read
}
