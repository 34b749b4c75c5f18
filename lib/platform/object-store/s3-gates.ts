import type { S3Location } from './location.ts'
import { StoreGate } from './store-gate.ts'

/** A call that hangs costs a connection. The many images that an evaluator reads at once find a place. */
const PLACES = { look: 8, read: 32 }

/** The bundler and plain Node load this module once each; both must share the gates. */
const holder = globalThis as { secondReaderBuckets?: Map<string, StoreGate> }

/** The gate of a bucket, one for all who have it open. */
export function bucketGate({ endpoint, bucket }: Pick<S3Location, 'endpoint' | 'bucket'>): StoreGate {
  holder.secondReaderBuckets ??= new Map()
  const key = JSON.stringify([endpoint, bucket])
  const gate =
    holder.secondReaderBuckets.get(key) ?? new StoreGate({ name: `The bucket ${bucket}`, places: PLACES })
  holder.secondReaderBuckets.set(key, gate)
  return gate
}
